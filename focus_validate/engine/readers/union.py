"""Several files as one dataset: the same columns in each, rows in the order of the files."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from focus_validate.engine.readers.table import Field, Table
from focus_validate.errors import InputError
from focus_validate.result import InputFile
from focus_validate.text import escape


def united(tables: Sequence[Table]) -> Table:
    """One table from several; raises InputError when their columns or types differ."""
    first = tables[0]
    for other in tables[1:]:
        _check_same_columns(first, other)
    relations, numbered = [], []
    offset = 0
    fields = tuple(map(_marked, first.fields)) if any(map(_has_marks, tables)) else first.fields
    for table in tables:
        columns = _in_order_of(fields, table)
        relations.append(f"select {columns} from {table.relation}")
        numbered.append(f"select rn + {offset} as rn, {columns} from {table.numbered}")
        offset += table.rows
    return Table(
        fields=fields,
        relation=f"({' union all '.join(relations)})",
        numbered=f"({' union all '.join(numbered)})",
        rows=offset,
        finish=lambda: _finished(tables),
        explain=lambda message: _explain(tables, message),
        name=f"{first.name} and {len(tables) - 1} more",
        typed=first.typed,
        encoded=all(table.encoded for table in tables),
        columnar=all(table.columnar for table in tables),
    )


def _check_same_columns(first: Table, other: Table) -> None:
    if first.typed != other.typed:
        raise InputError(f"{first.name} and {other.name} are files of different kinds; check them one by one")
    ours, theirs = _by_name(first), _by_name(other)
    for name in (*ours, *theirs):
        if name not in ours or name not in theirs:
            has, lacks = (first, other) if name in ours else (other, first)
            raise InputError(
                f"{has.name} has the column {escape(name)} and {lacks.name} has not;"
                " the files of one dataset need the same columns (several datasets: check-bundle)"
            )
        if ours[name].type != theirs[name].type:
            raise InputError(
                f"column {escape(name)} is {ours[name].type} in {first.name} and {theirs[name].type} in"
                f" {other.name}; the files of one dataset need the same types"
            )


def _by_name(table: Table) -> dict[str, Field]:
    return {field.name: field for field in table.fields}


def _has_marks(table: Table) -> bool:
    return any(field.is_string for field in table.fields)


def _marked(field: Field) -> Field:
    """``field`` with a column of its own that tells which cells are strings."""
    return msgspec.structs.replace(field, is_string=f"{field.sql}_is_string")


def _in_order_of(fields: Sequence[Field], table: Table) -> str:
    """The columns of ``table`` under the names of ``fields``."""
    theirs = _by_name(table)
    columns = [f"{theirs[field.name].sql} as {field.sql}" for field in fields]
    marks = [
        f"{theirs[field.name].is_string or 'true'} as {field.is_string}"
        for field in fields
        if field.is_string
    ]
    return ", ".join(columns + marks)


def _finished(tables: Sequence[Table]) -> tuple[InputFile, ...]:
    return tuple(file for table in tables for file in table.finish())


def _explain(tables: Sequence[Table], message: str) -> None:
    """The file that the message names explains it, or else any that can."""
    for table in sorted(tables, key=lambda table: table.name not in message):
        table.explain(message)
