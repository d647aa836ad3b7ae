"""Rounding Variance Tolerance: the cases of the specification's appendix, and its exact edge."""

from __future__ import annotations

from decimal import Decimal

import pytest

from focus_validate.conformance.facts import Total
from focus_validate.conformance.variance import Gap, gaps
from focus_validate.engine.judges.numbers import plain
from focus_validate.spec.loader import load_catalogue

UNITS = {currency.code: currency.minor_units for currency in load_catalogue().currencies}


def gap(cost: str, invoiced: str, rows: int, currency: str = "USD") -> Gap:
    [found] = gaps(
        {currency: Total(rows, Decimal(cost), 1)}, {currency: Total(1, Decimal(invoiced), 1)}, UNITS
    ) or [None]
    assert found
    return found


@pytest.mark.parametrize(
    ("rows", "cost", "invoiced", "tolerance", "within"),
    [
        (5, "12.50", "12.52", "1.00", True),
        (5, "10.00", "15.00", "1.00", False),
        (1_000_000, "104.50", "100.00", "5.00", True),
        (1_000_000, "115.00", "100.00", "5.00", False),
    ],
)
def test_cases_of_the_appendix(rows: int, cost: str, invoiced: str, tolerance: str, within: bool) -> None:
    found = gap(cost, invoiced, rows)
    assert (found.tolerance, found.is_within) == (Decimal(tolerance), within)


@pytest.mark.parametrize(
    ("currency", "edge", "beyond"),
    [
        ("USD", "1", "1.000000000000000000000000000000000001"),
        ("JPY", "100", "100.0000001"),
        ("KWD", "0.1", "0.1000001"),
        ("CLF", "0.01", "0.0100001"),
        ("???", "1", "1.01"),
    ],
)
def test_a_difference_of_100_subunits_is_the_edge(currency: str, edge: str, beyond: str) -> None:
    for sign in ("", "-"):
        assert gap("0", f"{sign}{edge}", 1, currency).is_within
        assert not gap("0", f"{sign}{beyond}", 1, currency).is_within


def test_many_rows_move_the_edge_and_no_root_blurs_it() -> None:
    """10,000,000,000 rows: sqrt is 100,000 and the tolerance 500.00; 40,004 rows: an irrational root."""
    assert gap("1500", "1000", 10**10).is_within
    assert not gap("1500.0000000000000000001", "1000", 10**10).is_within
    assert gap("1.00004999", "0", 40_004).is_within
    assert not gap("1.00005", "0", 40_004).is_within


def test_40_000_rows_are_where_the_rows_begin_to_count() -> None:
    assert not gap("1.000001", "0", 40_000).is_within
    assert gap("1.000001", "0", 40_001).is_within


def test_each_currency_is_compared_by_itself() -> None:
    costs = {"USD": Total(1, Decimal(10), 1), "EUR": Total(1, Decimal(5), 1)}
    invoiced = {"USD": Total(1, Decimal(15), 1)}
    found = gaps(costs, invoiced, UNITS) or []
    assert [(each.currency, each.cost - each.invoiced, each.is_within) for each in found] == [
        ("EUR", 5, False),
        ("USD", -5, False),
    ]


def test_a_sum_that_is_not_known_is_not_compared() -> None:
    assert gaps({"USD": Total(1, None, 1)}, {"USD": Total(1, Decimal(1), 1)}, UNITS) is None
    assert gaps({}, {"USD": Total(1, None, 1)}, UNITS) is None


@pytest.mark.parametrize(
    ("amount", "text"),
    [("1.500", "1.5"), ("-0.00", "0"), ("1E+3", "1000"), ("1E+40", "1E+40"), ("1E-99999", "1E-99999")],
)
def test_amounts_are_shown_as_people_write_them(amount: str, text: str) -> None:
    assert plain(Decimal(amount)) == text
