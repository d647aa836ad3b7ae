"""The script for Snowflake, executed by fakesnow, counts what the library counts on the same table."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import duckdb
import pytest

from focus_validate.warehouse.dialects import DIALECTS

from .tables import DATASETS, differences, example_rows, judged, load, script, statements

fakesnow = pytest.importorskip("fakesnow", reason="fakesnow is not installed")
connector = pytest.importorskip("snowflake.connector", reason="the Snowflake connector is not installed")


pytestmark = pytest.mark.filterwarnings("ignore:Arrow output:UserWarning")  # fakesnow on DuckDB 2


@pytest.mark.parametrize("dataset", DATASETS)
def test_examples_of_all_rules(dataset: str) -> None:
    known = DATASETS[dataset]
    rows = example_rows(known)
    with duckdb.connect() as local:
        load(local, known, rows, "focus")
        text = script("snowflake", known, table="db.finance.focus", columns=sorted(rows[0]))
        with fakesnow.patch():
            connection = connector.connect(database="db", schema="finance")
            cursor = connection.cursor()
            copy(local, cursor)
            found = [
                tuple(row)
                for statement in statements(text, "snowflake")
                for row in cursor.execute(statement).fetchall()
            ]
        assert not differences(found, judged(local, known), text)


def copy(local: duckdb.DuckDBPyConnection, cursor: Any) -> None:
    """Create the table FOCUS with Snowflake's types and the same rows."""
    names = {"VARCHAR": "text", "TIMESTAMP": "timestamp_ntz"}
    described = local.execute("describe focus").fetchall()
    columns = ", ".join(
        f'"{name}" {names.get(kind, kind.replace("DECIMAL", "number"))}' for name, kind, *_ in described
    )
    cursor.execute(f"create table focus ({columns})")
    rows = local.execute("select * from focus").fetchall()
    for start in range(0, len(rows), 50):
        values = ", ".join(f"({', '.join(map(_cell, row))})" for row in rows[start : start + 50])
        cursor.execute(f"insert into focus values {values}")


def _cell(value: object) -> str:
    if value is None or isinstance(value, Decimal):
        return "null" if value is None else str(value)
    return DIALECTS["snowflake"]().literal(str(value))
