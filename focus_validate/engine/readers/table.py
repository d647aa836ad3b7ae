"""A table as the engine sees it: columns by position, their physical kind, and where a row came from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from focus_validate.result import InputFile

Kind = Literal[
    "text", "integer", "decimal", "float", "timestamp", "boolean", "json", "object", "list", "other"
]
"""What a carrier says a column holds. CSV columns are all ``text``; ``object`` is a struct or map."""


class Field(msgspec.Struct, frozen=True):
    """One column of the input: ``name`` as in the header, ``sql`` its name in queries (``c0``, ``c1``, ...).

    ``type`` is the carrier's own name of the type and ``scale`` that of a decimal. ``is_string`` is SQL that
    tells which cells of a text column are strings; None if all of them are. ``zone`` is the one
    that timestamps are held in, if it is not UTC.
    """

    name: str
    sql: str
    kind: Kind
    type: str = "text"
    scale: int | None = None
    is_string: str | None = None
    zone: str | None = None


class Table(msgspec.Struct, frozen=True):
    """An input that queries can read.

    ``relation`` is a FROM item with the columns c0, c1, ...; ``numbered`` has ``rn`` besides, the number of
    the row from 1 over all files in order. ``typed`` says that the carrier has physical types, ``encoded``
    that it holds a text of many rows once (a dictionary), so that a function of one column costs little, and
    ``columnar`` that queries may read it at the same time, each for the price of the columns it needs.
    ``finish`` waits for what still runs beside the queries (checksums), raises its InputError and gives the
    files; ``explain`` is called with the text of an engine error and raises the InputError that a user can
    act on, if there is one.
    """

    fields: tuple[Field, ...]
    relation: str
    numbered: str
    rows: int
    finish: Callable[[], tuple[InputFile, ...]]
    explain: Callable[[str], None]
    name: str
    typed: bool
    encoded: bool = False
    columnar: bool = False

    @property
    def header(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(field.name for field in self.fields)


def place(files: tuple[InputFile, ...], number: int) -> tuple[int, str | None]:
    """The row inside its file, and the file when there are several, of row ``number`` over all files."""
    for file in files:
        if number <= file.rows:
            return number, file.path if len(files) > 1 else None
        number -= file.rows
    raise IndexError(number)


def field_of(name: str, position: int, sql_type: str) -> Field:
    """The field for a column that DuckDB describes as ``sql_type``."""
    kind, scale = kind_of(sql_type)
    return Field(name=name, sql=f"c{position}", kind=kind, type=sql_type.lower(), scale=scale)


def kind_of(sql_type: str) -> tuple[Kind, int | None]:
    """Kind and, for decimals, scale of a DuckDB type name."""
    upper = sql_type.upper()
    if upper.endswith("]"):
        return "list", None
    if upper.startswith("DECIMAL"):
        return "decimal", int(upper.rstrip(")").split(",")[1])
    base = upper.split("(")[0].strip()
    if base in ("VARCHAR", "ENUM"):
        return "text", None
    if base in ("FLOAT", "DOUBLE", "REAL"):
        return "float", None
    if base.endswith("INT") or base.endswith("INTEGER") or base == "BIGNUM":
        return "integer", None
    if base.startswith("TIMESTAMP"):
        return "timestamp", None
    others: dict[str, Kind] = {"BOOLEAN": "boolean", "JSON": "json", "STRUCT": "object", "MAP": "object"}
    return others.get(base, "other"), None


def identifier(name: str) -> str:
    """``name`` as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """``text`` as a SQL string literal."""
    return "'" + text.replace("'", "''") + "'"
