"""Anthropic: cost report by day, workspace and description (text, in cents); messages usage; names; pulls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .billing import DailyBill, Line
from .clock import DAY, at, iso
from .company import ANTHROPIC, Company
from .loads import Load
from .money import plain
from .prices import SONNET, WEB_SEARCH
from .tables import Row, Table

_COST_GROUP_BY = "workspace_id,description"
_USAGE_GROUP_BY = (
    "api_key_id,workspace_id,model,service_tier,context_window,inference_geo,service_account_id,account_id"
)
_NAMES = {"claude-sonnet-4-20250514": "Claude Sonnet 4", "claude-haiku-4-5-20251001": "Claude Haiku 4.5"}
_TOKEN_TYPES = {
    "uncached_input": ("uncached_input_tokens", "Input Tokens"),
    "cache_read": ("cache_read_input_tokens", "Input Tokens, Cache Read"),
    "cache_write_5m": ("cache_creation.ephemeral_5m_input_tokens", "Input Tokens, Cache Write 5m"),
    "cache_write_1h": ("cache_creation.ephemeral_1h_input_tokens", "Input Tokens, Cache Write 1h"),
    "output": ("output_tokens", "Output Tokens"),
}


def tables(company: Company, pulls: list[Load], bills: Iterable[DailyBill]) -> Iterator[Table]:
    """The tables of the Anthropic source."""
    mine = [bill for bill in bills if bill.provider == ANTHROPIC]
    usage = [load for load in pulls if load.provider == ANTHROPIC]
    yield Table(
        "anthropic",
        "cost_report",
        "organization_id starting_at ending_at amount currency cost_type description model "
        "context_window inference_geo service_tier token_type workspace_id group_by loaded_at",
        (row for bill in mine for row in _cost_rows(bill)),
    )
    yield Table(
        "anthropic",
        "messages_usage",
        "organization_id starting_at ending_at uncached_input_tokens "
        "cache_creation_ephemeral_5m_input_tokens cache_creation_ephemeral_1h_input_tokens "
        "cache_read_input_tokens output_tokens server_tool_use_web_search_requests api_key_id "
        "workspace_id account_id service_account_id model context_window service_tier "
        "inference_geo group_by loaded_at",
        (row for load in usage for row in _usage_rows(load)),
    )
    yield Table(
        "anthropic",
        "bucket_loads",
        "organization_id endpoint group_by starting_at ending_at result_count loaded_at",
        sorted(
            [_pull(b.account, "cost_report", _COST_GROUP_BY, b.day, len(b.lines), b.loaded_at) for b in mine]
            + [
                _pull(u.account, "messages_usage", _USAGE_GROUP_BY, u.start, len(u.cells), u.loaded_at)
                for u in usage
            ]
        ),
    )
    created = iso(at(2025, 11, 3, 9))
    yield Table(
        "anthropic",
        "workspaces",
        "type id name organization_id created_at archived_at display_color",
        (
            ("workspace", i, name, company.claude, created, None, "#6C5BB9")
            for i, name in company.workspaces.items()
        ),
    )
    yield Table(
        "anthropic",
        "api_keys",
        "type id name workspace_id status partial_key_hint created_at",
        (
            ("api_key", i, name, workspace, "active", f"sk-ant-api03-...{i[-4:]}", created)
            for i, (name, workspace) in company.claude_keys.items()
        ),
    )


def _geo(model: str | None) -> str | None:
    return model and ("global" if model == SONNET else "not_available")


def _cost_rows(bill: DailyBill) -> Iterator[Row]:
    for line in bill.lines:
        cost_type, description, token_type = _described(line)
        yield (
            bill.account,
            iso(bill.day),
            iso(bill.day + DAY),
            plain(line.amount, 10),  # 10^-12 of a dollar are 10^-10 of a cent
            "USD",
            cost_type,
            description,
            line.model,
            line.model and "0-200k",
            _geo(line.model),
            line.tier if line.model else None,
            token_type,
            line.sub_account,
            _COST_GROUP_BY,
            iso(bill.loaded_at),
        )


def _described(line: Line) -> tuple[str, str, str | None]:
    """(cost type, description, token type)."""
    if line.token_class == WEB_SEARCH:
        return "web_search", "Web Search Usage", None
    token_type, meter = _TOKEN_TYPES[str(line.token_class)]
    batch = " - Batch" if line.tier == "batch" else ""
    return "tokens", f"{_NAMES[str(line.model)]} Usage{batch} - {meter}", token_type


def _usage_rows(load: Load) -> Iterator[Row]:
    for cell, counts in load.cells.items():
        human = cell.principal if cell.principal and cell.principal.startswith("user_") else None
        yield (
            load.account,
            iso(load.start),
            iso(load.start + load.width),
            *map(str, (counts.uncached, counts.write_5m, counts.write_1h, counts.read, counts.output)),
            str(counts.web_searches),
            cell.key,
            cell.sub_account,
            human,
            None if human else cell.principal,
            cell.model,
            "0-200k",
            cell.tier,
            _geo(cell.model),
            _USAGE_GROUP_BY,
            iso(load.loaded_at),
        )


def _pull(account: str, endpoint: str, group_by: str, start: int, count: int, loaded_at: int) -> Row:
    return (account, endpoint, group_by, iso(start), iso(start + DAY), str(count), iso(loaded_at))
