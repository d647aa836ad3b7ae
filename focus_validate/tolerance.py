"""How far a cost may be from the product of a unit price and a quantity (SEMANTICS: products)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

import msgspec

from focus_validate.errors import UsageError
from focus_validate.text import escape

_NUMBER = r"[0-9]{1,20}(?:\.[0-9]{1,20})?(?:[eE]-?[0-9]{1,2})?"
_PAIR = re.compile(rf"\s*({_NUMBER})\s*,\s*({_NUMBER})\s*")
_FORMULA = re.compile(rf"max\(({_NUMBER}) \* 10\^-d, ({_NUMBER}) \* \|r\|\)")


class Tolerance(msgspec.Struct, frozen=True):
    """A product may differ from the stated result r by ``max(units * 10^-d, share * |r|)``.

    ``units`` counts the last decimal place of r, d is the number of its decimals; in floating columns, which
    have no last place, ``share`` of the larger of result and product alone counts. Both are numbers as text.
    """

    units: str = "0.5"
    share: str = "1e-9"

    @property
    def formula(self) -> str:
        """What reports print."""
        return f"max({self.units} * 10^-d, {self.share} * |r|)"

    @property
    def pair(self) -> str:
        """What the option takes."""
        return f"{self.units},{self.share}"


USUAL = Tolerance()


def chosen_tolerance(options: Mapping[str, object]) -> Tolerance | None:
    """The tolerance among the options of a report; None if it is the usual one."""
    tolerance = tolerance_of(str(options.get("tolerance", USUAL.pair)))
    return None if tolerance == USUAL else tolerance


def tolerance_of(text: str) -> Tolerance:
    """The tolerance that ``text`` means: ``UNITS,SHARE``, or the formula that a report prints."""
    match = _PAIR.fullmatch(text) or _FORMULA.fullmatch(text)
    if match is None or Decimal(match[2]) >= 1:
        raise UsageError(
            f"tolerance '{escape(text)}': use UNITS,SHARE, units of the last decimal place and a share"
            f" below 1, such as {USUAL.pair} (the default) or 0,0 (no difference at all)"
        )
    return Tolerance(*match.groups())
