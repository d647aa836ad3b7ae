"""What the package made of the company's raw tables, and what must hold of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from focus_validate.audit.reader import read_log
from focus_validate.audit.verify import verify
from simulation import checks, mart_checks
from simulation.checks import FOCUS, MONTHLY, PERIODS
from simulation.company import Company
from simulation.truth import Truth

Row = tuple[Any, ...]
Rows = list[Row]
BOUND_AT_READ = '"InvoiceId", "InvoiceDetailId", "x_CorrectedInvoiceId", "x_CostBasis"'
"""Invoices come after a close; these stand outside of what a close freezes (R10)."""

CHECKS = (*checks.CHECKS, *mart_checks.CHECKS)

MADE_FINAL = """gross_margin, gross_margin_percent, gross_margin_after_other, gross_margin_null_reason,
    gross_margin_percent_null_reason"""
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


def read(database: Path) -> Books:
    """The books as they stand."""
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = _by_period(connection, f'"x_AccountingPeriodStart", * exclude ({BOUND_AT_READ})', FOCUS)
        margins = _by_period(
            connection,
            f"accounting_period_start, * exclude (is_month_closed, {MADE_FINAL}), {MADE_FINAL}",
            MONTHLY,
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


def problems(company: Company, truth: Truth, database: Path, before: Books | None, after: Books) -> list[str]:
    """What does not hold, each with what was found; ``before``, ``after``: a step."""
    with duckdb.connect(str(database), read_only=True) as connection:
        found = [
            f"{check.__name__}: {line}" for check in CHECKS for line in check(company, truth, connection)
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
            ("margins", _made_final(before.margins, turned), _made_final(after.margins, turned)),
        )
        for period in sorted(old.keys() | new.keys())
        for line in _row_differences(old.get(period, []), new.get(period, []))
    ]


def _made_final(margins: dict[datetime, Rows], periods: set[datetime]) -> dict[datetime, Rows]:
    return {
        period: [row[:-5] for row in rows] if period in periods else rows for period, rows in margins.items()
    }


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
    gone, come = sorted(set(before) - set(after), key=str), sorted(set(after) - set(before), key=str)
    if not gone and not come and len(before) == len(after):
        return []
    counts = f"{len(gone)} rows gone, {len(come)} come ({len(before)} before, {len(after)} after)"
    shown = [_change(row, max(come, key=lambda other, row=row: _alike(row, other))) for row in gone if come]
    return [": ".join([counts, *(shown[:3] or [str((gone + come)[0])[:900]])])]


def _alike(row: Row, other: Row) -> int:
    return sum(value == new for value, new in zip(row, other, strict=True))


def _change(row: Row, other: Row) -> str:
    """What differs between a row that went and the one that came most like it."""
    changed = [f"{value} -> {new}" for value, new in zip(row, other, strict=True) if value != new]
    return f"{', '.join(changed)} in {str(row)[:400]}"


def failed_checks(database: Path, month: datetime) -> list[str]:
    """The checks of the close checklist that somebody has to make an exception for."""
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            """select check_name from main_focus_ai.focus_ai__close_checklist
            where accounting_period_start = ? and check_status in ('Failed', 'Unknown') order by 1""",
            [month],
        ).fetchall()
    return [check for (check,) in rows]
