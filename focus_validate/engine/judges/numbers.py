"""Arithmetic on numbers of any length and exponent, for what DOUBLE and DECIMAL(38) cannot decide."""

from __future__ import annotations

import re
from decimal import MAX_EMAX, MIN_EMIN, ROUND_UP, Context, Decimal

from focus_validate.engine.expressions import Operator
from focus_validate.tolerance import USUAL, Tolerance

EXACT = Context(prec=10_000, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])
"""Sums of amounts of any usual length and exponent are exact in it."""

_PARTS = re.compile(r"(-?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?")
_FARTHEST = 10**17
"""Exponents are clamped here: a number beyond is as large or small as arithmetic can say."""
_PLAIN = 30


def read(text: str) -> Decimal:
    """The number that ``text`` (NumericFormat, or a database's own notation) is, exactly."""
    match = _PARTS.fullmatch(text)
    assert match is not None, text
    sign, whole, fraction, exponent = match.groups("")
    digits = Decimal((whole + fraction).lstrip("0") or "0")
    if not digits:
        return Decimal(0)
    power = _exponent(exponent) - len(fraction)
    return digits.scaleb(power, _context(len(whole) + len(fraction))).copy_sign(Decimal(f"{sign}1"))


def _exponent(text: str) -> int:
    if len(text.lstrip("+-0")) > 17:
        return -_FARTHEST if text.startswith("-") else _FARTHEST
    return int(text or "0")


def decimals_written(text: str) -> int:
    """Digits behind the point minus the exponent: 1.50 has 2, 1.5E-3 has 4."""
    match = _PARTS.fullmatch(text)
    assert match is not None, text
    return len(match.group(3) or "") - _exponent(match.group(4) or "")


def plain(amount: Decimal) -> str:
    """An amount as a person writes it: no trailing zeros, E notation only where it is out of bounds."""
    short = amount.normalize(EXACT)
    if not short:
        return "0"
    return format(short, "f") if abs(short.adjusted()) < _PLAIN else str(short)


def compare(left: str, operator: Operator, right: str) -> bool:
    """``left`` <operator> ``right`` by value."""
    one, other = read(left), read(right)
    if operator == "=":
        return one == other
    if operator == "<>":
        return one != other
    if operator in ("<", "<="):
        return one < other or (operator == "<=" and one == other)
    return one > other or (operator == ">=" and one == other)


def product_holds(
    left: str, right: str, result: str, places: int | None, tolerance: Tolerance = USUAL
) -> bool:
    """|left * right - result| <= max(units * 10^-places, share * |result|), with ``tolerance``'s two numbers.

    Without ``places`` (floating columns) the tolerance is share * max(|result|, |left * right|).
    """
    one, other, wanted = read(left), read(right), read(result)
    exact = _context(len(left) + len(right) + len(result) + 50)
    product = exact.multiply(one, other)
    # rounded away from zero: digits that no precision holds can only make a difference too large, never equal
    difference = exact.subtract(product, wanted).copy_abs()
    share = Decimal(tolerance.share)
    allowed = [exact.multiply(share, wanted.copy_abs())]
    if places is None:
        allowed.append(exact.multiply(share, product.copy_abs()))
    else:
        allowed.append(Decimal(tolerance.units).scaleb(-places, exact))
    return any(difference <= each for each in allowed)


def _context(digits: int) -> Context:
    return Context(prec=digits + 20, rounding=ROUND_UP, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])
