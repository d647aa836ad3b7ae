"""A user's dbt project that installs the package, with raw tables in a DuckDB file of its own."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from .dbt_server import Run, run_dbt

REPOSITORY = Path(__file__).parents[3]
SOURCES = (
    "openai",
    "anthropic",
    "litellm",
    "stripe",
    "attribution",
    "finance",
    "provider_invoices",
    "general_ledger",
)

_PROJECT = """\
name: a_users_project
version: 1.0.0
config-version: 2
profile: a_users_profile
"""
_PROFILE = """\
a_users_profile:
  target: duckdb
  outputs:
    duckdb: {type: duckdb, path: raw.duckdb, threads: 2}
"""
_MACROS_ALONE = """\
name: focus_ai
version: 0.0.0
config-version: 2
profile: focus_ai
models: {+materialized: table}
"""
_MACROS_ALONE_PROFILE = """\
focus_ai:
  target: duckdb
  outputs:
    duckdb: {{type: duckdb, path: "{database}", threads: 2}}
"""


def macros_alone(folder: Path, database: str = ":memory:") -> Path:
    """Make ``folder`` a project that holds the package's macros and, so far, no model."""
    (folder / "dbt_project.yml").write_text(_MACROS_ALONE)
    (folder / "profiles.yml").write_text(_MACROS_ALONE_PROFILE.format(database=database))
    (folder / "macros").symlink_to(REPOSITORY / "macros")
    (folder / "models").mkdir()
    return folder


class Project:
    """A project folder; `package` is where focus_ai is installed from."""

    def __init__(self, folder: Path, package: Path = REPOSITORY) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        (folder / "dbt_project.yml").write_text(_PROJECT)
        (folder / "profiles.yml").write_text(_PROFILE)
        (folder / "packages.yml").write_text(f"packages:\n  - local: {package}\n")
        packages = folder / "dbt_packages"
        packages.mkdir(exist_ok=True)
        link = packages / "focus_ai"  # what `dbt deps` makes of a local package, without its five seconds
        if not link.exists():
            link.symlink_to(package, target_is_directory=True)

    def dbt(self, *arguments: str, sources: Iterable[str] | str | None = None, **variables: object) -> Run:
        """Run dbt in the folder with the var focus_ai_sources and further vars."""
        if sources is not None:
            variables["focus_ai_sources"] = sources if isinstance(sources, str) else list(sources)
        (run,) = run_dbt(self.folder, [*arguments, *(["--vars", json.dumps(variables)] if variables else [])])
        return run

    def dbt_each(self, commands: list[tuple[list[str], list[str]]]) -> list[Run]:
        """Run (arguments, sources) one after the other in one process."""
        return run_dbt(
            self.folder,
            *(
                [*arguments, "--vars", json.dumps({"focus_ai_sources": sources})]
                for arguments, sources in commands
            ),
        )

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query on the project's DuckDB file."""
        with duckdb.connect(str(self.folder / "raw.duckdb")) as connection:
            return connection.execute(sql).fetchall()

    def raw_table(self, name: str, columns: Iterable[str], rows: Iterable[Iterable[str | None]] = ()) -> None:
        """Make a raw table of text columns, replacing one of that name."""
        columns = list(columns)
        quoted = ", ".join(f'"{column}" varchar' for column in columns)
        with duckdb.connect(str(self.folder / "raw.duckdb")) as connection:
            connection.execute(f"create schema if not exists {name.split('.')[0]}")
            connection.execute(f"create or replace table {name} ({quoted})")
            for row in rows:
                connection.execute(f"insert into {name} values ({', '.join('?' * len(columns))})", list(row))

    def insert(self, name: str, **row: str) -> None:
        """One row into a raw table; columns that are not named are null."""
        columns = ", ".join(f'"{column}"' for column in row)
        with duckdb.connect(str(self.folder / "raw.duckdb")) as connection:
            connection.execute(
                f"insert into {name} ({columns}) values ({', '.join('?' * len(row))})", list(row.values())
            )

    def empty_raw_tables(self, headers: dict[str, list[str]]) -> None:
        """All raw tables of the sources, without rows."""
        for name, columns in headers.items():
            self.raw_table(name, columns)


def headers(folder: Path) -> dict[str, list[str]]:
    """Column names of each raw table, by `source.table`, from generated CSV files."""
    found = {}
    for path in sorted(folder.glob("*/*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            found[f'{path.parent.name}."{path.stem}"'] = next(csv.reader(file))
    return found
