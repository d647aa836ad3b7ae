"""Row numbers: right in every carrier, far down, in several row groups and files, with every thread count."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from focus_validate.engine.samples import HEAD
from focus_validate.result import RuleResult

from .support import report, rows_of, rule

ROWS = 3 * HEAD + 17
WRONG = (HEAD - 1, HEAD + 1, 2 * HEAD + 5, ROWS)
"""Rows (from 1) that violate: on both sides of the part that is looked at first, and the last one."""
CHECK = {"not": {"one_of": {"column": "Name", "values": [f"wrong {row}" for row in WRONG]}}}


def names() -> list[str]:
    found = [f"row {row}" for row in range(1, ROWS + 1)]
    for row in WRONG:
        found[row - 1] = f"wrong {row}"
    return found


def csv_file(folder: Path) -> Path:
    path = folder / "rows.csv"
    path.write_text("Name,Row\n" + "".join(f"{name},{row}\n" for row, name in enumerate(names(), start=1)))
    return path


def parquet_file(folder: Path, group: int = 7_000) -> Path:
    path = folder / "rows.parquet"
    pq.write_table(pa.table({"Name": names(), "Row": list(range(ROWS))}), path, row_group_size=group)
    return path


def assert_rows(result: RuleResult) -> None:
    assert result.violations == len(WRONG)
    assert rows_of(result) == list(WRONG)
    assert [sample.value for sample in result.samples] == [f"wrong {row}" for row in WRONG]


@pytest.mark.parametrize("threads", [1, 4])
def test_csv(threads: int, tmp_path: Path) -> None:
    assert_rows(report(csv_file(tmp_path), rule(CHECK), threads=threads).rule("R"))


@pytest.mark.parametrize("threads", [1, 4])
@pytest.mark.parametrize("group", [2_048, 7_000, ROWS])
def test_parquet(threads: int, group: int, tmp_path: Path) -> None:
    assert_rows(report(parquet_file(tmp_path, group), rule(CHECK), threads=threads).rule("R"))


def test_packed_csv(tmp_path: Path) -> None:
    import gzip

    path = tmp_path / "rows.csv.gz"
    path.write_bytes(gzip.compress(csv_file(tmp_path).read_bytes()))
    assert_rows(report(path, rule(CHECK)).rule("R"))


def test_tables_in_memory() -> None:
    table = pa.table({"Name": names(), "Row": list(range(ROWS))})
    connection = duckdb.connect()
    relation = connection.from_arrow(table)
    for source in (table, table.to_pandas(), relation):
        assert_rows(report(source, rule(CHECK)).rule("R"))


def test_five_value_lists_keep_the_order_of_rows(tmp_path: Path) -> None:
    """As a MARK join a list of five and more literals loses the order, and row numbers with it."""
    values = [f"row {row}" for row in (2, HEAD, HEAD + 2, 2 * HEAD, ROWS - 1, ROWS - 2)]
    path = parquet_file(tmp_path)
    found = report(path, rule({"not": {"one_of": {"column": "Name", "values": values}}}), max_samples=9).rule(
        "R"
    )
    assert rows_of(found) == [2, HEAD, HEAD + 2, 2 * HEAD, ROWS - 2, ROWS - 1]


def test_groups_beyond_the_first_rows(tmp_path: Path) -> None:
    path = tmp_path / "groups.csv"
    others = {HEAD + 3: "b", 2 * HEAD: "c"}
    rows = "".join(f"g{row % 50_000},{others.get(row, 'a')}\n" for row in range(1, ROWS + 1))
    path.write_text("Name,Other\n" + rows)
    check = {"distinct_count": {"for_each": "Name", "of": "Other", "count": 1}}
    found = report(path, rule(check)).rule("R")
    # row r and row r + 50,000 share a group: only 10,017 groups have two rows, and one of them two values
    expected = [row for row in others if row + 50_000 <= ROWS or row > 50_000]
    assert found.violations == len(expected)
    assert rows_of(found) == sorted(row if row <= 50_000 else row - 50_000 for row in expected)


def test_rows_inside_their_file(tmp_path: Path) -> None:
    paths = []
    for number, wrong in enumerate([(), (2,), (1, 3)]):
        path = tmp_path / f"part-{number}.csv"
        cells = ["wrong 1" if row in wrong else "x" for row in (1, 2, 3)]
        path.write_text("Row,Name\n" if number == 1 else "Name,Row\n")
        with path.open("a") as stream:
            stream.writelines(f"1,{cell}\n" if number == 1 else f"{cell},1\n" for cell in cells)
        paths.append(str(path))
    check = {"not_equals": {"column": "Name", "value": "wrong 1"}}
    expected = [(2, paths[1]), (1, paths[2]), (3, paths[2])]
    for source in (list(reversed(paths)), str(tmp_path), str(tmp_path / "part-*.csv")):
        found = report(source, rule(check))
        assert [(sample.row, sample.file) for sample in found.rule("R").samples] == expected
        assert [file.path for file in found.inputs] == paths
        assert [file.rows for file in found.inputs] == [3, 3, 3]


def test_samples_are_the_first_and_no_more(tmp_path: Path) -> None:
    path = csv_file(tmp_path)
    wrong = rule({"equals": {"column": "Name", "value": "?"}})
    assert rows_of(report(path, wrong, max_samples=3).rule("R")) == [1, 2, 3]
    found = report(path, wrong, max_samples=0).rule("R")
    assert (found.samples, found.violations) == ((), ROWS)


def test_samples_of_an_attribute_rule_go_by_row_then_column(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('Other,Name\n"",a\n"",""\nb,""\n')
    check = {"not_equals": {"column": "*", "value": ""}}
    each = rule(
        {"special": {"name": "each_column", "select": {"columns": ["Name", "Other"]}, "check": check}}, "X"
    )
    found = report(path, each).rule("R")
    assert (found.violations, found.checked) == (4, 6)
    assert [(sample.row, sample.column) for sample in found.samples] == [
        (1, "Other"),
        (2, "Name"),
        (2, "Other"),
        (3, "Name"),
    ]
