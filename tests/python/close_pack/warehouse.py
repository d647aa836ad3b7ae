"""A small warehouse with the marts of focus_ai, as a DuckDB file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from .rows import AUGUST, CALENDAR, MARTS, NAME, REQUIRED, SEPTEMBER

__all__ = [
    "AUGUST",
    "CALENDAR",
    "LEDGER_MARTS",
    "MARTS",
    "NAME",
    "REQUIRED",
    "SCHEMA",
    "SEPTEMBER",
    "build",
    "renamed",
]

SCHEMA = "main_focus_ai"
LEDGER_MARTS = ("focus_ai__audit_log", "focus_ai__closes")


def build(
    path: Path, *, without: Iterable[str] = (), change: dict[str, list[dict[str, Any]]] | None = None
) -> Path:
    """Write the marts into a DuckDB file: all but some, some with other rows."""
    with duckdb.connect(str(path)) as connection:
        connection.begin()  # one commit instead of one for each row
        connection.execute(f"create schema {SCHEMA}; create schema {SCHEMA}_ledger")
        for mart, (columns, rows) in MARTS.items():
            if mart not in without:
                schema = f"{SCHEMA}_ledger" if mart in LEDGER_MARTS else SCHEMA
                _fill(connection, f"{schema}.{mart}", columns, (change or {}).get(mart, rows))
        connection.commit()
    return path


def _fill(
    connection: duckdb.DuckDBPyConnection, table: str, columns: str, rows: list[dict[str, Any]]
) -> None:
    connection.execute(f"create table {table} ({columns})")
    for row in rows:
        names = ", ".join(row)
        marks = ", ".join("?" * len(row))
        connection.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))


def renamed(names: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    """The rows of every mart with other names of customers."""
    return {
        mart: [
            row | {"customer_name": names.get(str(row["customer_id"]), row["customer_name"])}
            if "customer_name" in row
            else row
            for row in rows
        ]
        for mart, (_, rows) in MARTS.items()
    }
