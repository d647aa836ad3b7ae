"""The same data as a CSV file or a Parquet file, and what the oracle makes of it."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from . import reference
from .evaluator import Verdict, evaluate
from .fuzz import Case
from .jsontext import Object, parse_object
from .moments import EPOCH, instant_of
from .numeric import NUMBER


def csv_field(value: str | None, rng: Random) -> str:
    """Null as an empty field, all else quoted where it must be and, at times, where it need not."""
    if value is None:
        return ""
    if value == "" or any(char in value for char in '",\r\n') or rng.random() < 0.1:
        return '"' + value.replace('"', '""') + '"'
    return value


def write_csv(case: Case, path: Path) -> None:
    """The table as RFC 4180 allows it: line ends, byte order mark and last line end vary with the seed."""
    rng = Random(case.seed)
    lines = [",".join(csv_field(name, rng) for name in case.header)]
    for row in case.rows:
        extra = "," if rng.random() < 0.02 else ""
        lines.append(",".join(csv_field(row[name], rng) for name in case.header) + extra)
    end = rng.choice(["\n", "\n", "\r\n"])
    text = end.join(lines) + rng.choice([end, "", end + end])
    path.write_text(text, rng.choice(["utf-8", "utf-8-sig"]), newline="")


def csv_verdicts(case: Case) -> dict[str, Verdict]:
    return evaluate(
        case.header,
        case.rows,
        case.dataset,
        case.supports,
        case.selected,
        case.null_text,
        tolerance=case.tolerance,
    )


def write_parquet(case: Case, path: Path) -> None:
    """Columns in a physical type drawn per column; a text that the type cannot hold becomes null."""
    rng = Random(case.seed)
    facts = reference.columns_of(case.dataset)
    arrays: list[pa.Array] = []
    for name in case.header:
        kind = facts[name].data_type if name in facts else "String"
        arrays.append(typed_array([row[name] for row in case.rows], kind, rng))
    pq.write_table(pa.table(arrays, names=list(case.header)), path)


def typed_array(cells: list[str | None], kind: str, rng: Random) -> pa.Array:
    builders = {
        "Decimal": (decimal_array, decimal_array, float_array, integer_array, text_array),
        "Date/Time": (utc_array, naive_array, nanosecond_array, date_array, text_array),
        "JSON": (text_array, text_array, map_array, struct_array, nested_array, nested_array),
        "String": (text_array,) * 12
        + (integer_array, dictionary_array, large_text_array, boolean_array, utc_array),
    }[kind]
    array: pa.Array = rng.choice(builders)(cells, rng)
    return array


def text_array(cells: list[str | None], rng: Random) -> pa.Array:
    return pa.array(cells, pa.string())


def large_text_array(cells: list[str | None], rng: Random) -> pa.Array:
    return pa.array(cells, pa.large_string())


def dictionary_array(cells: list[str | None], rng: Random) -> pa.Array:
    return pa.array(cells, pa.string()).dictionary_encode()


def decimal_array(cells: list[str | None], rng: Random) -> pa.Array:
    precision, scale = rng.choice([(38, 18), (38, 10), (18, 2), (9, 4), (38, 0), (38, 37)])
    return pa.array(
        [decimal_or_none(cell, precision, scale) for cell in cells], pa.decimal128(precision, scale)
    )


def decimal_or_none(cell: str | None, precision: int, scale: int) -> Decimal | None:
    if cell is None or not NUMBER.fullmatch(cell) or len(cell) > 60:
        return None
    try:
        value = Decimal(cell).quantize(Decimal(1).scaleb(-scale))
    except InvalidOperation:
        return None
    return value if len(value.as_tuple().digits) <= precision else None


def float_array(cells: list[str | None], rng: Random) -> pa.Array:
    specials = {"NaN": float("nan"), "inf": float("inf"), "-Infinity": float("-inf")}
    values = [
        specials.get(cell or "", float(cell) if cell and NUMBER.fullmatch(cell) and len(cell) < 60 else None)
        for cell in cells
    ]
    return pa.array(values, pa.float64())


def integer_array(cells: list[str | None], rng: Random) -> pa.Array:
    values = [
        int(cell) if cell and NUMBER.fullmatch(cell) and cell.lstrip("-").isdigit() else None
        for cell in cells
    ]
    return pa.array([v if v is not None and abs(v) < 2**62 else None for v in values], pa.int64())


def boolean_array(cells: list[str | None], rng: Random) -> pa.Array:
    return pa.array([None if cell is None else len(cell) % 2 == 0 for cell in cells], pa.bool_())


def microseconds(cells: list[str | None]) -> list[int | None]:
    return [instant_of(cell) for cell in cells]


def utc_array(cells: list[str | None], rng: Random) -> pa.Array:
    return pa.array(microseconds(cells), pa.timestamp("us", "UTC"))


def naive_array(cells: list[str | None], rng: Random) -> pa.Array:
    return pa.array(microseconds(cells), pa.timestamp("us"))


def nanosecond_array(cells: list[str | None], rng: Random) -> pa.Array:
    values = [None if v is None or abs(v) > 2**62 // 1000 else v * 1000 for v in microseconds(cells)]
    return pa.array(values, pa.timestamp("ns"))


def date_array(cells: list[str | None], rng: Random) -> pa.Array:
    days = [None if v is None else v // 86_400_000_000 for v in microseconds(cells)]
    return pa.array(days, pa.int32()).cast(pa.date32())


def map_array(cells: list[str | None], rng: Random) -> pa.Array:
    values = [None if (root := object_or_none(cell)) is None else flat(root) for cell in cells]
    return pa.array(values, pa.map_(pa.string(), pa.string()))


def struct_array(cells: list[str | None], rng: Random) -> pa.Array:
    """One struct of text fields: the keys of all cells, null where a cell lacks the key."""
    roots = [object_or_none(cell) for cell in cells]
    keys = sorted({key for root in roots if root for key in root.values()} - {""}) or ["a"]
    values = [None if root is None else dict(flat(root)) for root in roots]
    array = pa.array(values, pa.struct([(key, pa.string()) for key in keys]))
    return array if reads_back(array.type) else text_array(cells, rng)


def nested_array(cells: list[str | None], rng: Random) -> pa.Array:
    """Structs and lists as deep as the JSON goes; text where the cells fit no common type."""
    try:
        array = pa.array([python_object(cell) for cell in cells])
    except (pa.ArrowException, ValueError, TypeError, OverflowError):
        return text_array(cells, rng)
    return array if reads_back(array.type) else text_array(cells, rng)


def reads_back(kind: pa.DataType) -> bool:
    """DuckDB takes no struct without fields, and none whose field names differ in case alone."""
    if pa.types.is_list(kind):
        return reads_back(kind.value_type)
    if not pa.types.is_struct(kind):
        return True
    names = {field.name.lower() for field in kind.fields}
    return 0 < len(names) == kind.num_fields and all(reads_back(field.type) for field in kind.fields)


def python_object(cell: str | None) -> dict[str, Any] | None:
    if cell is None or cell.count("{") + cell.count("[") > 40 or object_or_none(cell) is None:
        return None
    parsed = json.loads(cell)
    return parsed if isinstance(parsed, dict) and "" not in parsed else None


def object_or_none(cell: str | None) -> Object | None:
    """The object in a cell; none where it has a lone surrogate, which a text column cannot hold."""
    return parse_object(cell) if cell is not None and "\\ud8" not in cell else None


def flat(root: Object) -> list[tuple[str, str | None]]:
    """Keys with their values as text: what a map column of a lake holds."""
    return [(key, value if isinstance(value, str) else None) for key, value in root.pairs]


def parquet_verdicts(case: Case, path: Path) -> dict[str, Verdict]:
    """The oracle on the file as it was written: values and physical types are read back."""
    return table_verdicts(case, pq.read_table(path))


def table_verdicts(case: Case, table: pa.Table) -> dict[str, Verdict]:
    """The oracle on an Arrow table."""
    types = {field.name: physical(field.type) for field in table.schema}
    scales = {field.name: field.type.scale for field in table.schema if types[field.name] == "decimal"}
    columns = {name: cells_of(table.column(name)) for name in table.column_names}
    rows = [{name: columns[name][number] for name in columns} for number in range(table.num_rows)]
    return evaluate(
        case.header,
        rows,
        case.dataset,
        case.supports,
        case.selected,
        None,
        types,
        scales,
        case.tolerance,
    )


def cells_of(column: pa.ChunkedArray) -> list[Any]:
    if pa.types.is_map(column.type):
        return [None if value is None else Object(tuple(value)) for value in column.to_pylist()]
    if pa.types.is_timestamp(column.type):
        instants = column.cast(pa.timestamp("us", column.type.tz)).cast(pa.int64()).to_pylist()
        return [None if instant is None else EPOCH + timedelta(microseconds=instant) for instant in instants]
    if pa.types.is_float32(column.type):  # as it is written: 0.1, not the double next to it
        return [None if value is None else float(str(np.float32(value))) for value in column.to_pylist()]
    return [without_null_fields(value) for value in column.to_pylist()]


def without_null_fields(value: Any) -> Any:
    """A struct has all its fields in every row: null is the only way to leave one out."""
    if isinstance(value, dict):
        return {key: without_null_fields(inner) for key, inner in value.items() if inner is not None}
    return [without_null_fields(inner) for inner in value] if isinstance(value, list) else value


UTC = (None, "UTC", "+00:00")


def physical(kind: pa.DataType) -> str:
    if pa.types.is_timestamp(kind) and kind.tz not in UTC:
        return "zoned"
    tests = (
        (pa.types.is_decimal, "decimal"),
        (pa.types.is_integer, "integer"),
        (pa.types.is_floating, "floating"),
        (pa.types.is_timestamp, "timestamp"),
        (pa.types.is_date, "date"),
        (pa.types.is_boolean, "boolean"),
        (pa.types.is_nested, "json"),
        (pa.types.is_dictionary, "string"),
    )
    return next((name for test, name in tests if test(kind)), "string")
