"""A small catalogue for one rule at a time, and tables to try it on."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from focus_validate.engine import evaluate
from focus_validate.options import Options
from focus_validate.result import Report, RuleResult
from focus_validate.spec.loader import load_catalogue
from focus_validate.spec.model import Catalogue, Column, Dataset, Property, Rule

TYPES = {
    "Amount": "Decimal",
    "OtherAmount": "Decimal",
    "Result": "Decimal",
    "Start": "Date/Time",
    "End": "Date/Time",
    "Details": "JSON",
    "OtherDetails": "JSON",
}
PROPERTIES = {"CoreCount": Property(type="Numeric"), "DiskType": Property(type="String")}
COLUMNS = (
    *("Amount", "BillingCurrency", "Category", "Details", "End", "Name", "Other"),
    *("OtherAmount", "OtherDetails", "Result", "Start", "Unit"),
)


def catalogue(*rules: Rule) -> Catalogue:
    """The real vocabulary with one made-up dataset, ``Sample``, that has just these rules."""
    real = load_catalogue()
    columns = tuple(
        Column(
            name=name,
            dataset="Sample",
            data_type=TYPES.get(name, "String"),
            value_format="Unspecified",
            feature_level="Mandatory",
            allows_nulls=True,
            introduced="1.0",
            summary="",
            allowed_values=("a", "b") if name == "Category" else None,
            defined_properties=PROPERTIES if name == "Details" else None,
            schema="ContractAppliedObject" if name == "Details" else None,
        )
        for name in COLUMNS
    )
    return msgspec.structs.replace(
        real, datasets=(Dataset(id="Sample", name="Sample", summary="", columns=columns, rules=rules),)
    )


def rule(check: Any, column: str = "Name", **fields: Any) -> Rule:
    """A data-decided MUST rule."""
    given: dict[str, Any] = {
        "id": "R",
        "dataset": "Sample",
        "column": column,
        "keyword": "MUST",
        "function": "Validation",
        "decision": "data",
        "level": "fail",
        "summary": "",
        "message": "",
        "check": check,
    }
    return Rule(**{**given, **fields})


def csv_text(rows: Sequence[Mapping[str, str | None]]) -> str:
    """CSV in which a null is an empty field and an empty string is a quoted one."""
    lines = [",".join(rows[0])]
    for row in rows:
        lines.append(",".join("" if cell is None else _quoted(cell) for cell in row.values()))
    return "\n".join(lines) + "\n"


def _quoted(cell: str) -> str:
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="").writerow([cell])
    return stream.getvalue()


def write_csv(path: Path, rows: Sequence[Mapping[str, str | None]]) -> Path:
    path.write_text(csv_text(rows), encoding="utf-8", newline="")
    return path


def report(source: Any, *rules: Rule, **options: Any) -> Report:
    """The report of made-up rules on a source."""
    return evaluate(source, Options(dataset="Sample", **options), catalogue=catalogue(*rules))


def judged(path: Path, cells: Sequence[str | None], check: Any, column: str, **fields: Any) -> RuleResult:
    """The result of one rule on a CSV file with one column under test and a second one that is never null."""
    rows = [{column: cell, "Row": str(number)} for number, cell in enumerate(cells)]
    return report(write_csv(path / "one.csv", rows), rule(check, column, **fields)).rule("R")


def rows_of(result: RuleResult) -> list[int]:
    return [sample.row for sample in result.samples]
