"""What a pack consists of: tables of rows, totals, and the equalities between them.

Figures are Decimal and exact. A formula is Excel's, with a column's name in braces for its cell in the same
row; the value beside it is the mart's own, so that a recalculation of the workbook tests the mart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from focus_validate.close_pack.marts import Row, Value

Kind = Literal["text", "money", "share", "count", "number", "date", "flag", "figure"]
Total = Literal["", "sum"]

_SPARE = 5
TOLERANCE = Decimal("0.00005")
"""Two sums tie when they differ by less: what is left of 15 digits that a spreadsheet keeps."""


@dataclass(frozen=True)
class Column:
    """A column: where its value stands in a row, its heading and what it holds.

    ``share`` is 0 to 1, ``figure`` a figure that is a text already. ``total`` says what stands below it:
    nothing or the sum. ``ratio`` names the columns of a share; its total is that of their totals, and is
    null unless the lower one is positive.
    """

    name: str
    title: str
    kind: Kind = "text"
    total: Total = ""
    formula: str = ""
    ratio: tuple[str, str] | None = None
    in_page: bool = True
    in_sheet: bool = True

    @property
    def excel(self) -> str:
        """The formula of the column, its own or that of a ratio; empty for plain values."""
        if self.ratio is None:
            return self.formula
        above, below = self.ratio
        return f'IFERROR(IF({{{below}}}>0,{{{above}}}/{{{below}}},""),"")'


@dataclass
class Table:
    """Rows under headings, one sheet of the workbook.

    Amounts are in ``currency``, or in the currency that each row names in the column ``currency_column``. The
    page shows the first ``shown`` rows and says where the others are; totals are of all rows.
    """

    sheet: str
    title: str
    note: str
    columns: list[Column]
    rows: list[Row]
    currency: str | None = None
    currency_column: str | None = None
    shown: int = 25
    empty: str = "Nothing to list."

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    def page_rows(self) -> list[Row]:
        """The rows that the page shows: a few more rather than a note about them."""
        return self.rows if len(self.rows) <= self.shown + _SPARE else self.rows[: self.shown]

    def currencies(self) -> Sequence[str | None]:
        """A line of totals for each of them."""
        if not self.currency_column:
            return [self.currency]
        return sorted({str(row[self.currency_column]) for row in self.rows if row[self.currency_column]})

    def currency_of(self, row: Row) -> str | None:
        """The currency of a row's amounts."""
        return str(row[self.currency_column]) if self.currency_column else self.currency

    def rows_in(self, currency: str | None) -> list[Row]:
        """The rows whose amounts are in the currency."""
        if not self.currency_column:
            return self.rows
        return [row for row in self.rows if row[self.currency_column] == currency]

    def total(self, column: Column, currency: str | None) -> Value:
        """What stands below a column; null when a part is unknown."""
        rows = self.rows_in(currency)
        if column.total == "sum":
            return known_sum(row[column.name] for row in rows)
        if column.ratio:
            above, below = (known_sum(row[name] for row in rows) for name in column.ratio)
            return ratio(above, below)
        return None


def known_sum(values: Iterable[Value]) -> Decimal | None:
    """The sum; null as soon as one part is."""
    total = Decimal(0)
    for value in values:
        if value is None:
            return None
        total += Decimal(value)  # type: ignore[arg-type]
    return total


def ratio(above: Decimal | None, below: Decimal | None) -> Decimal | None:
    """A share of something positive; null otherwise."""
    return above / below if above is not None and below is not None and below > 0 else None


Condition = tuple[str, Literal["=", "<>"], Value]


@dataclass(frozen=True)
class Figure:
    """A sum over (or, without a column, the number of) the rows of a table that meet the conditions."""

    table: Table
    column: str | None = None
    where: tuple[Condition, ...] = ()

    def value(self) -> Decimal | None:
        """The figure; null when a part is unknown."""
        rows = [row for row in self.table.rows if all(_meets(row, each) for each in self.where)]
        if self.column is None:
            return Decimal(len(rows))
        return known_sum(row[self.column] for row in rows)


def _meets(row: Row, condition: Condition) -> bool:
    name, operator, wanted = condition
    return (row[name] == wanted) == (operator == "=")


@dataclass(frozen=True)
class Tie:
    """Two figures that must be the same, in words, and what each is made of: parts with a sign.

    ``offset`` is added to the left side: shares of the rest are 1 less the share.
    """

    name: str
    left_text: str
    left: tuple[tuple[int, Figure], ...]
    right_text: str
    right: tuple[tuple[int, Figure], ...]
    kind: Kind = "money"
    currency: str | None = None
    offset: int = 0

    def left_value(self) -> Decimal | None:
        """The left side."""
        value = _combined(self.left)
        return None if value is None else value + self.offset

    def right_value(self) -> Decimal | None:
        """The right side."""
        return _combined(self.right)

    @property
    def holds(self) -> bool | None:
        """Whether both sides are the same; null when one is unknown."""
        left, right = self.left_value(), self.right_value()
        return None if left is None or right is None else abs(left - right) < TOLERANCE


def _combined(parts: tuple[tuple[int, Figure], ...]) -> Decimal | None:
    values = [figure.value() for _, figure in parts]
    return known_sum(
        None if value is None else sign * value for (sign, _), value in zip(parts, values, strict=True)
    )
