"""OpenAI: costs by day, project, key and line item; completions usage; projects, keys, log of pulls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .billing import DailyBill, Line
from .clock import DAY, DAYS, HOUR, PULLED_AFTER, at, iso
from .company import OPENAI, Company
from .loads import Load
from .money import json_number, plain
from .prices import GPT55, WEB_SEARCH
from .tables import Row, Table

_COSTS_GROUP_BY = "project_id,line_item,api_key_id"
_USAGE_GROUP_BY = "project_id,user_id,api_key_id,model,batch,service_tier"
_ITEM_OF = {
    "uncached_input": "input",
    "cache_read": "cached input",
    "cache_write_5m": "cache writes",
    "output": "output",
}


def tables(company: Company, pulls: list[Load], bills: Iterable[DailyBill]) -> Iterator[Table]:
    """The tables of the OpenAI source."""
    mine = [bill for bill in bills if bill.provider == OPENAI]
    usage = [load for load in pulls if load.provider == OPENAI]
    yield Table(
        "openai",
        "costs",
        "organization_id start_time end_time amount_value amount_currency line_item project_id "
        "api_key_id quantity quantity_unit group_by loaded_at",
        (row for bill in mine for row in _cost_rows(company, bill)),
    )
    yield Table(
        "openai",
        "completions_usage",
        "organization_id start_time end_time input_tokens input_cached_tokens "
        "input_cache_write_tokens output_tokens num_model_requests project_id user_id api_key_id "
        "model batch service_tier group_by loaded_at",
        (row for load in usage for row in _usage_rows(load)),
    )
    yield _bucket_loads(company, mine, usage)
    created = str(at(2025, 11, 3, 9))
    yield Table(
        "openai",
        "projects",
        "object id name organization_id created_at archived_at status",
        (
            ("organization.project", i, name, organization, created, None, "active")
            for i, (name, organization) in company.projects.items()
        ),
    )
    yield Table(
        "openai",
        "project_api_keys",
        "object id name project_id owner_type owner_id redacted_value created_at last_used_at",
        (
            (
                "organization.project.api_key",
                i,
                name,
                project,
                owner,
                f"{'svc' if owner == 'service_account' else 'user'}-{i.removeprefix('key_')}",
                f"sk-...{i[-4:]}",
                created,
                None,
            )
            for i, (name, project, owner) in company.openai_keys.items()
        ),
    )


def _cost_rows(company: Company, bill: DailyBill) -> Iterator[Row]:
    currency = "eur" if bill.account == company.emea else "usd"
    for line in bill.lines:
        item, quantity, unit = _item(line)
        yield (
            bill.account,
            str(bill.day),
            str(bill.day + DAY),
            json_number(line.amount),
            currency,
            item,
            line.sub_account,
            line.key,
            quantity,
            unit,
            _COSTS_GROUP_BY,
            iso(bill.loaded_at),
        )


def _item(line: Line) -> tuple[str, str | None, str | None]:
    """(line item, quantity, unit) in the provider's words."""
    if line.item:
        return line.item, plain(line.quantity, 3) if line.unit else f"{line.quantity}.0", line.unit
    if line.token_class == WEB_SEARCH:
        return "web search tool calls", str(line.quantity), None
    name = f"batch | {line.model}" if line.tier == "batch" else str(line.model)
    if line.token_class is None:
        return name, None, None
    name = f"{name}, {_ITEM_OF[line.token_class]}"
    if line.model == GPT55:
        return name, plain(line.quantity, 3), "1000_tokens"
    return name, str(line.quantity), "tokens"


def _usage_rows(load: Load) -> Iterator[Row]:
    for cell, counts in load.cells.items():
        yield (
            load.account,
            str(load.start),
            str(load.start + load.width),
            str(counts.uncached + counts.read + counts.write_5m),
            str(counts.read),
            str(counts.write_5m),
            str(counts.output),
            str(counts.requests),
            cell.sub_account,
            cell.principal,
            cell.key,
            cell.model,
            "true" if cell.tier == "batch" else "false",
            "default",
            _USAGE_GROUP_BY,
            iso(load.loaded_at),
        )


def _bucket_loads(company: Company, bills: list[DailyBill], usage: list[Load]) -> Table:
    pulled = {
        (bill.account, "costs", _COSTS_GROUP_BY, bill.day, DAY, bill.loaded_at): len(bill.lines)
        for bill in bills
    } | {
        (load.account, "completions_usage", _USAGE_GROUP_BY, load.start, load.width, load.loaded_at): len(
            load.cells
        )
        for load in usage
    }
    known = {key[:5] for key in pulled}
    for day in DAYS:  # days and hours without work are pulled too, and are empty
        for account, endpoint, group_by, width in (
            (company.emea, "costs", _COSTS_GROUP_BY, DAY),
            (company.emea, "completions_usage", _USAGE_GROUP_BY, HOUR),
        ):
            for start in range(day, day + DAY, width):
                bucket = (account, endpoint, group_by, start, width)
                if bucket not in known:
                    pulled[(*bucket, day + PULLED_AFTER)] = 0
    return Table(
        "openai",
        "bucket_loads",
        "organization_id endpoint group_by start_time end_time result_count loaded_at",
        (
            (account, endpoint, group_by, str(start), str(start + width), str(count), iso(loaded_at))
            for (account, endpoint, group_by, start, width, loaded_at), count in sorted(pulled.items())
        ),
    )
