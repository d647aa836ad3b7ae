"""Runs inside LiteLLM's own environment: the real proxy application with the example's hook, mock answers.

    python litellm_proxy.py EXAMPLE_FOLDER RESULT < calls.json

`calls` is a list of {key, metadata?, model?, headers?, route?, decisions?}; `decisions`, if given, is written
to the file that the hook reads before the call. Writes, as JSON, each call's status, budget header and body,
and the rows that LiteLLM would write to LiteLLM_SpendLogs, made by its own get_logging_payload.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

KEYS = {
    # of one customer
    "sk-customer": {"metadata": {"focus_ai": {"customer_id": "cust_007", "cost_center": "CC-420"}}},
    # of an application with many customers
    "sk-application": {"metadata": {}, "team_metadata": {"focus_ai": {"cost_center": "CC-410"}}},
    "sk-agent": {"metadata": {}, "agent_id": "agent_review"},
    "sk-nobody": {"metadata": {}},
}
CONFIG = """\
model_list:
  - model_name: claude-sonnet-4
    litellm_params: {model: anthropic/claude-sonnet-4-20250514, api_key: none, mock_response: "Hello."}
    model_info: {id: deployment-1}
  - model_name: gpt-5-mini
    litellm_params: {model: openai/gpt-5-mini-2025-08-07, api_key: none, mock_response: "Hello."}
litellm_settings:
  callbacks: [focus_ai_gateway.gateway, recorder.recorder]
general_settings:
  custom_auth: custom_auth.user_api_key_auth
"""
CUSTOM_AUTH = f"""\
from litellm.proxy._types import UserAPIKeyAuth

async def user_api_key_auth(request, api_key):
    return UserAPIKeyAuth(api_key=api_key, **{KEYS!r}[api_key])
"""
RECORDER = """\
import json
import os

from litellm.integrations.custom_logger import CustomLogger
from litellm.proxy.spend_tracking.spend_tracking_utils import get_logging_payload

class Recorder(CustomLogger):
    async def async_log_success_event(self, kwargs, response_obj, start_time, end_time):
        row = get_logging_payload(kwargs, response_obj, start_time, end_time)
        with open(os.environ["SPEND_LOGS"], "a") as file:
            print(json.dumps(row, default=str), file=file)

recorder = Recorder()
"""


def main(example: Path, result: Path) -> None:
    """Send the calls of stdin and write what came of them."""
    calls = json.load(sys.stdin)
    folder = Path(tempfile.mkdtemp())
    decisions = folder / "gateway_decisions.json"
    spend_logs = folder / "spend_logs.jsonl"
    spend_logs.touch()
    os.environ |= {
        "CONFIG_FILE_PATH": str(folder / "config.yaml"),
        "FOCUS_AI_GATEWAY_DECISIONS": str(decisions),
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_MASTER_KEY": "sk-" + secrets.token_hex(24),
        "SPEND_LOGS": str(spend_logs),
    }
    (folder / "config.yaml").write_text(CONFIG)
    (folder / "custom_auth.py").write_text(CUSTOM_AUTH)
    (folder / "recorder.py").write_text(RECORDER)
    (folder / "focus_ai_gateway.py").write_text((example / "focus_ai_gateway.py").read_text())
    sys.path.insert(0, str(folder))

    from fastapi.testclient import TestClient
    from litellm.proxy.proxy_server import app

    answers = []
    with TestClient(app) as client:
        for call in calls:
            if "decisions" in call:
                decisions.write_text(call["decisions"])
            answers.append(_send(client, call))
        expected = sum(answer["status"] == 200 for answer in answers)
        deadline = time.monotonic() + 20
        while len(lines := spend_logs.read_text().splitlines()) < expected and time.monotonic() < deadline:
            time.sleep(0.05)  # LiteLLM logs after it has answered
    found = {
        "answers": answers,
        "spend_logs": [json.loads(line) for line in lines],
        "without_file": asyncio.run(_denied_without_file(folder)),
    }
    result.write_text(json.dumps(found))


async def _denied_without_file(folder: Path) -> str | None:
    """The hook's own interface: what it raises when it is told to deny while there is no file."""
    from fastapi import HTTPException
    from focus_ai_gateway import Decisions, FocusAIGateway
    from litellm.caching.caching import DualCache
    from litellm.proxy._types import UserAPIKeyAuth

    gateway = FocusAIGateway(Decisions(folder / "none.json", timedelta(hours=1), "deny"))
    try:
        await gateway.async_pre_call_hook(UserAPIKeyAuth(), DualCache(), {"model": "m"}, "completion")
    except HTTPException as error:
        return json.dumps(error.detail)
    return None


def _send(client, call: dict) -> dict:
    response = client.post(
        call.get("route", "/chat/completions"),
        headers={"Authorization": f"Bearer {call['key']}", **call.get("headers", {})},
        json={
            "model": call.get("model", "claude-sonnet-4"),
            "messages": [{"role": "user", "content": "Hi"}],
            "max_tokens": 20,
            "metadata": call.get("metadata", {}),
        },
    )
    return {
        "status": response.status_code,
        "budget": response.headers.get("x-focus-ai-budget"),
        "body": response.json(),
    }


main(Path(sys.argv[1]), Path(sys.argv[2]))
