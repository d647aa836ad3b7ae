"""Reads an audit log: from a DuckDB database file, or from an export as Parquet or CSV."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from focus_validate.audit.log import COLUMNS, Entry
from focus_validate.errors import InputError, UsageError
from focus_validate.text import escape, first_line, join_words

if TYPE_CHECKING:
    import duckdb

TABLE = "focus_ai__audit_log"
_CSV_NULL = "\\N"
"""What Snowflake writes for null; no column of the log can have it as its value."""


def read_log(path: str, table: str | None = None) -> list[Entry]:
    """The entries in ``path``, in no particular order; raises InputError if it is no audit log.

    ``table`` names the table of a database, with or without its schema; by default TABLE, wherever it is.
    """
    if _begins_with(path, 8, b"DUCK"):
        return _from_database(path, table or TABLE)
    if table is not None:
        raise UsageError(f"--table is for a DuckDB database file, {escape(path)} is none")
    return _from_export(path)


def _begins_with(path: str, offset: int, magic: bytes) -> bool:
    try:
        with Path(path).open("rb") as file:
            file.seek(offset)
            return file.read(len(magic)) == magic
    except (OSError, ValueError):
        return False


def _from_export(path: str) -> list[Entry]:
    from focus_validate.engine.readers.delimited import open_delimited
    from focus_validate.engine.readers.files import regular_file
    from focus_validate.engine.readers.parquet import MAGIC, open_parquet
    from focus_validate.engine.session import Session
    from focus_validate.options import Options

    options = Options()
    file, name = regular_file(path, escape(path)).absolute(), escape(path)
    if _begins_with(path, 0, b"{") or _begins_with(path, 0, b"["):
        raise InputError(f"{name} holds JSON; export {TABLE} as Parquet or CSV, or name the DuckDB database")
    with Session(options) as session:
        session.lock([file])
        is_parquet = _begins_with(path, 0, MAGIC) or file.suffix.lower() == ".parquet"
        table = session.table = (
            open_parquet(file, name, session) if is_parquet else open_delimited(file, name, session, options)
        )
        found = {field.name.lower(): field.sql for field in table.fields}
        _check_columns(path, found)
        columns = ", ".join(f"cast({found[name]} as varchar)" for name in COLUMNS)
        rows = session.rows(f"select {columns} from {table.relation}")  # noqa: S608
        table.finish()
    entries = (Entry._make(row) for row in rows)
    return [entry if table.typed else _with_nulls(entry) for entry in entries]


def _with_nulls(entry: Entry) -> Entry:
    """CSV cannot tell null from the empty text; the log has no empty text."""
    return Entry._make(None if value in ("", _CSV_NULL) else value for value in entry)


def _from_database(path: str, table: str) -> list[Entry]:
    import duckdb

    try:
        with duckdb.connect(path, read_only=True, config={"enable_external_access": "false"}) as connection:
            relation = _relation(connection, path, table)
            described = connection.execute(f"describe {relation}").fetchall()
            _check_columns(path, {row[0].lower(): row[0] for row in described})
            columns = ", ".join(f'cast("{name}" as varchar)' for name in COLUMNS)
            rows = connection.execute(f"select {columns} from {relation}").fetchall()  # noqa: S608
    except duckdb.Error as error:
        raise InputError(
            f"{escape(path)} cannot be read as a DuckDB database: {escape(first_line(error))}"
        ) from None
    return [Entry._make(row) for row in rows]


def _relation(connection: duckdb.DuckDBPyConnection, path: str, table: str) -> str:
    """The one table or view that ``table`` names, quoted."""
    from focus_validate.engine.readers.table import identifier

    schema, _, name = table.rpartition(".")
    found = connection.execute(
        "select table_schema, table_name from information_schema.tables"
        " where lower(table_name) = lower(?) and (? = '' or lower(table_schema) = lower(?)) order by all",
        [name, schema, schema],
    ).fetchall()
    if not found:
        raise InputError(f"{escape(path)} has no table {escape(table)}; name the audit log with --table")
    if len(found) > 1:
        names = join_words([escape(f"{schema}.{name}") for schema, name in found], "or")
        raise InputError(f"{escape(path)} has several tables {escape(table)}; choose with --table {names}")
    return ".".join(map(identifier, found[0]))


def _check_columns(path: str, found: dict[str, str]) -> None:
    missing = [name for name in COLUMNS if name not in found]
    if missing:
        raise InputError(
            f"{escape(path)} is no audit log: it lacks {join_words(missing)}; export all columns of {TABLE}"
        )
