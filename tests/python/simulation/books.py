"""What the package made of the company's raw tables, and what must hold of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from focus_validate.audit.reader import read_log
from focus_validate.audit.verify import verify
from simulation.company import COLUMNS, Company, as_json

Rows = list[tuple[Any, ...]]
FOCUS = "main_focus.focus_ai__cost_and_usage"
MARGIN = "main_focus_ai.focus_ai__customer_gross_margin_monthly"
PERIODS = "main_focus_ai_intermediate.int_focus_ai__accounting_periods"
BOUND_AT_READ = '"InvoiceId", "InvoiceDetailId", "x_CostBasis"'
"""Invoices come after a close; these stand outside of what a close freezes (R10)."""

REASONS = "gross_margin_null_reason, gross_margin_percent_null_reason"
"""Last columns of ``Books.margins``: a close makes a month final, whether or not its bills are complete."""


class Books(NamedTuple):
    """The books at a moment.

    ``rows`` are the FOCUS rows and ``margins`` those of the margin mart by accounting period, ``closed`` the
    closed periods with the id of the close of each that an operation froze, ``ledger`` a checksum of what
    each append-only table holds of each close, ``head`` that of the audit log.
    """

    rows: dict[datetime, Rows]
    margins: dict[datetime, Rows]
    closed: dict[datetime, str | None]
    ledger: dict[tuple[str, str], Any]
    head: str | None


def load(company: Company, database: Path) -> None:
    """The raw tables as the company has them now."""
    with duckdb.connect(str(database)) as connection:
        for table, rows in company.tables.items():
            schema, name = table.split(".")
            columns = ", ".join(f"'{column}': 'varchar'" for column in COLUMNS[table])
            file = database.with_name("rows.json")
            file.write_text(as_json(table, rows))
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(
                f"""create or replace table {schema}."{name}" as
                select * from read_json('{file}', format = 'newline_delimited', columns = {{{columns}}})"""
            )


def read(database: Path) -> Books:
    """The books as they stand."""
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = _by_period(connection, f'"x_AccountingPeriodStart", * exclude ({BOUND_AT_READ})', FOCUS)
        margins = _by_period(
            connection, f"accounting_period_start, * exclude (is_month_closed, {REASONS}), {REASONS}", MARGIN
        )
        closed = connection.execute(
            f"select accounting_period_start, close_id from {PERIODS} where closed_at is not null"
        ).fetchall()
        ledger = {
            (table, close_id): content
            for (table,) in connection.execute(
                """select table_name from duckdb_columns()
                where schema_name = 'main_focus_ai_ledger' and column_name = 'close_id'"""
            ).fetchall()
            for close_id, *content in connection.execute(
                f"""select close_id, count(*), bit_xor(hash(held))
                from main_focus_ai_ledger.{table} as held group by close_id"""
            ).fetchall()
            if table != "focus_ai__closes"  # a reopening is one more row of the same close
        }
    head = verify(read_log(str(database))).head
    return Books(rows, margins, dict(closed), ledger, head.entry_hash if head else None)


def _by_period(connection: duckdb.DuckDBPyConnection, columns: str, table: str) -> dict[datetime, Rows]:
    """Rows, without their first column, by that column."""
    found: dict[datetime, Rows] = {}
    for period, *row in connection.execute(f"select {columns} from {table} order by all").fetchall():
        found.setdefault(period, []).append(tuple(row))
    return found


def problems(company: Company, database: Path, before: Books | None) -> list[str]:
    """What does not hold, each with what was found."""
    after = read(database)
    with duckdb.connect(str(database), read_only=True) as connection:
        found = [
            *_bill_is_conserved(company, connection),
            *_tokens_are_conserved(company, connection),
            *_rows_make_sense(connection),
        ]
    if before is not None:
        found += _closed_periods_stay(before, after)
    verdict = verify(read_log(str(database)), before.head if before else None)
    return [*found, *(f"audit log: {finding}" for finding in verdict.findings)]


def differences(before: Books, after: Books) -> list[str]:
    """What differs between two states that should be the same."""
    turned = before.closed.keys() ^ after.closed.keys()
    return [
        f"{what} of {period:%Y-%m}: {line}"
        for what, old, new in (
            ("rows", before.rows, after.rows),
            ("margins", _without_reasons(before.margins, turned), _without_reasons(after.margins, turned)),
        )
        for period in sorted(old.keys() | new.keys())
        for line in _row_differences(old.get(period, []), new.get(period, []))
    ]


def _without_reasons(margins: dict[datetime, Rows], periods: set[datetime]) -> dict[datetime, Rows]:
    return {
        period: [row[:-2] for row in rows] if period in periods else rows for period, rows in margins.items()
    }


def _bill_is_conserved(company: Company, connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Open and closed rows together cost what providers charge for each account and day, to the last digit.

    Prepaid usage counts at face value, in BilledCost and in EffectiveCost.
    """
    expected = company.bill_by_day()
    found = []
    for metric in ("EffectiveCost", "BilledCost"):
        rows = connection.execute(
            f"""select "x_SourceRelation", "BillingAccountId", "BillingCurrency",
                date_trunc('day', "ChargePeriodStart"), sum(case when "CommitmentDiscountStatus" = 'Used'
                then "CommitmentDiscountQuantity" else "{metric}" end)
            from {FOCUS}
            where "ChargeCategory" = 'Usage' and coalesce("CommitmentDiscountStatus", 'Used') = 'Used'
            group by all having sum(case when "CommitmentDiscountStatus" = 'Used'
                then "CommitmentDiscountQuantity" else "{metric}" end) <> 0"""
        ).fetchall()
        actual: dict[Any, Any] = {
            (source, account, currency, day): cost for source, account, currency, day, cost in rows
        }
        found += _unequal(metric, expected, actual)
    return found


def _tokens_are_conserved(company: Company, connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        f"""select "x_SourceRelation", "BillingAccountId", date_trunc('day', "ChargePeriodStart"),
            sum("ConsumedQuantity")
        from {FOCUS} where "ConsumedUnit" = 'Tokens' group by all"""
    ).fetchall()
    expected = company.tokens_by_day()
    actual = {(source, account, day): int(tokens) for source, account, day, tokens in rows}
    return _unequal("ConsumedQuantity", expected, {key: actual.get(key, 0) for key in expected})


def _unequal(metric: str, expected: dict[Any, Any], actual: dict[Any, Any]) -> list[str]:
    return [
        f"{metric} of {' '.join(map(str, key))}: bill {expected.get(key, 0)}, ledger {actual.get(key, 0)}"
        for key in sorted(expected.keys() | actual.keys())
        if expected.get(key, 0) != actual.get(key, 0)
    ]


RULES = {
    "a correction names the period that it corrects": """
        "ChargeClass" = 'Correction' and ("x_CorrectedBillingPeriodStart" is null
            or "x_CorrectionReason" is null
            or "x_CorrectedBillingPeriodStart" >= "x_AccountingPeriodStart")""",
    "a correction of usage keeps its charge period": """
        "ChargeClass" = 'Correction' and "ChargeCategory" = 'Usage' and "CommitmentDiscountStatus" is null
        and date_trunc('month', "ChargePeriodStart") <> "x_CorrectedBillingPeriodStart\"""",
    "a row that is no correction stands in its own period": """
        "ChargeClass" is null and date_trunc('month', "ChargePeriodStart") <> "x_AccountingPeriodStart\"""",
    "list cost is unit price x quantity": """
        "PricingQuantity" is not null and "ListUnitPrice" is not null and "ListCost"
        <> cast("ListUnitPrice" as decimal(20, 12)) * cast("PricingQuantity" as decimal(18, 6))""",
    "contracted cost is unit price x quantity": """
        "PricingQuantity" is not null and "ContractedUnitPrice" is not null and "ContractedCost"
        <> cast("ContractedUnitPrice" as decimal(20, 12)) * cast("PricingQuantity" as decimal(18, 6))""",
}


def _rows_make_sense(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = []
    for rule, broken in RULES.items():
        (count,) = connection.execute(f"select count(*) from {FOCUS} where {broken}").fetchall()[0]
        if count:
            found.append(f"{rule}: {count} rows do not")
    (twice,) = connection.execute(f'select count(*) - count(distinct "x_ChargeId") from {FOCUS}').fetchall()[
        0
    ]
    return [*found, *([f"{twice} x_ChargeId are not unique"] if twice else [])]


def _closed_periods_stay(before: Books, after: Books) -> list[str]:
    """Unless it was opened again, a closed period has the rows that it had; if frozen, its margins too.

    What the append-only tables hold of a close stays for good.
    """
    both = before.closed.keys() & after.closed.keys()
    frozen = {period for period in both if before.closed[period] == after.closed[period] is not None}
    changed = [
        f"{what} of closed {period:%Y-%m}: {line}"
        for what, periods, old, new in (
            ("rows", both, before.rows, after.rows),
            ("margins", frozen, before.margins, after.margins),
        )
        for period in sorted(periods)
        for line in _row_differences(old.get(period, []), new.get(period, []))
    ]
    lost = [name for name, content in before.ledger.items() if after.ledger.get(name) != content]
    return [*changed, *(f"{table} of close {close_id} changed" for table, close_id in lost)]


def _row_differences(before: Rows, after: Rows) -> list[str]:
    gone, come = set(before) - set(after), set(after) - set(before)
    if not gone and not come and len(before) == len(after):
        return []
    shown = [
        f"{sign} {row[:600]}"
        for sign, rows in (("-", gone), ("+", come))
        for row in sorted(map(str, rows))[:2]
    ]
    return [f"{len(gone)} rows gone, {len(come)} come ({len(before)} before, {len(after)} after): {shown}"]


def failed_checks(database: Path, month: datetime) -> list[str]:
    """The checks of the close checklist that somebody has to make an exception for."""
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            """select check_name from main_focus_ai.focus_ai__close_checklist
            where accounting_period_start = ? and check_status in ('Failed', 'Unknown') order by 1""",
            [month],
        ).fetchall()
    return [check for (check,) in rows]
