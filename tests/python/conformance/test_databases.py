"""Datasets that lie in tables of a DuckDB database: judged as the same rows in files are."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from conformance.deliveries import charges, deliver, stored
from conformance.test_bundle import FAULTS, FITTING, broken
from focus_validate import InputError, UsageError, validate_bundle
from focus_validate.cli import run

TABLES = ["focus.costs", "focus.invoices", "focus.periods", "focus.commitments"]
Output = pytest.CaptureFixture[str]


@pytest.mark.parametrize("name", ["fitting", *FAULTS])
def test_tables_are_judged_as_files_are(name: str, tmp_path: Path) -> None:
    """The rules and links across datasets break alike, with the same numbers."""
    rows, expected = FAULTS.get(name, (FITTING, {}))
    now = stored(deliver(tmp_path / "now", **rows), tmp_path / "now.duckdb")
    before = stored(deliver(tmp_path / "before", **FITTING), tmp_path / "before.duckdb")
    bundle = validate_bundle(now, tables=TABLES, previous=before)
    assert broken(bundle) == expected
    assert [report.dataset for report in bundle.reports] == [
        *("CostAndUsage", "InvoiceDetail", "ContractCommitment", "BillingPeriod")
    ]
    assert {str(report.options["table"]) for report in bundle.reports} == set(TABLES)
    assert {report.inputs[0].path for report in bundle.reports} == {str(now)}
    assert [file.path for file in bundle.previous] == [str(before)] * 2


def test_tables_and_files_go_together(tmp_path: Path) -> None:
    folder = deliver(tmp_path / "files", costs=charges("50"), invoices=[{"BilledCost": "90"}])
    database = stored(folder, tmp_path / "w.duckdb")
    bundle = validate_bundle([database, folder / "invoices.csv"], tables=["costs"])
    assert [(report.dataset, report.options["table"]) for report in bundle.reports] == [
        ("CostAndUsage", "costs"),
        ("InvoiceDetail", None),
    ]
    assert "IND-BilledCost-C-010-C" in broken(bundle)


def test_an_earlier_delivery_may_be_a_database_with_other_names(tmp_path: Path) -> None:
    rows, expected = FAULTS["reopened"]
    now = stored(deliver(tmp_path / "now", **rows), tmp_path / "now.duckdb")
    before = stored(deliver(tmp_path / "before"), tmp_path / "before.duckdb")
    with duckdb.connect(str(before)) as connection:
        connection.execute("alter table focus.invoices rename to invoices_of_july")
    bundle = validate_bundle(now, tables=TABLES, previous=before, previous_tables="invoices_of_july")
    rule = "IND-InvoiceIssueStatus-C-006-C"
    assert broken(bundle) == {rule: expected[rule]}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return stored(deliver(tmp_path / "files", **FITTING), tmp_path / "w.duckdb")


@pytest.mark.parametrize(
    ("choices", "kind", "message"),
    [
        ({}, InputError, "say which table with --table (focus.commitments, focus.costs"),
        ({"tables": ["cost"]}, InputError, "has no table cost (did you mean costs?)"),
        (
            {"tables": ["costs", "focus.costs"]},
            InputError,
            "both hold Cost and Usage; make one table or view",
        ),
        ({"tables": ["notes"]}, InputError, "notes"),
        ({"tables": ["away"]}, InputError, "the view cannot be computed inside the database file"),
        ({"tables": ["costs"], "previous_tables": ["x"]}, UsageError, "needs --previous"),
    ],
)
def test_what_cannot_be_used_is_one_clear_line(
    choices: dict[str, list[str]], kind: type[Exception], message: str, database: Path
) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute("create table notes as select 'x' as note")
        connection.execute(f"create view away as from '{database.parent}/files/costs.csv'")
    with pytest.raises(kind) as caught:
        validate_bundle(database, **choices)  # type: ignore[arg-type]
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_tables_without_a_database_are_refused(tmp_path: Path) -> None:
    folder = deliver(tmp_path / "files", **FITTING)
    with pytest.raises(UsageError, match="costs: tables are named, but no file"):
        validate_bundle(folder, tables=["costs"])
    with pytest.raises(UsageError, match="costs: tables are named, but no file"):
        validate_bundle(folder, previous=folder, previous_tables=["costs"])


def test_a_table_and_a_file_of_one_dataset_are_refused(database: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"both hold Cost and Usage"):
        validate_bundle([database, tmp_path / "files" / "costs.csv"], tables=["costs"])


def test_the_command_takes_tables(database: Path, tmp_path: Path, capsys: Output) -> None:
    before = shutil.copy(database, tmp_path / "before.duckdb")
    named = [argument for table in TABLES for argument in ("--table", table)]
    assert run(["check-bundle", str(database), *named, "--previous", str(before)]) == 0
    text = capsys.readouterr().out
    assert text.rstrip().endswith("CONFORMANT to FOCUS 1.4: 4 datasets")
    assert "table focus.invoices read as Invoice Detail" in text
    assert run(["check-bundle", str(database), *named, "--previous", before, "--previous-table", "x"]) == 2
    assert "has no table x" in capsys.readouterr().err
