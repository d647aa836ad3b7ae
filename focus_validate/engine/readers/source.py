"""From files, or a table in memory, to one table that queries can read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from focus_validate.engine.readers.arrow import arrow_header, open_arrow
from focus_validate.engine.readers.database import database_header, open_database
from focus_validate.engine.readers.delimited import delimited_header, open_delimited, text_file
from focus_validate.engine.readers.files import File
from focus_validate.engine.readers.json_lines import open_json_lines, survey
from focus_validate.engine.readers.memory import open_memory
from focus_validate.engine.readers.names import Readable
from focus_validate.engine.readers.parquet import open_parquet, parquet_header
from focus_validate.engine.readers.table import Field, Table, literal
from focus_validate.engine.readers.union import united
from focus_validate.errors import InputError
from focus_validate.options import Options
from focus_validate.result import InputFile

if TYPE_CHECKING:
    from focus_validate.engine.session import Session


def open_source(source: Any, files: Sequence[Readable] | None, options: Options, session: Session) -> Table:
    """The table that ``source`` stands for; raises InputError, with the remedy, if it is none."""
    if options.table is not None and (files is None or len(files) > 1 or files[0].kind != "database"):
        raise InputError("--table names a table of one DuckDB database; name the database file alone")
    if files is None:
        return open_memory(source, session)
    tables = [
        _with_partitions(_open_file(file, number, options, session), file.partitions)
        for number, file in enumerate(files)
    ]
    return tables[0] if len(tables) == 1 else united(tables)


def header_of(file: Readable, options: Options, session: Session) -> tuple[str, ...]:
    """The column names of a file as written, without a look at its rows."""
    header = _header_in(file, options, session)
    return (*header, *(name for name, _ in file.partitions if name not in header))


def _header_in(file: Readable, options: Options, session: Session) -> tuple[str, ...]:
    kind = file.kind
    if kind == "parquet":
        return parquet_header(file.path, file.name, session)
    if kind == "arrow":
        return arrow_header(file.path, file.name)
    if kind == "json":
        return survey(text_file(file.path, file.name)).keys
    if kind == "database":
        return database_header(file.path, file.name, session, options.table)
    return delimited_header(file.path, file.name, options)


def _open_file(file: Readable, number: int, options: Options, session: Session) -> Table:
    kind = file.kind
    if kind == "parquet":
        return open_parquet(file.path, file.name, session)
    if kind == "arrow":
        return open_arrow(file.path, file.name, number, session)
    if kind == "database":
        return open_database(file.path, file.name, session, options.table)
    if kind == "json":
        assert file.beside is not None
        return open_json_lines(text_file(file.path, file.name), file.beside, options.null_text)
    table = open_delimited(file.path, file.name, session, options)
    return (
        table
        if file.original is None
        else msgspec.structs.replace(table, finish=_told_of(file.original, table))
    )


def _with_partitions(table: Table, partitions: Sequence[tuple[str, str | None]]) -> Table:
    """``table`` with the columns that its folders give and that the file itself has not.

    They have no place among the columns of the file: each one gets that of its name.
    """
    fields, cells = list(table.fields), []
    for position, (name, value) in enumerate(partitions):
        if name not in table.header:
            field = Field(name, f"p{position}", "text")
            behind = (place for place, other in enumerate(fields) if other.name > name)
            fields.insert(next(behind, len(fields)), field)
            cells.append(f"{'null' if value is None else literal(value)}::varchar as {field.sql}")
    if not cells:
        return table
    added = ", ".join(cells)
    return msgspec.structs.replace(
        table,
        fields=tuple(fields),
        relation=f"(select *, {added} from {table.relation})",
        numbered=f"(select *, {added} from {table.numbered})",
    )


def _told_of(original: File, table: Table) -> Callable[[], tuple[InputFile, ...]]:
    """How ``table`` is finished with the file that the user named instead of its text in UTF-8."""

    def finish() -> tuple[InputFile, ...]:
        (found,) = table.finish()
        return (InputFile(found.path, original.bytes, original.sha256, found.rows),)

    return finish
