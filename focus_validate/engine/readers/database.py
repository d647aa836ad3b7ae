"""Tables and views of a DuckDB database file, read only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from focus_validate.duck import held_elsewhere
from focus_validate.engine.readers.files import Checksum, File, regular_file
from focus_validate.engine.readers.table import Table, field_of, identifier
from focus_validate.errors import InputError
from focus_validate.text import did_you_mean, escape, first_line, some

if TYPE_CHECKING:
    from focus_validate.engine.session import Session

DATABASE_ENDINGS = (".duckdb", ".ddb", ".db")
_MAGIC = b"DUCK"
_MAGIC_AT = 8
_DATABASE = "source"
_MEMORY = "memory"


def is_database(file: Path) -> bool:
    """Whether the first bytes are those of a DuckDB database."""
    with file.open("rb") as stream:
        return stream.read(_MAGIC_AT + len(_MAGIC))[_MAGIC_AT:] == _MAGIC


def open_database(path: Path, name: str, session: Session, table: str | None) -> Table:
    """One table or view of a database; a view is computed once, so that its rows keep their numbers."""
    file = regular_file(path, name)
    relation, is_view = _attached(file, name, session, table)
    described = session.rows(f"describe {relation}") if not is_view else _computed(name, relation, session)
    names, types = [row[0] for row in described], [row[1] for row in described]
    cells = ", ".join(f"{identifier(column)} as c{position}" for position, column in enumerate(names))
    scan = f"(select {cells} from {'computed_view' if is_view else relation})"
    rows = int(session.row(f"select count(*) from {scan}")[0])
    if not rows:
        raise InputError(f"{name}: {escape(str(table))} has no data row; name a table with rows")
    checksum = Checksum(File(file, name), session.interrupt)
    return Table(
        fields=tuple(field_of(column, position, types[position]) for position, column in enumerate(names)),
        relation=scan,
        numbered=f"(select row_number() over () as rn, * from {scan})",
        rows=rows,
        finish=lambda: (checksum.finish(rows),),
        explain=lambda message: _fail(name, message),
        name=name,
        typed=True,
    )


def database_header(path: Path, name: str, session: Session, table: str | None) -> tuple[str, ...]:
    """The column names of one table or view."""
    relation, _ = _attached(regular_file(path, name), name, session, table)
    with _inside(name, session):
        return tuple(row[0] for row in session.rows(f"describe {relation}"))


def _attached(file: Path, name: str, session: Session, table: str | None) -> tuple[str, bool]:
    """The table as a FROM item, and whether it is a view."""
    import duckdb

    if not is_database(file):
        raise InputError(f"{name} is no DuckDB database; name it after what it holds")
    try:
        session.attach(file, _DATABASE)
        found = session.rows(
            "select schema_name, table_name, false from duckdb_tables()"
            f" where database_name = '{_DATABASE}' and not internal union all"
            f" select schema_name, view_name, true from duckdb_views()"
            f" where database_name = '{_DATABASE}' and not internal order by all"
        )
    except duckdb.Error as error:
        _fail(name, str(error))
    views = {(schema, relation): is_view for schema, relation, is_view in found}
    schema, relation = _chosen(name, table, list(views))
    return f"{_DATABASE}.{identifier(schema)}.{identifier(relation)}", views[schema, relation]


def _chosen(name: str, table: str | None, known: list[tuple[str, str]]) -> tuple[str, str]:
    """The table that ``table`` means: ``schema.name``, or a name that only one schema has."""
    names = [".".join(one) for one in known]
    if not known:
        raise InputError(f"{name} has no table; check that it is the right database")
    if table is None:
        raise InputError(f"{name} is a database: say which table with --table ({escape(some(names, 8))})")
    fitting = [one for one in known if ".".join(one) == table] or [one for one in known if one[1] == table]
    if not fitting:
        hint = did_you_mean(table, [*names, *(relation for _, relation in known)])
        raise InputError(f"{name} has no table {escape(table)}{hint}; it has {escape(some(names, 8))}")
    if len(fitting) > 1:
        choices = some([".".join(one) for one in fitting], 8)
        raise InputError(f"{name}: several schemas have {escape(table)}; say which: {escape(choices)}")
    return fitting[0]


def _computed(name: str, relation: str, session: Session) -> list[tuple[str, str]]:
    """The columns of a view, after its rows were put into ``computed_view``."""
    with _inside(name, session):
        session.execute(f"create table {_MEMORY}.computed_view as from {relation}")
    return [(row[0], row[1]) for row in session.rows("describe computed_view")]


@contextmanager
def _inside(name: str, session: Session) -> Iterator[None]:
    """Views find the tables that they name without a schema as they do when the database itself is open."""
    import duckdb

    session.execute(f"use {_DATABASE}")
    try:
        yield
    except duckdb.Error as error:
        _fail_at_view(name, error)
    finally:
        session.execute(f"use {_MEMORY}")


def _fail_at_view(name: str, error: Exception) -> NoReturn:
    reason = escape(first_line(error))
    raise InputError(
        f"{name}: the view cannot be computed inside the database file ({reason}); make it a table"
    ) from None


def _fail(name: str, message: str) -> NoReturn:
    reason = first_line(message)
    if held_elsewhere(reason):
        raise InputError(f"{name} is open in another process, which may be writing; close that one first")
    raise InputError(f"{name} cannot be read as a DuckDB database, it may be damaged: {escape(reason)}")
