"""The script for Postgres, executed, counts what the library counts on the same table.

FOCUS_POSTGRES is a connection string for psql of a database in which a temporary table may be made.
"""

from __future__ import annotations

import os
import shutil
import subprocess

import duckdb
import pytest

from focus_validate.warehouse.dialects import DIALECTS

from .tables import DATASETS, differences, example_rows, judged, load, script

DATABASE = os.environ.get("FOCUS_POSTGRES")
pytestmark = pytest.mark.skipif(
    not DATABASE or not shutil.which("psql"), reason="no Postgres (FOCUS_POSTGRES names one, psql asks it)"
)
SEPARATOR = "\x1f"


@pytest.mark.parametrize("dataset", DATASETS)
def test_examples_of_all_rules(dataset: str) -> None:
    known = DATASETS[dataset]
    rows = example_rows(known)
    text = script("postgres", known, columns=sorted(rows[0]))
    with duckdb.connect() as local:
        load(local, known, rows, "focus")
        found = [line.split(SEPARATOR) for line in psql(copied(local) + text).splitlines()]
        counted = [(*words, *map(int, numbers)) for *words, a, b, c in found for numbers in [(a, b, c)]]
        assert not differences(counted, judged(local, known), text)


def psql(statements: str) -> str:
    command = ["psql", str(DATABASE), "-XqAt", "-F", SEPARATOR, "-v", "ON_ERROR_STOP=1"]
    return subprocess.run(
        command, input=statements, capture_output=True, check=True, encoding="utf-8", timeout=120
    ).stdout


def copied(local: duckdb.DuckDBPyConnection) -> str:
    """Statements that make the table ``focus`` with the types of Postgres and the same rows."""
    described = local.execute("describe focus").fetchall()
    columns = ", ".join(
        f'"{name}" {"text" if kind == "VARCHAR" else kind.lower()}' for name, kind, *_ in described
    )
    literal = DIALECTS["postgres"]().literal
    rows = (
        ", ".join("null" if cell is None else literal(str(cell)) for cell in row)
        for row in local.execute("select * from focus").fetchall()
    )
    inserts = "".join(f"insert into focus values ({row});\n" for row in rows)
    return f"create temp table focus ({columns});\n{inserts}"
