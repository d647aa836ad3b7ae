"""Physical types of Parquet, Arrow, pandas and polars: what they mean for Type, Format and arithmetic."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest

from focus_validate.errors import InputError

from .support import report, rows_of, rule

UTC = dt.timezone.utc
MOMENT = dt.datetime(2026, 1, 1, tzinfo=UTC)
OBJECT = pa.struct([("a", pa.string())])
TYPES: list[tuple[str, pa.Array, set[str]]] = [
    # an array, and the Type rules that it meets
    ("string", pa.array(["x"]), {"string"}),
    ("large string", pa.array(["x"], pa.large_string()), {"string"}),
    ("dictionary", pa.array(["x"]).dictionary_encode(), {"string"}),
    ("text of a number", pa.array(["1.5"]), {"string"}),
    ("text of a moment", pa.array(["2026-01-01T00:00:00Z"]), {"string", "datetime"}),
    ("text of an object", pa.array(["{}"]), {"string", "json", "json_or_string"}),
    ("int32", pa.array([1], pa.int32()), {"decimal"}),
    ("uint64", pa.array([1], pa.uint64()), {"decimal"}),
    ("double", pa.array([1.5]), {"decimal"}),
    ("float", pa.array([1.5], pa.float32()), {"decimal"}),
    ("decimal", pa.array([Decimal("1.50")]), {"decimal"}),
    ("boolean", pa.array([True]), set()),
    ("date", pa.array([dt.date(2026, 1, 1)]), set()),
    ("time", pa.array([dt.time(1)]), set()),
    ("timestamp with zone", pa.array([MOMENT], pa.timestamp("us", "UTC")), {"datetime"}),
    ("timestamp with offset", pa.array([MOMENT], pa.timestamp("us", "+05:00")), {"datetime"}),
    ("timestamp without zone", pa.array([MOMENT.replace(tzinfo=None)], pa.timestamp("ms")), {"datetime"}),
    ("timestamp in ns with zone", pa.array([MOMENT], pa.timestamp("ns", "UTC")), {"datetime"}),
    ("timestamp in ns", pa.array([MOMENT.replace(tzinfo=None)], pa.timestamp("ns")), {"datetime"}),
    ("struct", pa.array([{"a": "x"}], OBJECT), {"json", "json_or_string"}),
    ("map", pa.array([[("a", "x")]], pa.map_(pa.string(), pa.string())), {"json", "json_or_string"}),
    ("list", pa.array([["x"]]), set()),
    ("binary", pa.array([b"x"]), set()),
]


@pytest.mark.parametrize("kind", ["string", "decimal", "datetime", "json", "json_or_string"])
@pytest.mark.parametrize(("array", "fitting"), [case[1:] for case in TYPES], ids=[case[0] for case in TYPES])
def test_type_rules_judge_the_physical_type(
    array: pa.Array, fitting: set[str], kind: str, tmp_path: Path
) -> None:
    table = pa.table({"Details": pa.concat_arrays([array, pa.nulls(1, array.type)]), "Row": [1, 2]})
    pq.write_table(table, tmp_path / "t.parquet")
    made = rule({"type": {"column": "Details", "is": kind}}, "Details")
    for source in (tmp_path / "t.parquet", table):
        found = report(source, made).rule("R")
        assert (found.violations, found.checked) == (int(kind not in fitting), 1)


def test_formats_test_text_alone(tmp_path: Path) -> None:
    table = pa.table(
        {"Amount": [1.5, float("nan")], "Start": [MOMENT, None], "Other": [1, 2], "Name": ["1,5", "x"]}
    )
    numeric = rule({"format": {"column": "Amount", "as": "numeric"}}, "Amount", id="numeric")
    moment = rule({"format": {"column": "Start", "as": "datetime"}}, "Start", id="moment")
    integer = rule({"format": {"column": "Other", "as": "datetime"}}, "Other", id="integer")
    text = rule({"format": {"column": "Name", "as": "numeric"}}, "Name", id="text")
    found = report(table, numeric, moment, integer, text)
    assert [found.rule(name).violations for name in ("numeric", "moment", "integer", "text")] == [0, 0, 0, 2]


def test_not_a_number_is_no_number() -> None:
    table = pa.table({"Amount": [-1.0, float("nan"), float("-inf"), 2.0, None]})
    found = report(table, rule({"minimum": {"column": "Amount", "value": 0}}, "Amount")).rule("R")
    assert (rows_of(found), found.checked) == ([1], 4)


PRODUCT = {"product": {"factors": ["Amount", "OtherAmount"], "equals": "Result"}}


def product(result: pa.Array, amount: pa.Array | None = None, currency: str = "USD") -> int | None:
    rows = len(result)
    table = pa.table(
        {
            "Amount": amount if amount is not None else pa.array([Decimal("0.5")] * rows),
            "OtherAmount": pa.array([Decimal("0.3")] * rows),
            "Result": result,
            "BillingCurrency": [currency] * rows,
        }
    )
    return report(table, rule(PRODUCT, "Result")).rule("R").violations


def test_products_of_typed_columns() -> None:
    assert product(pa.array([Decimal("0.1")], pa.decimal128(10, 1))) == 0, "0.05 is half of the last decimal"
    assert product(pa.array([Decimal("0.2")], pa.decimal128(10, 1))) == 0
    assert product(pa.array([Decimal("0.10")], pa.decimal128(10, 2))) == 1
    assert product(pa.array([Decimal("0.145")], pa.decimal128(10, 3))) == 1
    assert product(pa.array([0.15])) == 0
    assert product(pa.array([0.1500001])) == 1, "floating: 1e-9 of the larger side, no decimals"
    assert product(pa.array([Decimal("0.1")], pa.decimal128(10, 1)), amount=pa.array([0.5])) == 1
    assert product(pa.array([0]), currency="JPY") == 0, "an integer is written without decimals"
    assert product(pa.array([0]), currency="USD") == 1
    assert product(pa.array([float("inf")])) == 0, "no number"


def test_decimals_of_38_digits_compare_exactly() -> None:
    digits = "1" + "0" * 36
    table = pa.table(
        {
            "Amount": pa.array([Decimal(digits + "1"), Decimal(digits + "2")], pa.decimal128(38, 0)),
            "OtherAmount": pa.array([Decimal("0." + "0" * 37 + "1"), Decimal(0)], pa.decimal128(38, 38)),
        }
    )
    same = rule({"same": ["Amount", "OtherAmount"]}, "Amount", id="same")
    equal = rule({"same": ["Amount", "Amount"]}, "Amount", id="equal")
    tiny = rule({"maximum": {"column": "OtherAmount", "value": 0}}, "OtherAmount", id="tiny")
    found = report(table, same, equal, tiny)
    assert [found.rule(name).violations for name in ("same", "equal", "tiny")] == [2, 0, 1]


def test_moments_of_different_kinds_compare_as_instants() -> None:
    later = dt.datetime(2026, 1, 1, 1)
    table = pa.table(
        {
            "Start": pa.array([MOMENT, MOMENT], pa.timestamp("us", "+05:00")),
            "End": pa.array([later.replace(hour=0), later], pa.timestamp("ns")),
            "Name": ["2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"],
        }
    )
    less = rule({"compare": {"left": "Start", "operator": "<", "right": "End"}}, "Start", id="less")
    text = rule({"compare": {"left": "Start", "operator": ">=", "right": "Name"}}, "Start", id="text")
    found = report(table, less, text)
    assert rows_of(found.rule("less")) == [1]
    assert rows_of(found.rule("text")) == [2]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "+05:00"])
def test_timestamps_of_any_kind_compare_and_show(unit: str, zone: str | None, tmp_path: Path) -> None:
    start, end = (
        pa.array([MOMENT, MOMENT + dt.timedelta(hours=hour)], pa.timestamp("us", "UTC")) for hour in (1, 0)
    )
    table = pa.table({"Start": start.cast(pa.timestamp(unit, zone)), "End": end})
    pq.write_table(table, tmp_path / "t.parquet")
    less = rule({"compare": {"left": "Start", "operator": "<=", "right": "End"}}, "Start")
    for source in (table, tmp_path / "t.parquet"):
        [sample] = report(source, less).rule("R").samples
        assert (sample.row, str(sample.value)[:19]) == (2, "2026-01-01T01:00:00")


@pytest.mark.parametrize(
    ("zone", "is_utc"),
    [(None, True), ("UTC", True), ("Etc/UTC", True), ("Europe/Berlin", False), ("+02:00", False)],
)
def test_a_moment_of_another_zone_is_not_given_in_utc(zone: str | None, is_utc: bool, tmp_path: Path) -> None:
    """As text with an offset: the form is broken, the type and the parts of the time are not."""
    table = pa.table(
        {"Start": pa.array([MOMENT, None], pa.timestamp("us", "UTC")).cast(pa.timestamp("us", zone))}
    )
    pyarrow.feather.write_feather(table, str(tmp_path / "t.arrow"), compression="uncompressed")
    rules = (
        rule({"type": {"column": "Start", "is": "datetime"}}, "Start", id="type"),
        rule({"format": {"column": "Start", "as": "datetime"}}, "Start", id="format"),
        rule({"matches": {"column": "Start", "pattern": ".*Z"}}, "Start", id="utc"),
        rule({"matches": {"column": "Start", "pattern": "[0-9-]+T[0-9].*"}}, "Start", id="parts"),
    )
    for source in (table, table.to_pandas(), pl.from_arrow(table), tmp_path / "t.arrow"):
        found = report(source, *rules)
        broken = [found.rule(name).violations for name in ("type", "format", "utc", "parts")]
        assert broken == [0, int(not is_utc), int(not is_utc), 0]
    if not is_utc:
        assert found.rule("format").samples[0].value == f"2026-01-01T00:00:00Z held in {zone}"


def test_wide_decimals_and_narrow_floats_of_arrow() -> None:
    cells = [Decimal("12345678901234567.1"), Decimal("12345678901234567.2")]
    table = pa.table(
        {
            "Amount": pa.array(cells, pa.decimal256(60, 6)),
            "Result": pa.array([cells[0]] * 2, pa.decimal256(76, 20)),
            "Other": pa.array([1.5, -1.5], pa.float32()).cast(pa.float16()),
        }
    )
    equal = rule({"same": ["Amount", "Result"]}, "Amount", id="equal")
    positive = rule({"minimum": {"column": "Other", "value": 0}}, "Other", id="positive")
    found = report(table, equal, positive)
    assert [rows_of(found.rule(name)) for name in ("equal", "positive")] == [[2], [2]]


def test_numbers_of_more_than_38_digits_in_arrow_are_an_error() -> None:
    table = pa.table({"Amount": pa.array([Decimal(10) ** 50], pa.decimal256(60, 6))})
    with pytest.raises(InputError, match=r"Amount is decimal256.* more than 38 digits"):
        report(table, rule({"minimum": {"column": "Amount", "value": 0}}, "Amount"))


@pytest.mark.parametrize("kind", [pa.struct([("a", pa.string())]), pa.list_(pa.struct([("a", pa.string())]))])
def test_a_null_object_and_one_without_values_are_no_equal_rows(kind: pa.DataType, tmp_path: Path) -> None:
    """DuckDB gives both the same hash."""
    empty: Any = {"a": None}
    cells = [None, empty, empty] if pa.types.is_struct(kind) else [[None], [empty], [empty]]
    pq.write_table(pa.table({"Name": ["x"] * 3, "Details": pa.array(cells, kind)}), tmp_path / "t.parquet")
    found = report(tmp_path / "t.parquet", rule({"special": {"name": "no_duplicate_rows"}})).rule("R")
    assert (found.violations, found.checked, rows_of(found)) == (1, 2, [2])


def test_a_float_of_32_bits_is_the_number_that_it_is_written_as(tmp_path: Path) -> None:
    """Read as doubles, 0.1 would be 0.10000000149, and 0.1 x 3 another number than 0.3."""
    table = pa.table({"Amount": [0.1, 0.1], "OtherAmount": [3.0, 3.0], "Result": [0.3, 0.3001]})
    table = table.cast(pa.schema([(name, pa.float32()) for name in table.column_names]))
    pq.write_table(table, tmp_path / "t.parquet")
    fits = rule({"product": {"factors": ["Amount", "OtherAmount"], "equals": "Result"}}, "Result")
    for source in (table, tmp_path / "t.parquet"):
        assert rows_of(report(source, fits).rule("R")) == [2]


WIDE = pa.decimal256(39, 2)


@pytest.mark.parametrize(
    "cells",
    [
        pa.array([Decimal("0.1")], WIDE),
        pa.array([[Decimal("0.1")]], pa.list_(WIDE)),
        pa.array([{"a": {"b": Decimal("0.1")}}], pa.struct([("a", pa.struct([("b", WIDE)]))])),
    ],
    ids=["decimal", "list", "struct"],
)
def test_decimals_of_more_than_38_digits_in_parquet_are_refused(tmp_path: Path, cells: pa.Array) -> None:
    """DuckDB reads them as DOUBLE: 1.5 as wrong numbers, 2.0 without their last digits."""
    table = pa.table({"Amount": [1], "x_Wide": cells, "Name": ["a"]})
    pq.write_table(table, tmp_path / "wide.parquet")
    with pytest.raises(InputError, match=r"wide\.parquet: x_Wide is a decimal of 39 digits, and at most 38"):
        report(tmp_path / "wide.parquet", rule({"minimum": {"column": "Amount", "value": 0}}, "Amount"))


def test_decimals_of_38_digits_in_parquet_are_exact(tmp_path: Path) -> None:
    cells = ["123456789012345678901234567890.12345678", "123456789012345678901234567890.12345679"]
    table = pa.table(
        {
            "Amount": pa.array(map(Decimal, cells), pa.decimal128(38, 8)),
            "Result": pa.array([Decimal(cells[0])] * 2, pa.decimal128(38, 8)),
        }
    )
    pq.write_table(table, tmp_path / "exact.parquet")
    found = report(tmp_path / "exact.parquet", rule({"same": ["Amount", "Result"]}, "Amount"))
    assert rows_of(found.rule("R")) == [2]


@pytest.mark.parametrize("kind", [WIDE, pa.float16()], ids=str)
def test_arrow_types_that_the_engine_does_not_know_are_named(kind: pa.DataType) -> None:
    cells = pa.array([1.5], pa.float32()).cast(kind)
    table = pa.table({"Amount": [1], "Details": pa.StructArray.from_arrays([cells], ["a"])})
    with pytest.raises(InputError, match=r"cannot read the type of Details \(struct<a: "):
        report(table, rule({"minimum": {"column": "Amount", "value": 0}}, "Amount"))


def test_moments_of_duckdb_bear_no_zone() -> None:
    connection = duckdb.connect()
    connection.execute("set timezone = 'Europe/Berlin'")
    relation = connection.sql("select timestamptz '2026-01-01 00:00:00+00' as Start")
    found = report(relation, rule({"format": {"column": "Start", "as": "datetime"}}, "Start"))
    assert found.rule("R").violations == 0


def test_native_objects_are_judged_like_json(tmp_path: Path) -> None:
    elements = pa.list_(
        pa.struct(
            [
                ("ContractId", pa.string()),
                ("ContractCommitmentId", pa.string()),
                ("ContractCommitmentAppliedCost", pa.float64()),
            ]
        )
    )
    good = {"ContractId": "c", "ContractCommitmentId": "k", "ContractCommitmentAppliedCost": 1.5}
    bad = {**good, "ContractCommitmentAppliedCost": None}
    table = pa.table(
        {
            "Details": pa.array(
                [{"Elements": [good]}, {"Elements": [bad]}, None], pa.struct([("Elements", elements)])
            )
        }
    )
    pq.write_table(table, tmp_path / "t.parquet")
    schema = rule({"json_schema": {"column": "Details"}}, "Details", id="schema")
    flat = rule({"format": {"column": "Details", "as": "key_value"}}, "Details", id="flat")
    found = report(tmp_path / "t.parquet", schema, flat)
    assert rows_of(found.rule("schema")) == [2]
    assert rows_of(found.rule("flat")) == [1, 2]


def test_a_map_with_a_key_twice_is_no_key_value_object(tmp_path: Path) -> None:
    maps = pa.array([[("a", "x"), ("a", "y")], [("a", "x"), ("b", "y")]], pa.map_(pa.string(), pa.string()))
    table = pa.table({"Details": maps})
    pq.write_table(table, tmp_path / "t.parquet")
    flat = rule({"format": {"column": "Details", "as": "key_value"}}, "Details")
    assert rows_of(report(tmp_path / "t.parquet", flat).rule("R")) == [1]


def test_sample_values_are_what_the_carrier_holds() -> None:
    table = pa.table(
        {
            "Amount": pa.array([Decimal("-1.50")]),
            "OtherAmount": [-2.5],
            "Result": [-3],
            "Start": pa.array([MOMENT], pa.timestamp("us", "UTC")),
            "Name": ["long " * 3000],
            "Other": pa.array([Decimal("-0.25")], pa.decimal128(2, 2)),
        }
    )
    wrong = [rule({"is_null": column}, column, id=column) for column in table.column_names]
    found = report(table, *wrong)
    values = {column: found.rule(column).samples[0].value for column in table.column_names}
    assert values["Amount"] == "-1.50"
    assert values["Other"] == "-0.25"
    assert values["OtherAmount"] == -2.5
    assert values["Result"] == -3
    assert values["Start"] == "2026-01-01T00:00:00Z"
    assert str(values["Name"]).endswith("…")
    assert len(str(values["Name"])) == 10_001


FRAME = {"Name": ["right", None, "wrong"], "Amount": [1.0, None, -1.0]}
RULES = (
    rule({"equals": {"column": "Name", "value": "right"}}, id="name"),
    rule({"minimum": {"column": "Amount", "value": 0}}, "Amount", id="amount"),
    rule({"type": {"column": "Amount", "is": "decimal"}}, "Amount", id="type"),
)


def assert_frame(source: Any) -> None:
    found = report(source, *RULES)
    for name, rows in (("name", [3]), ("amount", [3]), ("type", [])):
        assert (rows_of(found.rule(name)), found.rule(name).checked) == (rows, 2)
    assert (found.inputs[0].bytes, found.inputs[0].sha256, found.inputs[0].rows) == (None, None, 3)


def test_pandas() -> None:
    assert_frame(pd.DataFrame(FRAME))
    assert_frame(pd.DataFrame({**FRAME, "Name": pd.Series(["right", float("nan"), "wrong"], dtype=object)}))
    assert_frame(pd.DataFrame({**FRAME, "Name": pd.Series(["right", pd.NaT, "wrong"], dtype=object)}))
    assert_frame(pd.DataFrame({**FRAME, "Name": pd.Series(FRAME["Name"], dtype="category")}))
    assert_frame(pd.DataFrame({**FRAME, "Amount": [Decimal("1.0"), None, Decimal("-1.0")]}))
    assert_frame(pd.DataFrame(FRAME, index=[7, 7, 7]))


def test_mixed_types_in_one_column_are_an_error() -> None:
    with pytest.raises(InputError, match="one type and one name each"):
        report(pd.DataFrame({"Name": ["a", 1, None]}), *RULES)


def test_polars() -> None:
    assert_frame(pl.DataFrame(FRAME))
    assert_frame(pl.LazyFrame(FRAME))


def test_arrow_and_duckdb() -> None:
    table = pa.table(FRAME)
    assert_frame(table)
    assert_frame(duckdb.connect().from_arrow(table))


def test_arrow_files(tmp_path: Path) -> None:
    path = tmp_path / "t.arrow"
    pyarrow.feather.write_feather(pa.table(FRAME), str(path), compression="uncompressed")
    found = report(path, *RULES)
    assert found.rule("name").violations == 1
    assert found.inputs[0].bytes == path.stat().st_size
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(InputError, match="may be damaged"):
        report(path, *RULES)


def test_what_is_no_table() -> None:
    for source in (3, object(), [1, 2], {"Name": ["a"]}, pd.Series(["a"])):
        with pytest.raises(InputError, match="is no table"):
            report(source, *RULES)
    with pytest.raises(InputError, match="no data row"):
        report(pd.DataFrame({"Name": []}), *RULES)
    with pytest.raises(InputError, match="name at least one file"):
        report([], *RULES)


def test_files_of_one_dataset_need_the_same_columns_and_types(tmp_path: Path) -> None:
    def write(name: str, **columns: Any) -> str:
        pq.write_table(pa.table(columns), tmp_path / name)
        return str(tmp_path / name)

    one = write("1.parquet", Name=["a"], Amount=[1.5])
    other_order = write("2.parquet", Amount=[-1.5], Name=["b"])
    found = report([one, other_order], *RULES)
    assert [(each.row, each.file) for each in found.rule("amount").samples] == [(1, other_order)]
    with pytest.raises(InputError, match="has the column Amount"):
        report([one, write("3.parquet", Name=["a"])], *RULES)
    with pytest.raises(InputError, match=r"column Amount is double in .* and bigint in"):
        report([one, write("4.parquet", Name=["a"], Amount=[1])], *RULES)
    (tmp_path / "5.csv").write_text("Name,Amount\na,1\n")
    with pytest.raises(InputError, match="different kinds"):
        report([one, str(tmp_path / "5.csv")], *RULES)
