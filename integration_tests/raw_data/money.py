"""Exact money: whole numbers of 10^-12 of a currency's major unit, the package's unit of distribution."""

from __future__ import annotations

from decimal import Decimal

ONE = 10**12
CENT = ONE // 100


def units(text: str) -> int:
    """`"12.5"` to units of 10^-12."""
    value = Decimal(text).scaleb(12)
    if value != value.to_integral_value():
        raise ValueError(f"more than 12 decimals: {text}")
    return int(value)


def plain(amount: int, scale: int = 12) -> str:
    """Units of 10^-scale as decimal text without trailing zeros: `1.5`, `-0.000001`, `0`."""
    sign, digits = ("-" if amount < 0 else ""), str(abs(amount)).rjust(scale + 1, "0")
    whole, fraction = digits[:-scale], digits[-scale:].rstrip("0")
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def json_number(amount: int) -> str:
    """As a JSON writer prints a float: `0.06`, and `3.75e-05` below 0.0001."""
    if amount == 0 or abs(amount) >= ONE // 10_000:
        text = plain(amount)
        return text if "." in text else text + ".0"
    sign, digits = ("-" if amount < 0 else ""), str(abs(amount))
    exponent = len(digits) - 13
    mantissa = digits[0] + ("." + digits[1:].rstrip("0")).rstrip(".")
    return f"{sign}{mantissa}e-{-exponent:02d}"


def cents(amount: int) -> int:
    """Rounded to whole cents, half away from zero; in units of 10^-12."""
    rounded = (abs(amount) + CENT // 2) // CENT * CENT
    return -rounded if amount < 0 else rounded


def two_decimals(amount: int) -> str:
    """Text with exactly two decimals; the amount must be whole cents."""
    if amount % CENT:
        raise ValueError(f"not whole cents: {plain(amount)}")
    value = abs(amount) // CENT
    return f"{'-' if amount < 0 else ''}{value // 100}.{value % 100:02d}"
