"""LiteLLM: one row per call that the gateway saw, and its deployments."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from .clock import DAY, iso, iso_milliseconds
from .company import OPENAI, Company
from .money import json_number
from .prices import GPT5, GPT5_MINI, GPT55, HAIKU, SONNET, TOKENS, list_price
from .rng import hex_id
from .tables import Row, Table
from .traffic import Call

_MODEL_NAMES = {
    GPT5: "gpt-5",
    GPT5_MINI: "gpt-5-mini",
    GPT55: "gpt-5.5",
    SONNET: "claude-sonnet-4",
    HAIKU: "claude-haiku-4-5",
}


def tables(company: Company, calls: Iterable[Call]) -> Iterator[Table]:
    """The tables of the LiteLLM source."""
    yield Table(
        "litellm",
        "LiteLLM_SpendLogs",
        "request_id call_type api_key spend total_tokens prompt_tokens completion_tokens "
        "startTime endTime request_duration_ms completionStartTime model model_id model_group "
        "custom_llm_provider api_base user metadata cache_hit cache_key request_tags team_id "
        "organization_id end_user requester_ip_address session_id status "
        "mcp_namespaced_tool_name agent_id loaded_at",
        (_call_row(company, call) for call in calls),
    )
    deployments = [
        (provider, line, model)
        for line in ("assist", "docs", "code")
        for provider, models in ((OPENAI, (GPT5, GPT5_MINI, GPT55)), ("anthropic", (SONNET, HAIKU)))
        for model in models
    ]
    yield Table(
        "litellm",
        "LiteLLM_ProxyModelTable",
        "model_id model_name litellm_params model_info created_at created_by updated_at updated_by",
        (
            (
                company.deployment(provider, line, model),
                _MODEL_NAMES[model],
                _json(
                    {
                        "model": f"{provider}/{model}",
                        "api_key": f"os.environ/{provider.upper()}_{line.upper()}",
                    }
                ),
                _json(
                    {
                        "id": company.deployment(provider, line, model),
                        "provider_credential_id": company.credential(provider, line),
                    }
                ),
                "2026-07-20 08:00:00.000",
                "admin",
                "2026-07-20 08:00:00.000",
                "admin",
            )
            for provider, line, model in deployments
        ),
    )


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _call_row(company: Company, call: Call) -> Row:
    counts = call.counts
    written = counts.write_5m + counts.write_1h
    prompt = counts.uncached + counts.read + written
    customer_slug = call.customer.replace("cust_", "vk-")
    metadata = {
        "user_api_key_alias": customer_slug,
        "user_api_key_team_id": call.team,
        "usage_object": {"prompt_tokens": prompt, "completion_tokens": counts.output},
        "additional_usage_values": {
            "cache_read_input_tokens": counts.read,
            "cache_creation_input_tokens": written,
            "prompt_tokens_details": {"cached_tokens": counts.read},
        },
        "spend_logs_metadata": {"workflow_id": call.workflow},
        "error_information": None
        if call.status == "success"
        else {"error_code": "529", "error_class": "OverloadedError"},
    }
    # The gateway writes the provider before the model on one of its routes.
    model = f"{call.provider}/{call.model}" if call.product_line == "code" else call.model
    return (
        call.request_id,
        "acompletion",
        company.gateway_key(call.customer),
        json_number(0 if call.cache_hit else _estimate(call)),
        str(prompt + counts.output),
        str(prompt),
        str(counts.output),
        iso_milliseconds(call.start),
        iso_milliseconds(call.end),
        str(call.end - call.start),
        iso_milliseconds(call.start + (call.end - call.start) // 4),
        model,
        company.deployment(call.provider, call.product_line, call.model),
        _MODEL_NAMES[call.model],
        call.provider,
        "https://api.openai.com/v1" if call.provider == OPENAI else "https://api.anthropic.com",
        f"svc-{call.product_line}",
        _json(metadata),
        "True" if call.cache_hit else "False",
        hex_id("cache", call.request_id, length=32),
        _json(call.tags),
        call.team,
        None,
        call.end_user,
        "10.20.4.17",
        call.session,
        call.status,
        None,
        call.agent,
        iso(call.start // 1000 // DAY * DAY + DAY + 5 * 3600),
    )


def _estimate(call: Call) -> int:
    """The gateway's own estimate: public prices, any cache write at 5 minutes', 0 for an unknown model."""
    counts = call.counts
    tokens = (counts.uncached, counts.read, counts.write_5m + counts.write_1h, 0, counts.output)
    return sum(
        n * (list_price(call.model, token_class, "standard") or 0)
        for token_class, n in zip(TOKENS, tokens, strict=True)
        if n
    )
