"""Numbers of any length and exponent, compared exactly."""

from __future__ import annotations

import math
import re
import sys
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, total_ordering

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?(E-?[0-9]+)?")
JSON_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
FAR_APART = 60

if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)


@total_ordering
@dataclass(frozen=True)
class Number:
    """``coefficient * 10 ** exponent``, without trailing zeros in the coefficient."""

    coefficient: int
    exponent: int

    @staticmethod
    def of(coefficient: int, exponent: int) -> Number:
        if coefficient == 0:
            return Number(0, 0)
        digits = str(abs(coefficient))
        zeros = len(digits) - len(digits.rstrip("0"))
        return Number(coefficient // 10**zeros, exponent + zeros)

    @cached_property
    def magnitude(self) -> int:
        """Place of the first digit: 0 for 1 to 9, 1 for 10 to 99, -1 for 0.1."""
        return len(str(abs(self.coefficient))) - 1 + self.exponent

    @property
    def sign(self) -> int:
        return (self.coefficient > 0) - (self.coefficient < 0)

    def __lt__(self, other: Number) -> bool:
        if self.sign != other.sign:
            return self.sign < other.sign
        if self.sign == 0:
            return False
        if self.magnitude != other.magnitude:
            return (self.magnitude < other.magnitude) == (self.sign > 0)
        left, right, _ = aligned(self, other)
        return left < right

    def __mul__(self, other: Number) -> Number:
        return Number.of(self.coefficient * other.coefficient, self.exponent + other.exponent)

    def __abs__(self) -> Number:
        return Number(abs(self.coefficient), self.exponent)

    def distance(self, other: Number) -> Number:
        left, right, exponent = aligned(self, other)
        return Number.of(abs(left - right), exponent)


def aligned(a: Number, b: Number) -> tuple[int, int, int]:
    exponent = min(a.exponent, b.exponent)
    return (
        a.coefficient * 10 ** (a.exponent - exponent),
        b.coefficient * 10 ** (b.exponent - exponent),
        exponent,
    )


ZERO = Number(0, 0)
ONE = Number(1, 0)


def from_text(text: str) -> Number:
    """A number written as digits, point and exponent; the grammar was checked before."""
    mantissa, _, exponent = text.upper().partition("E")
    whole, _, decimals = mantissa.partition(".")
    return Number.of(int(whole + decimals), int(exponent or 0) - len(decimals))


def number_of(value: object) -> Number | None:
    """The number that a cell holds, or None when it is null or no number."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        return from_text(value) if NUMBER.fullmatch(value) else None
    if isinstance(value, int):
        return Number.of(value, 0)
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        value = Decimal(repr(value))  # the number that a float is written as
    if isinstance(value, Decimal):
        sign, digits, exponent = value.as_tuple()
        magnitude = int("".join(map(str, digits)) or "0")
        return Number.of(-magnitude if sign else magnitude, int(exponent))
    return None


def decimals_written(text: str) -> int:
    """Decimals of a number minus its exponent: 2 for 1.50, 4 for 1.5E-3."""
    mantissa, _, exponent = text.partition("E")
    return len(mantissa.partition(".")[2]) - int(exponent or 0)


USUAL_TOLERANCE = (Number(5, -1), Number(1, -9))


def product_matches(
    a: Number,
    b: Number,
    result: Number,
    decimals: int,
    tolerance: tuple[Number, Number] = USUAL_TOLERANCE,
) -> bool:
    """|a*b - r| <= max(units * 10^-decimals, share * |r|), where r is written with at most ``decimals``."""
    product = a * b
    units, share = tolerance
    allowed = max(units * Number(1, -decimals), abs(result) * share)
    if product.sign == 0 or result.sign == 0:
        return max(abs(product), abs(result)) <= allowed
    if abs(product.magnitude - result.magnitude) > FAR_APART:
        # Both differ from zero, so the greater one is the distance, give or take 10^-60 of it.
        return max(abs(product), abs(result)) < allowed
    return product.distance(result) <= allowed


def floats_match(
    a: Number, b: Number, result: Number, tolerance: tuple[Number, Number] = USUAL_TOLERANCE
) -> bool:
    """|a*b - r| <= share * max(|r|, |a*b|), for floating columns."""
    product = a * b
    if product.sign == 0 or result.sign == 0:
        return product == result
    if abs(product.magnitude - result.magnitude) > FAR_APART:
        return False
    return product.distance(result) <= max(abs(result), abs(product)) * tolerance[1]
