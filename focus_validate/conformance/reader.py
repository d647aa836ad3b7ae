"""Reads the facts of one open table: the database adds up, Python gets a line per group of charges.

What DECIMAL cannot hold is added in Python, so that every sum of text or decimals is exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from focus_validate.conformance.facts import (
    TAX,
    ChargeKey,
    Charges,
    Commitments,
    Line,
    Lines,
    Period,
    PeriodKey,
    Periods,
    Rows,
    Total,
)
from focus_validate.engine.expressions import IsMoment, IsNumber
from focus_validate.engine.grammars import SUMMABLE
from focus_validate.engine.judges.document import elements, parse
from focus_validate.engine.judges.numbers import EXACT, read
from focus_validate.engine.render import Dialect, Leaves

if TYPE_CHECKING:
    from focus_validate.engine.readers.table import Table
    from focus_validate.engine.session import Session

_APPLIED = (
    r'("ContractCommitmentApplied(?:Cost|Quantity)"\s*:)'
    r"\s*-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\s*([,}])"
)
"""Amounts in ContractApplied: without them the same commitments are the same text, which is read once."""
_BATCH = 10_000


@dataclass(slots=True)
class FactReader:
    """Reads what the rules need of ``table``, and notes which columns it lacks."""

    session: Session
    table: Table
    absent: set[str] = field(default_factory=set)

    def charges(self) -> Charges:
        """The facts of Cost and Usage."""
        totals, applied, early = self._totals(), self._applied(), self._early()
        return Charges(totals, applied, early, frozenset(self.absent))

    def lines(self) -> Lines:
        """The facts of Invoice Detail."""
        is_number, number = self._number("BilledCost")
        columns = [
            *map(self._text, ("InvoiceIssuerName", "InvoiceId", "InvoiceDetailId", "BillingCurrency")),
            *map(self._text, ("ChargeCategory", "InvoiceIssueStatus")),
            *map(self._moment, ("BillingPeriodStart", "BillingPeriodEnd", "InvoiceDetailCreated")),
            f"case when {is_number} then {number} end",
        ]
        found = self._stream(f"select rn, {', '.join(columns)} from {self.table.numbered} order by rn")
        rows = (Line._make((*cells, None if text is None else read(text))) for *cells, text in found)
        return Lines(tuple(rows), frozenset(self.absent))

    def periods(self) -> Periods:
        """The facts of Billing Period."""
        moments = ("BillingPeriodStart", "BillingPeriodEnd", "BillingPeriodLastUpdated")
        columns = [
            self._text("InvoiceIssuerName"),
            *map(self._moment, moments),
            self._text("BillingPeriodStatus"),
        ]
        found = self._stream(f"select rn, {', '.join(columns)} from {self.table.numbered} order by rn")
        return Periods(tuple(map(Period._make, found)), frozenset(self.absent))

    def commitments(self) -> Commitments:
        """The facts of Contract Commitment."""
        contract, commitment = self._text("ContractId"), self._text("ContractCommitmentId")
        pairs = self._stream(f"select distinct {contract}, {commitment} from {self.table.relation}")
        return Commitments(frozenset((one, other) for one, other in pairs), frozenset(self.absent))

    def _totals(self) -> dict[ChargeKey, Total]:
        is_number, number = self._number("BilledCost")
        keys = [
            *map(self._text, ("InvoiceIssuerName", "InvoiceId", "InvoiceDetailId", "BillingCurrency")),
            f"coalesce({self._text('ChargeCategory')} = '{TAX}', false)",
            *map(self._moment, ("BillingPeriodStart", "BillingPeriodEnd")),
        ]
        named = ", ".join(f"{key} as k{position}" for position, key in enumerate(keys))
        cells = f"select rn, {named}, {is_number} as is_number, {number} as number from {self.table.numbered}"
        names = ", ".join(f"k{position}" for position in range(len(keys)))
        short = f"regexp_full_match(number, '{SUMMABLE}')"
        grouped = (
            f"select {names}, count(*), min(rn), count(*) filter (not is_number),"
            f" sum(case when is_number and {short} then try_cast(number as decimal(38, 18)) end)"
            f" from ({cells}) group by {names}"
        )
        totals = {}
        for *key, rows, first, unreadable, amount in self._stream(grouped):
            totals[ChargeKey(*key)] = Total(rows, None if unreadable else amount or Decimal(0), first)
        long = (
            f"select {names}, number, count(*) from ({cells}) where is_number and not {short}"
            f" group by {names}, number"
        )
        for *key, text, times in self._stream(long):
            total, amount = totals[ChargeKey(*key)], EXACT.multiply(read(text), Decimal(times))
            totals[ChargeKey(*key)] = Total(0, amount, total.first) + total
        return totals

    def _applied(self) -> dict[frozenset[tuple[str, str]], Rows]:
        text = f"regexp_replace({self._text('ContractApplied')}, '{_APPLIED}', '\\1 0 \\2', 'g')"
        grouped = (
            f"select {text}, count(*), min(rn) from {self.table.numbered} where {text} is not null group by 1"
        )
        applied: dict[frozenset[tuple[str, str]], Rows] = {}
        for cell, rows, first in self._stream(grouped):
            pairs = _applied_pairs(cell)
            known = applied.get(pairs, Rows(0, first))
            applied[pairs] = Rows(known.number + rows, min(known.first, first))
        return applied

    def _early(self) -> dict[PeriodKey, Rows]:
        issuer, start = self._text("InvoiceIssuerName"), self._moment("ChargePeriodStart")
        end, begin = self._moment("ChargePeriodEnd"), self._moment("BillingPeriodStart")
        grouped = (
            f"select {issuer}, {start}, count(*), min(rn) from {self.table.numbered}"
            f" where {self._text('ChargeClass')} is null and {issuer} is not null and {start} <> ''"
            f" and {end} <> '' and {begin} <> '' and {end} <= {begin} group by 1, 2"
        )
        return {PeriodKey(*key): Rows(rows, first) for *key, rows, first in self._stream(grouped)}

    def _has(self, column: str) -> bool:
        if column in self.table.header:
            return True
        self.absent.add(column)
        return False

    def _leaves(self) -> Leaves:
        return Leaves(Dialect(), {each.name: each for each in self.table.fields}, {})

    def _text(self, column: str) -> str:
        return self._leaves().text(column) if self._has(column) else "null::varchar"

    def _moment(self, column: str) -> str:
        if not self._has(column):
            return "null::varchar"
        text, is_moment = self._text(column), self._leaves().simple(IsMoment(column))
        return f"case when {text} is null then null when {is_moment} then rtrim({text}, 'Z') else '' end"

    def _number(self, column: str) -> tuple[str, str]:
        """Whether the cell is a number, and its text; floating numbers are taken to 18 decimals."""
        if not self._has(column):
            return "false", "null::varchar"
        text, is_number = self._text(column), self._leaves().simple(IsNumber(column))
        if next(each.kind for each in self.table.fields if each.name == column) == "float":
            exact = f"cast(try_cast({text} as decimal(38, 18)) as varchar)"
            text = f"case when abs({text}::double) < 1e12 then {exact} else {text} end"
        return is_number, text

    def _stream(self, sql: str) -> Iterator[tuple[Any, ...]]:
        cursor = self.session.execute(sql)
        while batch := cursor.fetchmany(_BATCH):
            yield from batch


def _applied_pairs(text: str) -> frozenset[tuple[str, str]]:
    """The pairs of contract and commitment in a ContractApplied cell; none where it is not of its form."""
    document = parse(text)
    found = elements(document, "Elements") if document else ()
    pairs = ((each.get("ContractId"), each.get("ContractCommitmentId")) for each in found)
    return frozenset((a, b) for a, b in pairs if isinstance(a, str) and isinstance(b, str))
