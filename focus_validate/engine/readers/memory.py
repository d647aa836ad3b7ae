"""Tables in memory: Arrow, pandas, polars, DuckDB relations. All become Arrow, with their types and nulls."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from focus_validate.engine.readers.table import Table, field_of
from focus_validate.errors import InputError
from focus_validate.result import InputFile
from focus_validate.text import escape, first_line

if TYPE_CHECKING:
    import pyarrow as pa

    from focus_validate.engine.readers.table import Field
    from focus_validate.engine.session import Session


_UTC = frozenset(
    {"utc", "etc/utc", "gmt", "etc/gmt", "z", "zulu", "etc/zulu", "+00:00", "-00:00", "+00", "-00"}
)


def open_memory(source: Any, session: Session) -> Table:
    """The table of an object that is, or can become, an Arrow table."""
    name = f"{type(source).__module__.split('.')[0]} table"
    table = _to_arrow(source)
    files = (InputFile(name, None, None, table.num_rows),)
    return open_table(table, name, "input_table", session, lambda: files)


def open_table(
    table: pa.Table, name: str, relation: str, session: Session, finish: Callable[[], tuple[InputFile, ...]]
) -> Table:
    """The table of an Arrow table, which queries see as ``relation``."""
    names = [str(column) for column in table.column_names]
    _check(name, names, table.num_rows)
    table = _readable(table, name)
    types = _registered(table, name, relation, session)
    return Table(
        fields=tuple(
            _field(column, position, types[position], table.schema.field(position).type)
            for position, column in enumerate(names)
        ),
        relation=relation,
        numbered=f"(select row_number() over () as rn, * from {relation})",
        rows=table.num_rows,
        finish=finish,
        explain=lambda message: _fail(name, message),
        name=name,
        typed=True,
    )


def _registered(table: pa.Table, name: str, relation: str, session: Session) -> list[str]:
    """The types of the columns c0, c1, ... under which queries now see the table as ``relation``."""
    import duckdb  # its whole package knows how to read what is in memory

    columns = [f"c{position}" for position in range(table.num_columns)]
    try:
        session.connection.register(relation, table.rename_columns(columns))
        return [row[1] for row in session.rows(f"describe {relation}")]
    except duckdb.NotImplementedException:
        kinds = ", ".join(f"{field.name} ({field.type})" for field in table.schema if _is_rare(field.type))
        raise InputError(
            f"{name}: the engine cannot read the type of {escape(kinds) or 'a column'}; give it another type"
        ) from None


def _is_rare(arrow_type: pa.DataType) -> bool:
    """Types inside others, which ``_readable`` leaves as they are."""
    return any(rare in str(arrow_type) for rare in ("decimal256", "halffloat"))


def _readable(table: pa.Table, name: str) -> pa.Table:
    """The table with types that the engine does not know as the nearest one that it knows."""
    pa = arrow_library()
    for position, field in enumerate(table.schema):
        if pa.types.is_decimal256(field.type):
            try:
                cells = table.column(position).cast(pa.decimal128(38, field.type.scale))
            except (pa.ArrowInvalid, ValueError):
                raise InputError(
                    f"{name}: {escape(field.name)} is {field.type} and has numbers of more than 38 digits;"
                    " give it a decimal type of at most 38"
                ) from None
        elif pa.types.is_float16(field.type):
            cells = table.column(position).cast(pa.float32())
        else:
            continue
        table = table.set_column(position, field.name, cells)
    return table


def _field(name: str, position: int, sql_type: str, arrow_type: pa.DataType) -> Field:
    """The field of one column; the engine forgets which zone the moments of an Arrow column name."""
    zone = getattr(arrow_type, "tz", None)
    foreign = zone if zone is not None and zone.casefold() not in _UTC else None
    return msgspec.structs.replace(field_of(name, position, sql_type), zone=foreign)


def arrow_library() -> Any:
    """The module pyarrow, or an InputError that says how to get it."""
    try:
        import pyarrow
        import pyarrow.ipc
    except ImportError:
        raise InputError(
            "Arrow data and tables in memory need pyarrow; pip install 'focus-validate[arrow]'"
        ) from None
    return pyarrow


def _fail(name: str, message: str) -> NoReturn:
    raise InputError(f"{name} has values that cannot be read ({escape(first_line(message))}); write it anew")


def _check(name: str, names: list[str], rows: int) -> None:
    for column in names:
        if names.count(column) > 1:
            raise InputError(f"{name}: two columns are named {escape(column)}; rename or remove one")
        if not column.strip():
            raise InputError(f"{name}: column {names.index(column) + 1} has no name; name it or remove it")
    if not rows:
        raise InputError(f"{name}: there is no data row; give at least one row")


def _to_arrow(source: Any) -> pa.Table:
    """``source`` as an Arrow table."""
    pa = arrow_library()
    if isinstance(source, pa.Table):
        return source
    library = type(source).__module__.split(".")[0]
    is_column = hasattr(source, "to_frame")
    if library == "pandas" and not is_column:
        return _from_pandas(source)
    if library == "polars" and not is_column:
        frame = source.collect() if hasattr(source, "collect") else source
        return frame.to_arrow()
    for method in ("to_arrow_table", "fetch_arrow_table", "read_all"):
        if hasattr(source, method):
            found = getattr(source, method)()
            return _in_utc(found) if library in ("duckdb", "_duckdb") else found
    if hasattr(source, "__arrow_c_stream__") and not is_column:
        return pa.table(source)
    raise InputError(
        f"a {type(source).__name__} is no table: give a path, a pandas or polars frame, an Arrow table"
        " or a DuckDB relation"
    )


def _in_utc(table: pa.Table) -> pa.Table:
    """A table of DuckDB, whose moments bear no zone: that of the session is named on the way here."""
    pa = arrow_library()
    zoned = [field for field in table.schema if getattr(field.type, "tz", None)]
    for field in zoned:
        position = table.schema.get_field_index(field.name)
        moments = table.column(position).cast(pa.timestamp(field.type.unit, "UTC"))
        table = table.set_column(position, field.name, moments)
    return table


def _from_pandas(frame: Any) -> pa.Table:
    import pyarrow as pa

    try:
        return pa.Table.from_pandas(frame, preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, TypeError, ValueError) as error:
        reason = escape(str(error.args[-1] if error.args else error))
        raise InputError(
            f"the frame is no table of columns with one type and one name each: {reason}"
        ) from None
