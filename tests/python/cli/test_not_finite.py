"""NaN and infinity in floating columns: no rule fails for them, and no output passes over them in silence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest
from spec.base_rows import base_rows

from focus_validate import Report, validate, validate_bundle
from focus_validate.cli import run
from focus_validate.outputs import render
from focus_validate.spec.loader import load_catalogue

DATASET = next(dataset for dataset in load_catalogue().datasets if dataset.id == "CostAndUsage")
NAN, INF = float("nan"), float("inf")
COSTS = [NAN, 1.5, None, INF, -INF, NAN, NAN, NAN]
ROWS = [1, 4, 5, 6, 7]


@pytest.fixture
def table() -> pa.Table:
    """Rows whose BilledCost, a DOUBLE, is no amount in six of them, and a custom column of such."""
    row = base_rows()["CostAndUsage"]
    columns: dict[str, Any] = {name: pa.array([cell] * len(COSTS), pa.string()) for name, cell in row.items()}
    columns |= {"BilledCost": pa.array(COSTS), "EffectiveCost": pa.array([1.5] * len(COSTS))}
    return pa.table(columns | {"x_Ratio": pa.array([NAN] * len(COSTS))})


def written(table: pa.Table, folder: Path, carrier: str) -> Path:
    path = folder / f"costs.{carrier}"
    if carrier == "parquet":
        pq.write_table(table, path, row_group_size=3)
    elif carrier == "arrow":
        pyarrow.feather.write_feather(table, str(path))
    else:
        duckdb.connect(str(path)).execute('create table costs as from "table"').close()
    return path


@pytest.mark.parametrize("carrier", ["parquet", "arrow", "duckdb"])
def test_the_rows_are_reported_and_no_rule_fails_for_them(
    carrier: str, table: pa.Table, tmp_path: Path
) -> None:
    name = "costs" if carrier == "duckdb" else None
    report = validate(written(table, tmp_path, carrier), table=name)
    (found,) = report.not_finite
    assert (found.column, found.cells) == ("BilledCost", 6)
    assert [sample.row for sample in found.samples] == ROWS
    assert [sample.value for sample in found.samples] == ["nan", "inf", "-inf", "nan", "nan"]
    broken = {rule.id for rule in report.failures() if rule.column == "BilledCost"}
    assert broken == {"CAU-BilledCost-C-003-M"}  # the null


def test_the_verdict_and_every_report_for_people_say_so(table: pa.Table) -> None:
    report = validate(table)
    assert "1 column with NaN or infinity" in report._repr_html_()
    for name in ("console", "markdown"):
        text = " ".join(render(name, report, DATASET).split())
        assert "1 column with NaN or infinity" in text
        assert "row 4" in text
    notes = json.loads(render("sarif", report, DATASET))["runs"][0]["invocations"][0]
    assert "NaN or infinity: BilledCost in 6 rows" in str(notes["toolConfigurationNotifications"])
    assert json.loads(report.to_json())["not_finite"][0]["cells"] == 6


def test_it_stands_in_the_line_of_the_verdict_and_in_a_bundle(
    table: pa.Table, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(table, tmp_path, "parquet")
    run(["check", str(path), "--output", str(tmp_path / "report.json")])
    assert "1 column with NaN or infinity" in capsys.readouterr().err
    (report,) = validate_bundle(path).reports
    assert report.not_finite[0].cells == 6


def test_without_samples_the_report_holds_nothing_of_the_data(table: pa.Table) -> None:
    (found,) = validate(table, max_samples=0).not_finite
    assert (found.cells, found.samples) == (6, ())


def test_text_and_finite_numbers_are_not_meant(tmp_path: Path, table: pa.Table) -> None:
    path = tmp_path / "costs.csv"
    path.write_text("BilledCost\nNaN\n1\n")
    report = validate(path, dataset="CostAndUsage")
    assert report.not_finite == ()
    assert report.rule("CAU-BilledCost-C-001-M").violations == 1
    finite = table.set_column(
        table.column_names.index("BilledCost"), "BilledCost", pa.array([1e308] * len(COSTS))
    )
    assert clean(validate(finite))


def clean(report: Report) -> bool:
    return report.not_finite == () and "NaN" not in render("console", report, DATASET)
