"""What an executive takes away: a handful of sentences, each made of figures of the pack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from focus_validate.close_pack.marts import Row
from focus_validate.close_pack.period import Period
from focus_validate.close_pack.tables import Table
from focus_validate.close_pack.words import money, percent
from focus_validate.text import count, join_words

_MOST = 3
_REASONS = {
    "BillIncomplete": "the bills do not cover the month yet",
    "NoRevenueSource": "there is no revenue source",
    "MissingRate": "an exchange rate is missing",
}


def messages(tables: dict[str, Table], period: Period, currency: str) -> list[str]:
    """The sentences, the most important first."""
    return [
        *_margin(tables, period, currency),
        *_drivers(tables, currency),
        *_losses(tables, currency),
        *_coverage(tables),
        *_checks(tables),
    ]


def _margin(tables: dict[str, Table], period: Period, currency: str) -> Iterator[str]:
    customers = tables["Margin by customer"]
    amount, revenue, change = (
        customers.total(customers.column(name), None) for name in ("gross_margin", "revenue", "change")
    )
    if not isinstance(amount, Decimal):
        reasons = sorted({str(row["null_reason"]) for row in customers.rows if row["null_reason"]})
        why = join_words([_REASONS.get(reason, reason) for reason in reasons]) or "a part is not known"
        yield f"Gross margin of {period.words} is not known: {why}."
        return
    share = (
        f", {percent(amount / revenue)} of revenue" if isinstance(revenue, Decimal) and revenue > 0 else ""
    )
    sentence = f"Gross margin is {money(amount, currency)}{share}"
    if isinstance(change, Decimal):
        direction = "less" if change < 0 else "more"
        sentence += f", {money(abs(change), currency)} {direction} than in {period.previous_words}"
    yield f"{sentence}."


def _drivers(tables: dict[str, Table], currency: str) -> Iterator[str]:
    parts = tables.get("Bridge parts")
    known = [row for row in parts.rows if isinstance(row["amount"], Decimal)] if parts else []
    if not known:
        return
    known.sort(key=lambda row: (-abs(Decimal(str(row["amount"]))), str(row["part"])))
    words = [f"{str(row['part']).lower()} ({_amount(row, 'amount', currency)})" for row in known[:_MOST]]
    yield f"What moved it most: {join_words(words)}."


def _amount(row: Row, name: str, currency: str) -> str:
    amount = row[name]
    assert isinstance(amount, Decimal)
    return f"{'+' if amount > 0 else ''}{money(amount, currency)}"


def _losses(tables: dict[str, Table], currency: str) -> Iterator[str]:
    losing = [
        row
        for row in tables["Margin by customer"].rows
        if row["is_external"] and isinstance(row["gross_margin"], Decimal) and row["gross_margin"] < 0
    ]
    if not losing:
        if any(row["gross_margin"] is not None for row in tables["Margin by customer"].rows):
            yield "No customer costs more than it brings."
        return
    words = [f"{row['customer']} ({_amount(row, 'gross_margin', currency)})" for row in losing[:_MOST]]
    if len(losing) > _MOST:
        words.append(f"{len(losing) - _MOST} more")
    verb = "costs more than it brings" if len(losing) == 1 else "cost more than they bring"
    yield f"{count(len(losing), 'customer')} {verb}: {join_words(words)}."


def _coverage(tables: dict[str, Table]) -> Iterator[str]:
    month = tables["Trend"].rows[-1]
    if isinstance(month["attributed_share"], Decimal):
        yield f"{percent(month['attributed_share'])} of usage cost was attributed to somebody."
    if not month["is_month_closed"]:
        yield "The month is open: figures can still change."


def _checks(tables: dict[str, Table]) -> Iterator[str]:
    checks = tables.get("Checklist")
    if checks is None:
        return
    tally = Counter(str(row["check_status"]) for row in checks.rows)
    for status, words in (("Failed", "failed"), ("Unknown", "could not be decided"), ("Warning", "warned")):
        names = [_check(row) for row in checks.rows if row["check_status"] == status]
        if names:
            yield f"{count(tally[status], 'check')} {words}: {'; '.join(names)}."
    yield f"{tally['Passed']} of {count(len(checks.rows), 'check')} passed."


def _check(row: Row) -> str:
    what = str(row["question"])
    figure = f" ({row['figure_text']})" if row["figure_text"] else ""
    return what[:1].lower() + what[1:] + figure
