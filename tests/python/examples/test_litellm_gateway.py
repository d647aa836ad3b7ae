"""The LiteLLM example against the real proxy application: its hooks, mock answers, the rows of its spend log.

LiteLLM pins what dbt pins otherwise, so it has an environment of its own, made once: `.venv-litellm`, or
where FOCUS_AI_LITELLM_VENV says. Decisions come from the package's export, spend logs go into its staging.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from dbt_package.project import REPOSITORY, Project, headers
from dbt_package.test_export import Exporter

pytest.importorskip("dbt.include.duckdb", reason="needs dbt-duckdb")
pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
EXAMPLE = REPOSITORY / "examples" / "litellm"
REQUIREMENTS = EXAMPLE / "requirements.txt"
CONSTRAINTS = HERE / "litellm_constraints.txt"

NOW = datetime.now(timezone.utc)
FRESH, STALE = NOW - timedelta(hours=30), NOW - timedelta(hours=60)
# scope, id, begins and ends (days from now), decision, reason, figures as of
DECISIONS = (
    ("customer", "cust_007", -30, -1, "deny", "DenyThresholdReached", FRESH),  # over
    ("customer", "cust_007", -1, 30, "allow", "WithinBudget", FRESH),
    ("customer", "cust_over", -30, 30, "deny", "DenyThresholdReached", FRESH),
    ("customer", "cust_stale", -30, 30, "deny", "DenyThresholdReached", STALE),
    ("customer", "cust_later", 1, 30, "deny", "DenyThresholdReached", FRESH),  # not yet
    ("customer", "cust_near", -30, 30, "warn", "WarnThresholdReached", FRESH),
    ("agent", "agent_review", -30, 30, "warn", "WarnThresholdReached", FRESH),
    ("agent", "agent_over", -30, 30, "deny", "DenyThresholdReached", FRESH),
    ("cost_center", "CC-410", -30, 30, "allow", "WithinBudget", FRESH),
    ("model", "gpt-5-mini-2025-08-07", -30, 30, "deny", "DenyThresholdReached", FRESH),
)


def call(key: str, **focus_ai: str) -> dict[str, Any]:
    return {"key": f"sk-{key}", "metadata": {"focus_ai": focus_ai} if focus_ai else {}}


@pytest.fixture(scope="module")
def decisions(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What focus_ai_export_gateway_decisions writes for such rows of the mart."""
    values = ", ".join(
        f"('{scope}', '{scope_id}', {moment(NOW + timedelta(days=begins))}, "
        f"{moment(NOW + timedelta(days=ends))}, '{decision}', '{reason}', 'b-{scope_id}', "
        f"cast(0.9 as decimal(38, 12)), {moment(figures)})"
        for scope, scope_id, begins, ends, decision, reason, figures in DECISIONS
    )
    columns = (
        "scope, scope_id, valid_from, valid_until, decision, decision_reason, budget_id, used_ratio, "
        "figures_as_of"
    )
    folder = tmp_path_factory.mktemp("export")
    exporter = Exporter(folder, gateway_decisions=f"select * from (values {values}) as t ({columns})")
    exporter.dbt("run").succeeded()
    exporter.dbt(
        "run-operation", "focus_ai_export_gateway_decisions", "--args", json.dumps({"directory": "out"})
    ).succeeded()
    return (folder / "out" / "gateway_decisions.json").read_text()


def moment(when: datetime) -> str:
    return f"timestamp '{when:%Y-%m-%d %H:%M:%S}'"


@pytest.fixture(scope="module")
def litellm_python() -> Path:
    """Python of LiteLLM's environment; made anew when the pinned versions change."""
    folder = Path(os.environ.get("FOCUS_AI_LITELLM_VENV", REPOSITORY / ".venv-litellm"))
    python, stamp = folder / "bin" / "python", folder / "installed"
    pinned = hashlib.sha256(REQUIREMENTS.read_bytes() + CONSTRAINTS.read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text() != pinned:
        run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(folder)])
        pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-compile"]
        run([*pip, "-r", str(REQUIREMENTS), "-c", str(CONSTRAINTS)])
        stamp.write_text(pinned)
    return python


def run(command: list[str], **options: Any) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False, **options)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]


class Proxy:
    """What came of a list of calls."""

    def __init__(self, python: Path, folder: Path, calls: list[dict[str, Any]]) -> None:
        result = folder / "result.json"
        run(
            [str(python), str(HERE / "litellm_proxy.py"), str(EXAMPLE), str(result)],
            input=json.dumps(calls),
            cwd=folder,
        )
        found = json.loads(result.read_text())
        self.answers = found["answers"]
        self.spend_logs = found["spend_logs"]
        self.without_file = found["without_file"]

    def error(self, number: int) -> str:
        answer = self.answers[number]
        assert answer["status"] == 403, answer
        return json.dumps(answer["body"])

    def warning(self, number: int) -> str | None:
        answer = self.answers[number]
        assert answer["status"] == 200, answer
        return answer["budget"]


CALLS = {
    "without a file": call("customer"),
    "a customer within its budget": call("customer"),
    "an exceeded budget": call("application", customer_id="cust_over"),
    "a call that claims another customer": call(
        "customer", customer_id="cust_over", agent_id="agent_contract"
    )
    | {"headers": {"x-litellm-spend-logs-metadata": '{"customer_id": "cust_over", "own": "kept"}'}},
    "figures too old to deny": call("application", customer_id="cust_stale"),
    "a budget that has not begun": call("application", customer_id="cust_later"),
    "an agent by its key": call("agent"),
    "the strictest of two": call("application", customer_id="cust_near", agent_id="agent_over"),
    "nobody": call("nobody"),
    "another route": call("application", customer_id="cust_over") | {"route": "/v1/messages"},
    "a whole call": call(
        "application", customer_id="cust_001", agent_id="agent_contract", workflow_id="wf_contracts"
    ),
    "a model by the proxy's name": call("nobody") | {"model": "gpt-5-mini"},
    "a broken file": call("application", customer_id="cust_over") | {"decisions": '[{"scope": "customer"'},
}


@pytest.fixture(scope="module")
def proxy(litellm_python: Path, decisions: str, tmp_path_factory: pytest.TempPathFactory) -> Proxy:
    calls = {name: dict(sent) for name, sent in CALLS.items()}
    calls["a customer within its budget"]["decisions"] = decisions
    calls["a call that claims another customer"]["metadata"]["tags"] = ["tenant:cust_over", "env:prod"]
    return Proxy(litellm_python, tmp_path_factory.mktemp("proxy"), list(calls.values()))


def number(name: str) -> int:
    return list(CALLS).index(name)


@pytest.mark.parametrize(
    "name",
    [
        "without a file",
        "a customer within its budget",
        "a call that claims another customer",
        "a budget that has not begun",
        "nobody",
    ],
)
def test_it_lets_through(proxy: Proxy, name: str) -> None:
    assert proxy.warning(number(name)) is None


@pytest.mark.parametrize(
    ("name", "whose"),
    [
        ("an exceeded budget", "customer cust_over"),
        ("the strictest of two", "agent agent_over"),
        ("another route", "customer cust_over"),
        ("a broken file", "customer cust_over"),  # the last decisions that could be read stay
        ("a model by the proxy's name", "model gpt-5-mini-2025-08-07"),
    ],
)
def test_it_denies(proxy: Proxy, name: str, whose: str) -> None:
    error = proxy.error(number(name))
    assert f"focus_ai: deny: DenyThresholdReached for {whose}, 90.0 % of budget" in error
    assert f"{FRESH:%Y-%m-%dT%H:%M:%SZ}" in error


@pytest.mark.parametrize(
    ("name", "warning"),
    [
        ("figures too old to deny", "warn: StaleFigures for customer cust_stale"),
        ("an agent by its key", "warn: WarnThresholdReached for agent agent_review"),
    ],
)
def test_it_warns_the_caller_and_the_spend_log(proxy: Proxy, name: str, warning: str) -> None:
    header = proxy.warning(number(name))
    assert header is not None
    assert header.startswith(warning)
    logged = [
        json.loads(row["metadata"])["spend_logs_metadata"].get("focus_ai_budget") for row in proxy.spend_logs
    ]
    assert header in logged


def test_without_a_file_it_denies_if_told_to(proxy: Proxy) -> None:
    assert "focus_ai: deny: NoDecisions" in proxy.without_file


def stamped(proxy: Proxy, name: str) -> dict[str, Any]:
    """The spend log row of a call that was let through."""
    let_through = [n for n, answer in enumerate(proxy.answers) if answer["status"] == 200]
    rows = sorted(proxy.spend_logs, key=lambda row: row["startTime"])
    assert len(rows) == len(let_through)
    return rows[let_through.index(number(name))]


def test_a_key_of_one_customer_cannot_be_used_for_another(proxy: Proxy) -> None:
    row = stamped(proxy, "a call that claims another customer")
    assert json.loads(row["metadata"])["spend_logs_metadata"] == {
        "customer_id": "cust_007",
        "agent_id": "agent_contract",
        "cost_center": "CC-420",
        "own": "kept",
    }
    tags = json.loads(row["request_tags"])
    assert [tag for tag in tags if re.match("tenant:|env:", tag)] == ["env:prod", "tenant:cust_007"]


@pytest.fixture(scope="module")
def attributed(
    proxy: Proxy, demo_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Any, ...]]:
    """How the package attributes what LiteLLM logged: customer, agent, workflow, cost center, by what."""
    project = Project(tmp_path_factory.mktemp("project"))
    project.empty_raw_tables(headers(demo_data))
    recorded = "2020-01-01T00:00:00Z"
    columns = [
        "customer_id",
        "identifier_type",
        "identifier",
        "effective_from",
        "effective_to",
        "recorded_at",
    ]
    project.raw_table(
        "attribution.customer_identifiers",
        columns,
        [
            (customer, "tenant", customer, recorded, None, recorded)
            for customer in ("cust_001", "cust_007", "cust_over", "cust_stale", "cust_later")
        ],
    )
    names = sorted(proxy.spend_logs[0])
    project.raw_table(
        'litellm."LiteLLM_SpendLogs"',
        names,
        [[None if row[name] is None else str(row[name]) for name in names] for row in proxy.spend_logs],
    )
    sources = ["anthropic", "litellm", "attribution"]
    built = ["build", "--select", "+int_focus_ai__attributed_calls"]
    project.dbt(
        *built, "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test", sources=sources
    ).succeeded()
    rows = project.query(
        """
        select request_id, customer_id, agent_id, workflow_id, cost_center, attribution_method_id
        from main_focus_ai_intermediate.int_focus_ai__attributed_calls
        """
    )
    return {request_id: tuple(row) for request_id, *row in rows}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a whole call", ("cust_001", "agent_contract", "wf_contracts", "CC-410", "Tag")),
        ("a call that claims another customer", ("cust_007", "agent_contract", None, "CC-420", "Tag")),
        ("an agent by its key", (None, "agent_review", None, None, None)),
        ("nobody", (None, None, None, None, None)),
    ],
)
def test_attribution_happens_at_call_time(
    proxy: Proxy, attributed: dict[str, tuple[Any, ...]], name: str, expected: tuple[Any, ...]
) -> None:
    assert attributed[stamped(proxy, name)["request_id"]] == expected
