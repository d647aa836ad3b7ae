"""Each check of the vocabulary on CSV: what passes, what violates, what is counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .support import judged, report, rows_of, rule, write_csv

LONG = "1" * 60
CASES: list[tuple[str, Any, list[str | None], list[int]]] = [
    # column, check, cells, rows (from 1) that violate
    (
        "Name",
        {"equals": {"column": "Name", "value": "Usage"}},
        ["Usage", "usage", "Usage ", "", None],
        [2, 3, 4],
    ),
    ("Name", {"not_equals": {"column": "Name", "value": "Usage"}}, ["Usage", "usage", None], [1]),
    ("Name", {"one_of": {"column": "Name", "values": ["a", "b"]}}, ["a", "b", "A", "ab", None], [3, 4]),
    (
        "Name",
        {"one_of": {"column": "Name", "values": ["a.c", "b+", "(x)", "d", "e", "f"]}},
        ["a.c", "abc", "b+", "bb", "(x)", "x", "d\n"],
        [2, 4, 6, 7],
    ),
    ("Category", {"one_of": {"column": "Category"}}, ["a", "c"], [2]),
    (
        "Amount",
        {"equals": {"column": "Amount", "value": 1.0}},
        ["1", "1.00", "10E-1", "0.9", "x", None],
        [4],
    ),
    (
        "Amount",
        {"not_equals": {"column": "Amount", "value": 0}},
        ["0.0", "-0", "0E5", "1E-400", "x"],
        [1, 2, 3],
    ),
    (
        "Amount",
        {"minimum": {"column": "Amount", "value": 0}},
        ["-0", "0", "-1E-400", "-1", "-x", "3"],
        [3, 4],
    ),
    (
        "Amount",
        {"minimum": {"column": "Amount", "value": 0, "exclusive": True}},
        ["0", "1E-400", "-1"],
        [1, 3],
    ),
    (
        "Amount",
        {"maximum": {"column": "Amount", "value": 1.0}},
        ["1", "1.0000000000000000000000000000001", "1E400", "0.9999999999999999999999", f"0.{LONG}"],
        [2, 3],
    ),
    ("Amount", {"maximum": {"column": "Amount", "value": 1, "exclusive": True}}, ["1.0", "0.99"], [1]),
    ("Name", {"matches": {"column": "Name", "pattern": "[0-9]+"}}, ["1", "1\n", "a1", "12"], [2, 3]),
    ("Name", {"not": {"matches": {"column": "Name", "pattern": "[0-9]+"}}}, ["1", "a"], [1]),
    ("Name", {"any": [{"equals": {"column": "Name", "value": "x"}}, {"is_null": "Row"}]}, ["x", "y"], [2]),
    ("Name", {"all": [{"not_null": "Row"}, {"equals": {"column": "Name", "value": "x"}}]}, ["x", "y"], [2]),
    ("Name", {"type": {"column": "Name", "is": "string"}}, ["0", "x", None], []),
    ("Amount", {"type": {"column": "Amount", "is": "decimal"}}, ["1", "x", "+1", None], [2, 3]),
    ("Start", {"type": {"column": "Start", "is": "datetime"}}, ["2026-01-01T00:00:00Z", "2026-01-01"], [2]),
    ("Details", {"type": {"column": "Details", "is": "json"}}, ["{}", "[]", "x", '{"a": 1, "a": 2}'], [2, 3]),
    ("Details", {"type": {"column": "Details", "is": "json_or_string"}}, ["{}", "[]", "1"], [2, 3]),
    ("Name", {"format": {"column": "Name", "as": "string"}}, ["", " ", "x"], []),
    ("Name", {"format": {"column": "Name", "as": "currency"}}, ["USD", "usd", "XAU", "DEM", "HRK"], [2, 4]),
    ("Name", {"format": {"column": "Name", "as": "national_currency"}}, ["USD", "XAU", "XAF", "XXX"], [2, 4]),
    (
        "Unit",
        {"format": {"column": "Unit", "as": "unit"}},
        ["GB-Hours", "gb", "1000 Tokens", "GB per Hour"],
        [2, 4],
    ),
    (
        "Details",
        {"format": {"column": "Details", "as": "key_value"}},
        ['{"a": 1}', '{"a": [1]}', '{"a": 1, "a": 1}', '{"a": 1, "\\u0061": 2}', "{}", "{"],
        [2, 3, 4, 6],
    ),
    (
        "Details",
        {"format": {"column": "Details", "as": "json_object"}},
        ['{"a": [1]}', '{"a": {"b": 1, "b": 2}}', "[]"],
        [2, 3],
    ),
    (
        "Details",
        {"json_schema": {"column": "Details", "schema": "ContractAppliedObject"}},
        [
            '{"Elements": []}',
            "no JSON",
            '{"Elements": [{"ContractId": "c", "ContractCommitmentId": "k", '
            '"ContractCommitmentAppliedCost": 1}]}',
        ],
        [1],
    ),
]


@pytest.mark.parametrize(("column", "check", "cells", "violating"), CASES)
def test_check(
    column: str, check: Any, cells: list[str | None], violating: list[int], tmp_path: Path
) -> None:
    result = judged(tmp_path, cells, check, column)
    assert rows_of(result) == violating
    assert result.violations == len(violating)
    assert result.checked == sum(cell is not None for cell in cells)
    assert result.status == ("fail" if violating else "pass")
    assert [sample.value for sample in result.samples] == [cells[row - 1] for row in violating]


NUMBERS = ["-100.2", "-3", "4", "35.2E-7", "1.234", "007", "-0", "1E5", "1E-400", "9" * 80]
NO_NUMBERS = [
    *("1 1/2", "35.2E+7", "35.24 x 10^7", "[3,5,8]", "5i + 4", "2.3^3", "32 GiB", "$32", "3,432,342", "+333"),
    *(
        "1e5",
        ".5",
        "5.",
        "NaN",
        "nan",
        "Infinity",
        "-inf",
        " 1",
        "1 ",
        "1_000",
        "(12)",
        "12-",
        "0x10",
        "１２",
    ),
    *("1٫5", "−1", "true", "", "1\n", "--1", "1E", "1E1.5", "1.2.3", "1E--5", "E5"),
]


@pytest.mark.parametrize("text", NUMBERS)
def test_numeric_format_accepts(text: str, tmp_path: Path) -> None:
    assert (
        judged(tmp_path, [text], {"format": {"column": "Amount", "as": "numeric"}}, "Amount").violations == 0
    )


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_numeric_format_refuses(text: str, tmp_path: Path) -> None:
    assert (
        judged(tmp_path, [text], {"format": {"column": "Amount", "as": "numeric"}}, "Amount").violations == 1
    )


MOMENTS = ["2026-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "2000-02-29T00:00:00Z", "0001-01-01T00:00:00Z"]
NO_MOMENTS = [
    *("2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-13-01T00:00:00Z"),
    *("2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "0000-01-01T00:00:00Z", "2026-01-01T24:00:00Z"),
    *("2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00+00:00"),
    *(
        "2026-01-01 00:00:00Z",
        "2026-01-01t00:00:00z",
        "2026-01-01T00:00:00.0Z",
        "2026-01-01",
        "20260101T000000Z",
    ),
    *("2026-01-01T00:00Z", "10000-01-01T00:00:00Z", " 2026-01-01T00:00:00Z", "infinity", "1767225600", ""),
]


@pytest.mark.parametrize("text", MOMENTS)
def test_datetime_format_accepts(text: str, tmp_path: Path) -> None:
    assert (
        judged(tmp_path, [text], {"format": {"column": "Start", "as": "datetime"}}, "Start").violations == 0
    )


@pytest.mark.parametrize("text", NO_MOMENTS)
def test_datetime_format_refuses(text: str, tmp_path: Path) -> None:
    assert (
        judged(tmp_path, [text], {"format": {"column": "Start", "as": "datetime"}}, "Start").violations == 1
    )


PAIRS: list[tuple[Any, str, str | None, str | None, bool]] = [
    ({"same": ["Amount", "OtherAmount"]}, "Amount", "1.50", "1.5", True),
    ({"same": ["Amount", "OtherAmount"]}, "Amount", "15E-1", "1.5", True),
    ({"same": ["Amount", "OtherAmount"]}, "Amount", "1.5", f"1.5{40 * '0'}1", False),
    ({"same": ["Amount", "OtherAmount"]}, "Amount", "1E400", "10E399", True),
    ({"same": ["Amount", "OtherAmount"]}, "Amount", "1E400", "1E401", False),
    ({"same": ["Amount", "OtherAmount"]}, "Amount", "0.1", "0.10000000000000001", False),
    ({"same": ["Amount", "OtherAmount"]}, "Amount", "x", "1", True),
    ({"same": ["Amount", "OtherAmount"]}, "Amount", "1", None, True),
    ({"differs": ["Amount", "OtherAmount"]}, "Amount", "1.0", "1", False),
    ({"same": ["Name", "Other"]}, "Name", "1.0", "1", False),
    ({"same": ["Name", "Other"]}, "Name", "a", "a", True),
    ({"same": ["Name", "Other"]}, "Name", "a", None, True),
    ({"differs": ["Name", "Other"]}, "Name", "a", "a", False),
    (
        {"compare": {"left": "Start", "operator": "<=", "right": "End"}},
        "Start",
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00Z",
        True,
    ),
    (
        {"compare": {"left": "Start", "operator": "<", "right": "End"}},
        "Start",
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00Z",
        False,
    ),
    (
        {"compare": {"left": "Start", "operator": ">=", "right": "End"}},
        "Start",
        "2026-01-01T00:00:00Z",
        "2026-01-02",
        True,
    ),
    ({"compare": {"left": "Amount", "operator": ">", "right": "OtherAmount"}}, "Amount", "2", "10", False),
]


@pytest.mark.parametrize(("check", "column", "left", "right", "passes"), PAIRS)
def test_two_columns(
    check: Any, column: str, left: str, right: str | None, passes: bool, tmp_path: Path
) -> None:
    columns = next(iter(check.values()))
    other = columns["right"] if isinstance(columns, dict) else columns[1]
    path = write_csv(tmp_path / "pair.csv", [{column: left, other: right}])
    result = report(path, rule(check, column)).rule("R")
    assert (result.violations == 0, result.checked) == (passes, 1)


PRODUCTS: list[tuple[str, str, str, str | None, bool]] = [
    # factors, result, currency, within the tolerance
    ("0.5", "0.01", "0.01", "USD", True),  # |0.005 - 0.01| = 0.5 * 10^-2: the limit itself
    ("0.5", "0.0099999", "0.01", "USD", False),
    ("0.5", "0.01", "0.010", "USD", False),  # three decimals are written: half a thousandth
    ("3", "0.4", "1", "JPY", True),  # no decimals, and JPY has none
    ("3", "0.5", "1", "JPY", True),
    ("3", "0.6", "1", "JPY", False),
    ("3", "0.4", "1", "USD", False),
    ("3", "0.4", "1", None, False),  # unknown: two decimals
    ("1", "0.00154", "1.5E-3", "USD", True),  # 1.5E-3 has 4 decimals: 0.00004 <= 0.00005
    ("1", "0.001551", "1.5E-3", "USD", False),
    ("1000000000", "1", "1000000001", "USD", True),  # 1e-9 of the result
    ("1000000000", "1", "1000000003", "USD", False),
    ("1E200", "1E200", "1E400", "USD", True),
    ("1E200", "1E200", "1.0000001E400", "USD", False),
    ("0.00000015", "8000000000", "1200", "USD", True),
    ("0." + "0" * 40 + "1", "1E41", "1", "USD", True),
    ("x", "1", "5", "USD", True),
]


@pytest.mark.parametrize(("left", "right", "result", "currency", "passes"), PRODUCTS)
def test_product(
    left: str, right: str, result: str, currency: str | None, passes: bool, tmp_path: Path
) -> None:
    check = {"product": {"factors": ["Amount", "OtherAmount"], "equals": "Result"}}
    row = {"Amount": left, "OtherAmount": right, "Result": result, "BillingCurrency": currency}
    found = report(write_csv(tmp_path / "p.csv", [row]), rule(check, "Result")).rule("R")
    assert (found.violations == 0, found.checked) == (passes, 1)


def test_product_passes_when_a_factor_is_null(tmp_path: Path) -> None:
    check = {"product": {"factors": ["Amount", "OtherAmount"], "equals": "Result"}}
    row = {"Amount": None, "OtherAmount": "2", "Result": "5"}
    found = report(write_csv(tmp_path / "p.csv", [row]), rule(check, "Result")).rule("R")
    assert (found.violations, found.checked) == (0, 1)


def test_distinct_count_counts_groups(tmp_path: Path) -> None:
    rows = [
        {"Name": "one", "Other": "x"},
        {"Name": "two", "Other": "x"},
        {"Name": "two", "Other": "y"},
        {"Name": "none", "Other": None},
        {"Name": None, "Other": "z"},
        {"Name": "one", "Other": None},
        {"Name": "three", "Other": "p"},
        {"Name": "three", "Other": "q"},
    ]
    check = {"distinct_count": {"for_each": "Name", "of": "Other", "count": 1}}
    found = report(write_csv(tmp_path / "g.csv", rows), rule(check)).rule("R")
    assert (found.violations, found.checked, found.status) == (2, 4, "fail")
    assert [(sample.row, sample.value) for sample in found.samples] == [(2, "two"), (7, "three")]


def test_distinct_count_looks_at_rows_of_the_condition_only(tmp_path: Path) -> None:
    rows = [{"Name": "a", "Other": "x"}, {"Name": "a", "Other": "Other"}, {"Name": "b", "Other": "Other"}]
    check = {"distinct_count": {"for_each": "Name", "of": "Other", "count": 1}}
    when = {"not_equals": {"column": "Other", "value": "Other"}}
    found = report(write_csv(tmp_path / "g.csv", rows), rule(check, when=when)).rule("R")
    assert (found.violations, found.checked) == (0, 1)


def test_no_duplicates_counts_values(tmp_path: Path) -> None:
    rows = [{"Name": name} for name in ["a", "b", "a", "a", None, None, "b", "c", ""]]
    found = report(write_csv(tmp_path / "g.csv", rows), rule({"no_duplicates": "Name"})).rule("R")
    assert (found.violations, found.checked) == (2, 3 + 1)
    assert [(sample.row, sample.value) for sample in found.samples] == [(1, "a"), (2, "b")]


def test_no_duplicates_over_several_columns_leaves_nulls_out(tmp_path: Path) -> None:
    rows = [{"Name": "a", "Other": other} for other in ["x", "x", "y", None, None]]
    found = report(write_csv(tmp_path / "g.csv", rows), rule({"no_duplicates": ["Name", "Other"]})).rule("R")
    assert (found.violations, found.checked) == (1, 2)
    assert [(sample.row, sample.value) for sample in found.samples] == [(1, '["a", "x"]')]


def test_nullability_counts_rows_of_the_condition(tmp_path: Path) -> None:
    rows = [
        {"Name": name, "Other": other} for name, other in [(None, "x"), ("a", "x"), (None, "y"), ("b", None)]
    ]
    when = {"equals": {"column": "Other", "value": "x"}}
    demanded = rule({"not_null": "Name"}, function="Nullability", when=when)
    found = report(write_csv(tmp_path / "n.csv", rows), demanded).rule("R")
    assert (found.violations, found.checked, rows_of(found)) == (1, 2, [1])
    forbidden = rule({"is_null": "Name"}, function="Nullability", when=when)
    found = report(tmp_path / "n.csv", forbidden).rule("R")
    assert (found.violations, found.checked, rows_of(found)) == (1, 2, [2])


WHEN: list[tuple[Any, list[str | None], list[int]]] = [
    # condition on Other, its cells, rows where it holds
    ({"equals": {"column": "Other", "value": "x"}}, ["x", "y", None], [1]),
    ({"not_equals": {"column": "Other", "value": "x"}}, ["x", "y", None], [2, 3]),
    ({"is_null": "Other"}, ["x", None, ""], [2]),
    ({"not_equals": {"column": "OtherAmount", "value": 0}}, ["0.0", "-1", "x", None, "1E-999"], [2, 5]),
    ({"minimum": {"column": "OtherAmount", "value": 0, "exclusive": True}}, ["0", "1", "x", None], [2]),
    ({"not": {"matches": {"column": "Other", "pattern": "x.*"}}}, ["xy", "y", None], [2, 3]),
]


@pytest.mark.parametrize(("when", "cells", "holding"), WHEN)
def test_condition(when: Any, cells: list[str | None], holding: list[int], tmp_path: Path) -> None:
    column = "OtherAmount" if "OtherAmount" in str(when) else "Other"
    rows = [{"Name": "wrong", column: cell} for cell in cells]
    broken = rule({"equals": {"column": "Name", "value": "right"}}, when=when)
    found = report(write_csv(tmp_path / "w.csv", rows), broken).rule("R")
    assert (rows_of(found), found.checked) == (holding, len(holding))


def test_conditions_of_all_composites_above_hold_together(tmp_path: Path) -> None:
    rows = [{"Name": "x", "Other": other, "Unit": unit} for other in ("a", "b") for unit in ("a", "b")]
    broken = rule(
        {"equals": {"column": "Name", "value": "right"}},
        when={"equals": {"column": "Other", "value": "a"}},
        conditions=({"equals": {"column": "Unit", "value": "b"}},),
    )
    assert rows_of(report(write_csv(tmp_path / "w.csv", rows), broken).rule("R")) == [2]


def test_rows_of_unless_pass_and_count_as_checked(tmp_path: Path) -> None:
    rows = [{"Name": None, "Other": "spared"}, {"Name": None, "Other": "x"}]
    demanded = rule(
        {"not_null": "Name"},
        function="Nullability",
        unless={"equals": {"column": "Other", "value": "spared"}},
    )
    found = report(write_csv(tmp_path / "u.csv", rows), demanded).rule("R")
    assert (rows_of(found), found.checked) == ([2], 2)
    found = report(write_csv(tmp_path / "u.csv", [{"Name": None, "Row": "1"}]), demanded).rule("R")
    assert (found.status, found.violations) == ("fail", 1), "an absent column puts `unless` out of force"
