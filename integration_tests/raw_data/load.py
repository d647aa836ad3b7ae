"""Loads the CSV files into a database: one schema a source, every column text, names as in the file."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb

_CSV_OPTIONS = (
    "auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', nullstr = '', "
    "strict_mode = true, null_padding = false"
)


def load_duckdb(folder: Path, database: Path) -> None:
    """Replace the raw tables of `folder` in a DuckDB file; nothing else in the file is touched."""
    database.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(database)) as connection:
        connection.begin()
        for source, table, path in raw_files(folder):
            columns = "{" + ", ".join(f"{_text(name)}: 'VARCHAR'" for name in header(path)) + "}"
            connection.execute(f"create schema if not exists {_name(source)}")
            connection.execute(
                f"create or replace table {_name(source)}.{_name(table)} as "
                f"select * from read_csv({_text(str(path))}, columns = {columns}, {_CSV_OPTIONS})"
            )
        connection.commit()


def load_dbapi(
    folder: Path, connection, *, quote=str.upper, parameter: str = "%s", batch: int = 5_000
) -> None:
    """The same through any DB-API connection (Snowflake): plain `create table` and batched inserts.

    `quote` turns a name into SQL; Snowflake's connectors land upper-case names, so that is the default.
    """
    cursor = connection.cursor()
    for source, table, path in raw_files(folder):
        columns = header(path)
        target = f"{quote(source)}.{quote(table)}"
        cursor.execute(f"create schema if not exists {quote(source)}")
        cursor.execute(
            f"create or replace table {target} ({', '.join(_name(quote(c)) + ' varchar' for c in columns)})"
        )
        insert = f"insert into {target} values ({', '.join([parameter] * len(columns))})"
        with path.open(newline="", encoding="utf-8") as file:
            rows = csv.reader(file)
            next(rows)
            pending: list[tuple[str | None, ...]] = []
            for row in rows:
                pending.append(tuple(value or None for value in row))
                if len(pending) == batch:
                    cursor.executemany(insert, pending)
                    pending = []
            if pending:
                cursor.executemany(insert, pending)


def raw_files(folder: Path) -> list[tuple[str, str, Path]]:
    """(source, table, file) of every table under a folder, in a fixed order."""
    files = sorted(folder.glob("*/*.csv"))
    if not files:
        raise FileNotFoundError(
            f"no <source>/<table>.csv under {folder}: run `python -m raw_data --out {folder}` first"
        )
    return [(path.parent.name, path.stem, path) for path in files]


def header(path: Path) -> list[str]:
    """Column names of a CSV file, in file order."""
    with path.open(newline="", encoding="utf-8") as file:
        return next(csv.reader(file))


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
