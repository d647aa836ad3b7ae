"""Figures as people read them, for the page. Rounded for the eye only, half up, never added up again."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Literal

from focus_validate.close_pack.marts import Value
from focus_validate.close_pack.period import MONTHS
from focus_validate.close_pack.tables import Column
from focus_validate.spec.loader import load_catalogue
from focus_validate.text import cut, escape

NO_FIGURE = "\N{EN DASH}"
TIES, DOES_NOT_TIE = "Ties", "Does not tie"
TONES: dict[str, Literal["bad", "warn", "good"]] = {
    **dict.fromkeys(("Failed", "Open", "Differs", "Unknown", DOES_NOT_TIE), "bad"),
    "Warning": "warn",
    **dict.fromkeys(("Passed", "Tied", "Exact", TIES), "good"),
}
"""How a status is to be taken: the colours of the page and of the workbook."""
_MINUS = "\N{MINUS SIGN}"
_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


def clean(text: str, limit: int) -> str:
    """A text of the data without control characters, cut; our own unbreakable spaces stay."""
    return _NO_BREAK_SPACE.join(escape(part) for part in cut(text, limit).split(_NO_BREAK_SPACE))


def places(currency: str | None) -> int:
    """Decimal places in which amounts of a currency are shown: those of its subunit, by ISO 4217."""
    return _subunits().get(currency or "", 2)


@cache
def _subunits() -> dict[str, int]:
    return {each.code: each.minor_units for each in load_catalogue().currencies}


def number(value: Decimal, digits: int) -> str:
    """``-1,204.50`` with a true minus sign, half up; nothing but zeros has no sign."""
    rounded = value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{_MINUS if rounded < 0 else ''}{abs(rounded):,}"


def money(value: Decimal, currency: str) -> str:
    """``USD 1,204.50``."""
    text = number(abs(value), places(currency))
    is_negative = value < 0 and any(digit in text for digit in "123456789")
    return f"{_MINUS if is_negative else ''}{currency}{_NO_BREAK_SPACE}{text}"


def percent(share: Decimal) -> str:
    """``69.7 %`` of a share from 0 to 1."""
    return f"{number(share * 100, 1)}{_NO_BREAK_SPACE}%"


def cell(value: Value, column: Column, currency: str | None) -> str:
    """A cell of the page."""
    if value is None:
        return NO_FIGURE if column.kind in ("money", "share", "count", "number") else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (date, datetime)):
        return day(value)
    if isinstance(value, (int, Decimal)):
        return _figure(Decimal(value), column, currency)
    return str(value)


def day(value: date) -> str:
    """``1 Sep 2026``, in English whatever the locale."""
    return f"{value.day} {MONTHS[value.month - 1][:3]} {value.year}"


def _figure(value: Decimal, column: Column, currency: str | None) -> str:
    if column.kind == "share":
        return percent(value)
    return number(value, places(currency) if column.kind == "money" else 0)
