"""The data under test, and what a single cell is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from .jsontext import Object, parse_object
from .moments import instant_of
from .numeric import USUAL_TOLERANCE, Number, number_of

Row = Mapping[str, Any]
WORD_BLANKS = "\t\n\f\r "


@dataclass
class Table:
    """Rows of text (CSV, ``types`` empty) or of typed values.

    ``types`` names the physical type per column: string, integer, floating, decimal, timestamp, zoned (a
    timestamp held in another zone than UTC), date, boolean, json; ``scales`` the scale of the decimal ones.
    ``tolerance`` is that of products: units of the last decimal place, and a share of the result.
    """

    header: Sequence[str]
    rows: Sequence[Row]
    types: Mapping[str, str] = field(default_factory=dict)
    scales: Mapping[str, int] = field(default_factory=dict)
    tolerance: tuple[Number, Number] = USUAL_TOLERANCE

    @property
    def is_typed(self) -> bool:
        return bool(self.types)

    def physical(self, column: str) -> str:
        return self.types.get(column, "text")

    def holds_text(self, column: str) -> bool:
        return self.physical(column) in ("text", "string")


def text_of(value: object) -> str:
    """A non-null cell as text, for comparison with literals."""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else str(value)


@cache
def parsed_text(text: str) -> Object | None:
    return parse_object(text)


def object_of(value: object) -> Object | None:
    return parsed_text(value) if isinstance(value, str) else parse_object(value)


def fits_type(kind: str, physical: str, value: object) -> bool:
    """Whether a non-null value fits the type that a Type rule names, given the carrier's physical type."""
    if kind == "TypeString":
        return physical in ("text", "string")
    if kind == "TypeDecimal":
        return (
            number_of(value) is not None
            if physical == "text"
            else physical in ("decimal", "integer", "floating")
        )
    if kind == "TypeDateTime":
        return physical in ("timestamp", "zoned") or (
            physical in ("text", "string") and instant_of(value) is not None
        )
    return physical in ("text", "string", "json") and object_of(value) is not None


def same_value(kind: str, left: object, right: object) -> bool:
    """CheckSameValue on two non-null values of columns of one data type."""
    if kind == "Decimal":
        a, b = number_of(left), number_of(right)
        return a is None or b is None or a == b
    if kind == "Date/Time":
        start, end = instant_of(left), instant_of(right)
        return start is None or end is None or start == end
    return text_of(left) == text_of(right)


def ordered(kind: str, left: object, right: object, operator: str) -> bool:
    """CheckColumnComparison on two non-null values."""
    a: Number | int | None = number_of(left) if kind == "Decimal" else instant_of(left)
    b: Number | int | None = number_of(right) if kind == "Decimal" else instant_of(right)
    if a is None or b is None:
        return True
    return {">=": a >= b, ">": a > b, "<=": a <= b, "<": a < b}[operator]  # type: ignore[operator]
