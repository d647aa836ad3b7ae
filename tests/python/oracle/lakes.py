"""The same data as JSON Lines, as an Arrow file and as a table of a DuckDB database, in many more types."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import duckdb
import pyarrow as pa
import pyarrow.feather

from . import carriers, reference
from .carriers import text_array
from .fuzz import Case
from .jsontext import parse_object
from .numeric import JSON_NUMBER

Cells = list["str | None"]
Builder = Callable[[Cells, Random], pa.Array]


def write_json_lines(case: Case, path: Path) -> None:
    """An object a line: strings, and, where that is the same text, numbers and objects as JSON has them.

    The first line has every key; later ones leave some of the nulls out.
    """
    rng = Random(case.seed)
    facts = reference.columns_of(case.dataset)
    with path.open("w", encoding="utf-8", newline="") as stream:
        for row in case.rows:
            pairs = [
                f"{json.dumps(name, ensure_ascii=rng.random() < 0.5)}:{rng.choice(['', ' '])}"
                + json_value(row[name], facts[name].data_type if name in facts else "String", rng)
                for name in case.header
                if row is case.rows[0] or row[name] is not None or rng.random() < 0.5
            ]
            stream.write("{" + ", ".join(pairs) + "}" + rng.choice(["\n", "\n", "\r\n"]))


def json_value(cell: str | None, kind: str, rng: Random) -> str:
    if cell is None:
        return "null"
    if kind == "Decimal" and JSON_NUMBER.fullmatch(cell) and rng.random() < 0.5:
        return cell
    if kind == "JSON" and is_plain_object(cell) and rng.random() < 0.5:
        return cell.strip(" \t\r\n")
    return json.dumps(cell, ensure_ascii=rng.random() < 0.5)


def is_plain_object(cell: str) -> bool:
    """An object that can stand inside another one as it is: on one line, not too deep, no key twice.

    Half of a surrogate pair, which only an escape can write, is no text: it spoils the whole line.
    """
    found = parse_object(cell)
    return (
        found is not None
        and found == parse_object(cell.strip(" \t\r\n"))
        and not set("\r\n") & set(cell.strip(" \t\r\n"))
        and cell.count("{") + cell.count("[") < 40
        and not re.search(r"\\u[dD][89a-fA-F]", cell)
    )


def typed_table(case: Case, dialect: dict[str, tuple[Builder, ...]]) -> pa.Table:
    """Columns in a physical type drawn per column; custom columns in any."""
    rng = Random(f"{case.seed} typed")
    facts = reference.columns_of(case.dataset)
    arrays = []
    for name in case.header:
        kind = facts[name].data_type if name in facts else rng.choice(list(dialect))
        arrays.append(rng.choice(dialect[kind])([row[name] for row in case.rows], rng))
    return pa.table(arrays, names=list(case.header))


def float32_array(cells: Cells, rng: Random) -> pa.Array:
    return carriers.float_array(cells, rng).cast(pa.float32(), safe=False)


def small_integer_array(cells: Cells, rng: Random) -> pa.Array:
    kind = rng.choice([pa.int8(), pa.int16(), pa.int32(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()])
    low, high = (0, 2**kind.bit_width) if "u" in str(kind) else (-(2 ** (kind.bit_width - 1)),) * 2
    high = high if high > 0 else -low
    values = carriers.integer_array(cells, rng).to_pylist()
    return pa.array([v if v is not None and low <= v < high else None for v in values], kind)


def wide_decimal_array(cells: Cells, rng: Random) -> pa.Array:
    """Decimals of a type beyond 38 digits whose values have at most 38."""
    scale = rng.choice([0, 2, 12, 20])
    values = [carriers.decimal_or_none(cell, 38, scale) for cell in cells]
    return pa.array(values, pa.decimal256(rng.choice([39, 50, 76]), scale))


def narrow_decimal_array(cells: Cells, rng: Random) -> pa.Array:
    precision, scale = rng.choice([(4, 4), (9, 0), (18, 18), (38, 38), (5, 1)])
    return pa.array(
        [carriers.decimal_or_none(cell, precision, scale) for cell in cells],
        pa.decimal128(precision, scale),
    )


def seconds_array(cells: Cells, rng: Random) -> pa.Array:
    seconds = [None if v is None else v // 1_000_000 for v in carriers.microseconds(cells)]
    unit = rng.choice(["s", "ms"])
    values = [v if v is None or unit == "s" else v * 1000 for v in seconds]
    return pa.array(values, pa.timestamp(unit, rng.choice([None, "UTC", "+00:00"])))


def zoned_array(cells: Cells, rng: Random) -> pa.Array:
    zone = rng.choice(["Europe/Berlin", "America/New_York", "+05:30", "Asia/Kolkata"])
    return pa.array(carriers.microseconds(cells), pa.timestamp("us", zone))


def list_array(cells: Cells, rng: Random) -> pa.Array:
    return pa.array([None if cell is None else [cell] for cell in cells], pa.list_(pa.string()))


def null_array(cells: Cells, rng: Random) -> pa.Array:
    return pa.nulls(len(cells))


DECIMALS: tuple[Builder, ...] = (
    *(carriers.decimal_array, carriers.float_array, float32_array, small_integer_array),
    *(narrow_decimal_array, carriers.integer_array, text_array, carriers.boolean_array, list_array),
)
MOMENTS: tuple[Builder, ...] = (
    *(carriers.utc_array, carriers.naive_array, carriers.nanosecond_array, seconds_array),
    *(carriers.date_array, text_array, carriers.integer_array),
)
OBJECTS: tuple[Builder, ...] = (
    *(text_array, carriers.map_array, carriers.struct_array, carriers.nested_array, list_array),
)
STRINGS: tuple[Builder, ...] = (
    *(text_array,) * 8,
    *(carriers.dictionary_array, carriers.large_text_array, carriers.integer_array, null_array),
)
DATABASE = {"Decimal": DECIMALS, "Date/Time": MOMENTS, "JSON": OBJECTS, "String": STRINGS}
ARROW = {
    **DATABASE,
    "Decimal": (*DECIMALS, wide_decimal_array),
    "Date/Time": (*MOMENTS, zoned_array),
}
RECAST = {
    "bigint": ("hugeint", "bignum"),
    "timestamp": ("timestamp_s", "timestamp_ms", "timestamptz", "timestamp_ns"),
    "varchar": ("enum", "varchar", "varchar"),
}
"""What DuckDB can hold a column as besides, with the same values."""


def write_arrow(case: Case, path: Path) -> pa.Table:
    table = typed_table(case, ARROW)
    pyarrow.feather.write_feather(
        table, str(path), compression=Random(case.seed).choice(["lz4", "uncompressed"])
    )
    return table


def write_database(case: Case, path: Path, name: str = "costs") -> pa.Table:
    """A table of a new database; the Arrow table has the same values.

    No two names of columns may differ in case alone: DuckDB would give one of them another name.
    """
    rng = Random(f"{case.seed} database")
    source = typed_table(case, DATABASE)
    with duckdb.connect(str(path)) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"create table {name} as from source")
        for column, kind in connection.execute(
            f"select column_name, lower(column_type) from (describe {name})"
        ).fetchall():
            if kind in RECAST and rng.random() < 0.3:
                recast(connection, name, column, rng.choice(RECAST[kind]))
    return source


def recast(connection: duckdb.DuckDBPyConnection, table: str, column: str, kind: str) -> None:
    """Another type for a column, unless some value of it is out of its range."""
    quoted = '"' + column.replace('"', '""') + '"'
    if kind == "enum":
        (texts,) = connection.execute(f"select list(distinct {quoted}) from {table}").fetchone() or ([],)
        kind = f"enum({', '.join(literal(text) for text in texts if text is not None)})"
    with contextlib.suppress(duckdb.Error):
        connection.execute(f"alter table {table} alter column {quoted} type {kind}")


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
