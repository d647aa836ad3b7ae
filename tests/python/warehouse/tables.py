"""Typed tables of every dataset with rows that keep and rows that break its rules, and their scripts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow as pa
import sqlglot
from spec.base_rows import base_rows

from focus_validate import validate
from focus_validate.options import Options, declared_flags
from focus_validate.result import Report
from focus_validate.spec.examples import examples_of
from focus_validate.spec.loader import load_catalogue
from focus_validate.spec.model import Dataset
from focus_validate.warehouse.query import Queries, Request

CATALOGUE = load_catalogue()
DATASETS = {dataset.id: dataset for dataset in CATALOGUE.datasets}
FLAGS = declared_flags(["ALL"], CATALOGUE.flags)
BASE = base_rows()
SCALE = 10
TYPES = {"Decimal": f"decimal(30, {SCALE})", "Date/Time": "timestamp"}

Row = dict[str, Any]


def example_rows(dataset: Dataset) -> list[Row]:
    """The examples of all rules, each row completed with one that conforms."""
    base = BASE[dataset.id]
    found = [
        example
        for rule in dataset.rules
        if rule.decision == "data" and not rule.is_composite
        for examples in [examples_of(dataset, rule)]
        for example in (examples.conforming, examples.violating)
        if example is not None
    ]
    return [
        {name: row.get(name, base[name]) for name in sorted(base)}
        for example in found
        for row in example.rows or ({},)
    ]


def load(
    connection: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    rows: Sequence[Row],
    table: str,
    scale: int = SCALE,
) -> None:
    """Store the rows with the types that FOCUS gives the columns; what a type cannot hold becomes null."""
    types = {column.name: TYPES.get(column.data_type, "varchar") for column in dataset.columns}
    names = list(rows[0]) if rows else sorted(types)
    texts = {name: [None if row[name] is None else str(row[name]) for row in rows] for name in names}
    raw = pa.table({name: pa.array(cells, pa.string()) for name, cells in texts.items()})
    connection.register("raw", raw)
    cast = ", ".join(f'try_cast("{name}" as {types.get(name, "varchar")}) as "{name}"' for name in names)
    connection.execute(f"create or replace table {table} as select {cast} from raw")


def script(
    dialect: str, dataset: Dataset, *, table: str = "focus", columns: Sequence[str] | None = None, **more: Any
) -> str:
    options = Options(
        dataset=dataset.id,
        supports=more.get("supports", FLAGS),
        selected=more.get("selected", False),
    )
    names = None if columns is None else tuple(columns)
    return Queries(
        CATALOGUE, dataset, Request(dialect, table, options, names, more.get("scale", SCALE))
    ).text()


def statements(text: str, dialect: str) -> list[str]:
    """The statements of a script, as its dialect parses them."""
    return [part.sql(dialect) for part in sqlglot.parse(text, read=dialect) if part is not None]


def judged(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, table: str = "focus", **more: Any
) -> Report:
    """What the library says of a table in DuckDB."""
    return validate(
        connection.sql(f"select * from {table}"),
        dataset=dataset.id,
        supports=sorted(more.get("supports", FLAGS)),
        selected=more.get("selected", False),
        max_samples=0,
    )


def differences(found: Sequence[Sequence[Any]], report: Report, text: str) -> list[str]:
    """Where rows of a script and the library part, or a rule is in neither the rows nor the comment."""
    ours = {row[0]: tuple(row[1:]) for row in found}
    assert len(ours) == len(found), "a rule has two rows"
    comment = " ".join(line.removeprefix("--") for line in text.split("-- A row per rule")[0].splitlines())
    listed = set(comment.replace(",", " ").split())
    problems = []
    for rule in report.rules:
        if rule.kind != "leaf":
            continue
        theirs = (rule.keyword, rule.status, rule.checked, rule.violations, 0)
        if (rule.id in ours) == (rule.id in listed):
            problems.append(f"{rule.id}: must stand in the rows or in the comment")
        elif rule.id in ours and ours[rule.id] != theirs:
            problems.append(f"{rule.id}: {ours[rule.id]}, the library says {theirs}")
    return problems + [f"{unknown}: no such rule" for unknown in ours.keys() - {r.id for r in report.rules}]
