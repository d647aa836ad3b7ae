"""What the rules across datasets know of each dataset: sums of charges, invoice lines, periods, commitments.

Moments are texts that sort as instants do: without the Z, and empty where a cell holds something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from focus_validate.engine.judges.numbers import EXACT

TAX = "Tax"

Text = str | None


class InvoiceKey(NamedTuple):
    """What names an invoice."""

    issuer: str
    invoice: str


class PeriodKey(NamedTuple):
    """What names a billing period; ``start`` is a moment."""

    issuer: str
    start: str


class ChargeKey(NamedTuple):
    """What charges are grouped by."""

    issuer: Text
    invoice: Text
    detail: Text
    currency: Text
    is_tax: bool
    start: Text
    end: Text


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of BilledCost over some rows, None where a cell holds no number; ``first`` is the first row."""

    rows: int
    amount: Decimal | None
    first: int

    def __add__(self, other: Total) -> Total:
        unknown = self.amount is None or other.amount is None
        amount = None if unknown else EXACT.add(self.amount, other.amount)  # type: ignore[arg-type]
        return Total(self.rows + other.rows, amount, min(self.first, other.first))


class Rows(NamedTuple):
    """How many rows, and the first of them."""

    number: int
    first: int


class Line(NamedTuple):
    """A row of Invoice Detail."""

    row: int
    issuer: Text
    invoice: Text
    detail: Text
    currency: Text
    category: Text
    status: Text
    start: Text
    end: Text
    created: Text
    amount: Decimal | None


class Period(NamedTuple):
    """A row of Billing Period."""

    row: int
    issuer: Text
    start: Text
    end: Text
    updated: Text
    status: Text


@dataclass(frozen=True, slots=True)
class Charges:
    """Cost and Usage: sums per group; the commitments (contract, commitment) that rows were applied to; rows
    without ChargeClass whose charge period is over before their billing period begins, per issuer and start
    of the charge period. ``absent`` are columns that the table lacks."""

    totals: Mapping[ChargeKey, Total]
    applied: Mapping[frozenset[tuple[str, str]], Rows]
    early: Mapping[PeriodKey, Rows]
    absent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lines:
    """Invoice Detail, row by row."""

    rows: tuple[Line, ...]
    absent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Periods:
    """Billing Period, row by row."""

    rows: tuple[Period, ...]
    absent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Commitments:
    """Contract Commitment: the pairs of contract and commitment."""

    pairs: frozenset[tuple[str, str]]
    absent: frozenset[str] = frozenset()


@dataclass(slots=True)
class Facts:
    """The datasets at hand; ``earlier_...`` are those of an earlier delivery."""

    charges: Charges | None = None
    lines: Lines | None = None
    periods: Periods | None = None
    commitments: Commitments | None = None
    earlier_lines: Lines | None = None
    earlier_periods: Periods | None = None
