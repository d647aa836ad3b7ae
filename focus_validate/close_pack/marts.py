"""Read access to the marts that the dbt package built: a DuckDB file, or a folder of Parquet files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from focus_validate.duck import held_elsewhere
from focus_validate.errors import InputError
from focus_validate.text import did_you_mean, escape, join_words

if TYPE_CHECKING:
    import duckdb

Value = Decimal | int | str | bool | date | datetime | None
Row = dict[str, Value]

FIRST_MART = "focus_ai__customer_gross_margin_monthly"
"""Without this mart there is no pack; the schema that holds it is the schema of the marts."""
_KNOWN_SUM = """
create temp macro known_sum(amount) as case when count(*) = count(amount) then sum(amount) end
"""
"""A sum of which a part is missing is not a sum; queries say ``known_sum(x)``."""
_NOON_OF_LAST_DAY = """
create temp macro noon_of_last_day(billing_period_start) as
    billing_period_start + interval 1 month - interval 12 hour
"""
"""A billing period belongs to the accounting period in which it ends: its last day's noon."""
_PLACEHOLDER = re.compile(r"\{(focus_ai\w+)\}")


class MissingError(InputError):
    """A mart, or a column of it, is not there: the text says what and why that may be."""


class Marts:
    """The relations of one database by name; a context manager.

    The connection is read-only and cannot touch another file: views and queries in the database are data.

    Raises:
        InputError: the database cannot be opened, or holds no marts of the dbt package.
    """

    def __init__(self, path: str, schema: str | None = None) -> None:
        self._name = escape(path)
        self._relations: dict[str, str] = {}
        source = Path(path)
        if source.is_dir():
            self._connection = self._open_folder(source, schema)
        else:
            self._connection = self._open_file(source)
            self._relations = self._find_relations(schema)
        self._connection.execute(_KNOWN_SUM)
        self._connection.execute(_NOON_OF_LAST_DAY)
        self._connection.execute("set enable_external_access = false")
        self._connection.execute("set lock_configuration = true")

    def __enter__(self) -> Marts:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def has(self, mart: str) -> bool:
        """Whether the mart was built."""
        return mart in self._relations

    def columns(self, mart: str) -> list[str]:
        """The columns of a mart in its order; none when it is not there."""
        if not self.has(mart):
            return []
        return [name for name, *_ in self._fetch(f"describe {self._relations[mart]}")]

    def rows(self, sql: str, **parameters: object) -> list[Row]:
        """The rows of a query in which ``{focus_ai__x}`` stands for a mart and ``$name`` for a parameter.

        Raises:
            MissingError: a mart or a column of the query is not there.
        """
        import duckdb

        try:
            found = self._connection.execute(
                _PLACEHOLDER.sub(self._relation, sql),
                {name: value for name, value in parameters.items() if f"${name}" in sql},
            )
            names = [name for name, *_ in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        except duckdb.BinderException as error:
            mart = _PLACEHOLDER.search(sql)
            raise MissingError(
                f"{mart[1] if mart else 'a mart'} has other columns than this version reads "
                f"({_first_line(error)}): build it with the package's version of focus-validate"
            ) from None
        except duckdb.Error as error:
            raise InputError(f"cannot read the marts in {self._name}: {_first_line(error)}") from None

    def _relation(self, match: re.Match[str]) -> str:
        if not self.has(match[1]):
            raise MissingError(f"{match[1]} is not there: its source is off, or it was not built")
        return self._relations[match[1]]

    def _fetch(self, sql: str) -> list[tuple[str, ...]]:
        return self._connection.execute(sql).fetchall()

    def _open_file(self, path: Path) -> duckdb.DuckDBPyConnection:
        import duckdb

        if not path.is_file():
            raise InputError(
                f"{self._name} does not exist: name the DuckDB file that dbt built, or a folder of Parquet"
            )
        try:
            return duckdb.connect(str(path), read_only=True)
        except duckdb.Error as error:
            locked = held_elsewhere(str(error))
            remedy = (
                "another program writes to it: try again when it is done" if locked else _first_line(error)
            )
            raise InputError(f"cannot open {self._name} as a DuckDB database: {remedy}") from None

    def _open_folder(self, folder: Path, schema: str | None) -> duckdb.DuckDBPyConnection:
        """Views over ``<mart>.parquet``, for marts that were exported from another warehouse."""
        import duckdb

        if schema is not None:
            raise InputError("--schema is for a database: a folder of Parquet files has no schemas")
        files = sorted(file for file in folder.glob("*.parquet") if re.fullmatch(r"\w+", file.stem))
        connection = duckdb.connect(":memory:")
        try:
            for file in files:
                connection.read_parquet(str(file)).create(file.stem)
        except duckdb.Error as error:
            raise InputError(f"cannot read {escape(str(file))}: {_first_line(error)}") from None
        self._relations = {file.stem: _quote(file.stem) for file in files}
        if not self.has(FIRST_MART):
            raise InputError(
                f"{self._name} holds no {FIRST_MART}.parquet: export the marts into it, a file each"
            )
        return connection

    def _find_relations(self, schema: str | None) -> dict[str, str]:
        """Relations by name: those of the schema of the marts and of those beside it, such as `_ledger`."""
        tables = self._fetch(
            "select table_schema, table_name from information_schema.tables "
            "where table_name like 'focus_ai%' or table_name like 'int_focus_ai%' order by 1, 2"
        )
        home = self._home({of for of, name in tables if name == FIRST_MART}, schema)
        return {
            name: f"{_quote(of)}.{_quote(name)}"
            for of, name in sorted(tables, key=lambda each: each[0] == home)
            if of == home or of.startswith(f"{home}_")
        }

    def _home(self, candidates: set[str], schema: str | None) -> str:
        """The schema of the marts."""
        if schema is not None:
            if schema not in candidates:
                known = did_you_mean(schema, candidates) or _list(candidates)
                raise InputError(f"{self._name}: schema {escape(schema)} holds no {FIRST_MART}{known}")
            return schema
        if not candidates:
            raise InputError(
                f"{self._name} holds no {FIRST_MART}: run `dbt build --select package:focus_ai` into it first"
            )
        if len(candidates) > 1:
            raise InputError(
                f"{self._name} holds several sets of marts{_list(candidates)}: choose with --schema"
            )
        return candidates.pop()


def as_text(value: Value) -> str | None:
    """A value as text; null stays null."""
    return None if value is None else str(value)


def _list(schemas: Iterable[str]) -> str:
    names = [escape(schema) for schema in sorted(schemas)]
    return f" ({join_words(names)})" if names else ""


def _quote(name: str) -> str:
    """A name as SQL identifier, whatever it holds."""
    return '"{}"'.format(name.replace('"', '""'))


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
