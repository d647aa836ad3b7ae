"""LiteLLM proxy hook: budgets are looked up before each call, and each call says who it is for.

The operation `focus_ai_export_gateway_decisions` writes what may be spent (docs/budgets.md). This hook reads
the file, lets a call through, warns or denies, and stamps customer, agent, workflow and cost center where
focus_ai reads them again in `LiteLLM_SpendLogs`. It needs nothing but LiteLLM: copy it beside your config.

Settings (environment):

    FOCUS_AI_GATEWAY_DECISIONS      path of gateway_decisions.json
    FOCUS_AI_GATEWAY_MAX_AGE_HOURS  figures older than this deny nothing, they warn (default 48)
    FOCUS_AI_GATEWAY_WITHOUT_FILE   allow (default) or deny: what happens while no file could be read
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

from fastapi import HTTPException
from litellm.integrations.custom_logger import CustomLogger

log = logging.getLogger("focus_ai.gateway")

SCOPES = {"customer": "customer_id", "agent": "agent_id", "cost_center": "cost_center"}
FIELDS = ("customer_id", "agent_id", "workflow_id", "cost_center")
STRICTEST = {"deny": 0, "warn": 1, "allow": 2}


class Decision(NamedTuple):
    """What to do with a call and why; `row` is the line of the export, if there is one."""

    action: str
    reason: str
    row: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        if not self.row:
            return f"{self.action}: {self.reason}"
        row, used = self.row, self.row.get("used_ratio")
        share = "" if used is None else f", {100 * float(used):.1f} % of budget {row['budget_id']} used"
        whose = f"{row['scope']} {row['scope_id']}"
        return f"{self.action}: {self.reason} for {whose}{share}, as of {row['figures_as_of']}"


class Decisions:
    """The exported decisions. A new file is read when it appears; while one cannot be read the last stays."""

    def __init__(self, path: Path, max_age: timedelta, without_file: str = "allow") -> None:
        if without_file not in ("allow", "deny"):
            raise ValueError(f"FOCUS_AI_GATEWAY_WITHOUT_FILE must be allow or deny; it is: {without_file}")
        self._path = path
        self._max_age = max_age
        self._without_file = without_file
        self._version: tuple[int, int] | None = None
        self._rows: dict[tuple[str, str], list[dict[str, Any]]] | None = None

    def strictest(self, scopes: Iterable[tuple[str, str]], now: datetime) -> Decision:
        """The strictest decision in force for any (scope, id); `allow` where none is budgeted."""
        self._refresh()
        if self._rows is None:
            return Decision(self._without_file, "NoDecisions")
        found = [
            self._decide(row, now)
            for scope in scopes
            for row in self._rows.get(scope, ())
            if _moment(row["valid_from"]) <= now < _moment(row["valid_until"])
        ]
        return min(
            found, key=lambda decision: STRICTEST[decision.action], default=Decision("allow", "NoBudget")
        )

    def _decide(self, row: dict[str, Any], now: datetime) -> Decision:
        if row["decision"] == "deny" and now - _moment(row["figures_as_of"]) > self._max_age:
            return Decision("warn", "StaleFigures", row)
        return Decision(row["decision"], row["decision_reason"], row)

    def _refresh(self) -> None:
        try:
            status = self._path.stat()
            version = (status.st_mtime_ns, status.st_size)
            if version != self._version:
                self._rows = _by_scope(json.loads(self._path.read_text(encoding="utf-8")))
                self._version = version
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.error("focus_ai: %s cannot be read, the last decisions stay: %r", self._path, error)


class FocusAIGateway(CustomLogger):
    """The hook."""

    def __init__(self, decisions: Decisions | None = None) -> None:
        super().__init__()
        self._decisions = decisions or _decisions_of_environment()

    async def async_pre_call_hook(
        self, user_api_key_dict: Any, cache: Any, data: dict[str, Any], call_type: str
    ) -> dict[str, Any]:
        """Stamp the call, then let it through, warn (log, response header, spend log) or deny it (403)."""
        metadata = _metadata(data)
        identity = _identity(user_api_key_dict, metadata)
        _stamp(metadata, identity)
        scopes = [(scope, identity[name]) for scope, name in SCOPES.items() if name in identity]
        scopes += [("model", name) for name in _models(str(data.get("model") or ""))]
        decision = self._decisions.strictest(scopes, datetime.now(timezone.utc))
        if decision.action == "deny":
            log.warning("focus_ai: %s", decision)
            raise HTTPException(
                status_code=403,  # not 429: clients would try again
                detail={"error": {"message": f"focus_ai: {decision}", "type": "budget_exceeded"}},
            )
        if decision.action == "warn":
            log.warning("focus_ai: %s", decision)
            metadata["spend_logs_metadata"]["focus_ai_budget"] = str(decision)
        return data

    async def async_post_call_response_headers_hook(
        self, data: dict[str, Any], user_api_key_dict: Any, response: Any, **_: Any
    ) -> dict[str, str] | None:
        """Tell the caller of a warning: header `x-focus-ai-budget`."""
        warning = (_metadata(data).get("spend_logs_metadata") or {}).get("focus_ai_budget")
        return {"x-focus-ai-budget": warning} if warning else None


def _models(name: str) -> set[str]:
    """The models that may answer: those deployed under the proxy's name, without their provider's name."""
    from litellm.proxy import proxy_server  # it loads this file, and only then is complete

    router = getattr(proxy_server, "llm_router", None)
    deployed = (router.get_model_list(model_name=name) or []) if router and name else []
    return {model.rpartition("/")[2] for model in (name, *(d["litellm_params"]["model"] for d in deployed))}


def _metadata(data: dict[str, Any]) -> dict[str, Any]:
    """The call's metadata: some routes keep the caller's own apart and LiteLLM's under another name."""
    name = "litellm_metadata" if "litellm_metadata" in data else "metadata"
    data[name] = data.get(name) or {}
    return data[name]


def _identity(key: Any, metadata: Mapping[str, Any]) -> dict[str, str]:
    """Who the call is for: what the key says, then its team, then the caller, each under `focus_ai`.

    A key that belongs to one customer says so, and no caller can say otherwise. The key of an application
    that serves many customers leaves the customer to the call.
    """
    said = (
        {"agent_id": metadata.get("agent_id")},
        metadata.get("spend_logs_metadata"),
        _ours(metadata.get("requester_metadata")),
        _ours(metadata),
        _ours(getattr(key, "team_metadata", None)),
        _ours(getattr(key, "metadata", None)),
        {"agent_id": getattr(key, "agent_id", None)},
    )
    identity: dict[str, str] = {}
    for source in said:
        if isinstance(source, Mapping):
            identity |= {name: str(source[name]) for name in FIELDS if source.get(name)}
    return identity


def _ours(metadata: Any) -> Any:
    return metadata.get("focus_ai") if isinstance(metadata, Mapping) else None


def _stamp(metadata: dict[str, Any], identity: Mapping[str, str]) -> None:
    """Write it where `LiteLLM_SpendLogs` keeps it: agent_id, request_tags, metadata.spend_logs_metadata."""
    logged = dict(metadata.get("spend_logs_metadata") or {})
    metadata["spend_logs_metadata"] = logged | dict(identity)
    if "agent_id" in identity:
        metadata["agent_id"] = identity["agent_id"]
    if "customer_id" in identity:
        others = [tag for tag in metadata.get("tags") or [] if not str(tag).startswith("tenant:")]
        metadata["tags"] = [*others, f"tenant:{identity['customer_id']}"]


def _by_scope(rows: list[dict[str, Any]]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        if row["decision"] not in STRICTEST:
            raise ValueError(f"unknown decision {row['decision']!r}")
        for name in ("valid_from", "valid_until", "figures_as_of"):
            _moment(row[name])
        found.setdefault((row["scope"], row["scope_id"]), []).append(row)
    return found


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


def _decisions_of_environment() -> Decisions:
    return Decisions(
        Path(os.environ.get("FOCUS_AI_GATEWAY_DECISIONS", "gateway_decisions.json")),
        timedelta(hours=float(os.environ.get("FOCUS_AI_GATEWAY_MAX_AGE_HOURS", "48"))),
        os.environ.get("FOCUS_AI_GATEWAY_WITHOUT_FILE", "allow"),
    )


gateway = FocusAIGateway()
