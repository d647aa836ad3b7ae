"""Parquet files: physical types count, row numbers come from the file itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from focus_validate.engine.readers.files import Checksum, File, regular_file
from focus_validate.engine.readers.table import Table, field_of, literal
from focus_validate.errors import InputError
from focus_validate.text import escape, first_line

if TYPE_CHECKING:
    from focus_validate.engine.session import Session

MAGIC = b"PAR1"
MOST_DIGITS = 38
_DIGITS = (
    "coalesce(precision, try_cast(regexp_extract(logical_type::varchar, 'precision=([0-9]+)', 1) as int))"
)


def open_parquet(path: Path, name: str, session: Session) -> Table:
    """The table of one Parquet file."""
    file = regular_file(path, name)
    _check_magic(file, name)
    rows, names, types = _describe(file, name, session)
    if not rows:
        raise InputError(f"{name}: the file has no data row; write at least one row")
    columns = ", ".join(f"c{position}" for position in range(len(names)))
    scan = f"read_parquet({literal(str(file))}, hive_partitioning = false) as input({columns})"
    checksum = Checksum(File(file, name), session.interrupt)
    return Table(
        fields=tuple(field_of(column, position, types[position]) for position, column in enumerate(names)),
        relation=f"(select {columns} from {scan})",
        numbered=f"(select file_row_number + 1 as rn, {columns} from {scan})",
        rows=rows,
        finish=lambda: (checksum.finish(rows),),
        explain=lambda message: _fail(name, message),
        name=name,
        typed=True,
        encoded=True,
        columnar=True,
    )


def parquet_header(path: Path, name: str, session: Session) -> tuple[str, ...]:
    """The column names of one Parquet file."""
    file = regular_file(path, name)
    _check_magic(file, name)
    return tuple(_describe(file, name, session)[1])


def _check_magic(file: Path, name: str) -> None:
    with file.open("rb") as stream:
        head = stream.read(4)
        stream.seek(-min(4, file.stat().st_size), 2)
        tail = stream.read(4)
    if head != MAGIC:
        raise InputError(f"{name} is no Parquet file: it does not begin with PAR1; check what it holds")
    if tail != MAGIC:
        raise InputError(f"{name} is a truncated Parquet file: its end is missing; fetch or write it again")


def _describe(file: Path, name: str, session: Session) -> tuple[int, list[str], list[str]]:
    """Rows, column names as written and DuckDB types."""
    from focus_validate.duck import duckdb

    source = literal(str(file))
    try:
        rows = session.row(f"select sum(num_rows)::bigint from parquet_file_metadata({source})")[0]
        schema = session.rows(f"select name, num_children, {_DIGITS} from parquet_schema({source})")
        described = session.rows(f"describe select * from read_parquet({source}, hive_partitioning = false)")
    except duckdb.Error as error:
        _fail(name, str(error))
    columns = _top_level(schema)
    names = [column for column, _ in columns]
    for column, digits in columns:
        if names.count(column) > 1:
            raise InputError(f"{name}: two columns are named {escape(column)}; rename or remove one")
        if digits > MOST_DIGITS:
            raise InputError(
                f"{name}: {escape(column)} is a decimal of {digits} digits, and at most {MOST_DIGITS} are"
                f" read exactly; give it a decimal type of at most {MOST_DIGITS}"
            )
    return int(rows or 0), names, [row[1] for row in described]


def _top_level(schema: list[tuple[str, int | None, int | None]]) -> list[tuple[str, int]]:
    """The columns of a Parquet schema, each with the digits of the widest decimal in it (0: none).

    The schema lists the root and then every node depth first.
    """
    columns = []
    nodes = iter(schema[1:])
    for name, children, digits in nodes:
        inner, most = children or 0, digits or 0
        while inner:
            _, children, digits = next(nodes)
            inner += (children or 0) - 1
            most = max(most, digits or 0)
        columns.append((name, most))
    return columns


def _fail(name: str, message: str) -> None:
    raise InputError(f"{name} cannot be read as Parquet, it may be damaged: {escape(first_line(message))}")
