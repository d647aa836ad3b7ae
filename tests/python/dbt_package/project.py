"""A user's dbt project that installs the package, with raw tables in a DuckDB file of its own."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

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
_ENVIRONMENT = os.environ | {
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DBT_PARTIAL_PARSE": "false",
    "DBT_USE_COLORS": "false",
}
_RUN_EACH = """
import contextlib, io, json, sys
from dbt.cli.main import dbtRunner

runs = []
manifest = dbtRunner().invoke(["--quiet", "parse"]).result if sys.argv[1:] else None
for arguments in json.load(sys.stdin):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        result = dbtRunner(manifest=manifest).invoke(arguments)
    runs.append((0 if result.success else 1, printed.getvalue() + str(result.exception or "")))
print(json.dumps(runs))
"""


def dbt_in_one_process(folder: Path, calls: list[list[str]], *, parse_once: bool = False) -> list[Run]:
    """Run dbt with each list of arguments, one after the other in a project folder.

    ``parse_once`` is for calls that no model depends on: the project is not read anew for each.
    """
    done = subprocess.run(
        [sys.executable, "-c", _RUN_EACH, *(["parse once"] if parse_once else [])],
        input=json.dumps(calls),
        cwd=folder,
        env=_ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=1800,
        check=True,
    )
    return [Run(code, output) for code, output in json.loads(done.stdout)]


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
        command = [sys.executable, "-m", "dbt.cli.main", *arguments]
        if variables:
            command += ["--vars", json.dumps(variables)]
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=_ENVIRONMENT,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        return Run(done.returncode, done.stdout + done.stderr)

    def dbt_each(self, commands: list[tuple[list[str], list[str]]]) -> list[Run]:
        """Run (arguments, sources) one after the other in one process: dbt takes seconds to start."""
        calls = [
            [*arguments, "--vars", json.dumps({"focus_ai_sources": sources})]
            for arguments, sources in commands
        ]
        return dbt_in_one_process(self.folder, calls)

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


class Run:
    """What a dbt command returned and printed."""

    def __init__(self, code: int, output: str) -> None:
        self.code = code
        self.output = output

    def succeeded(self) -> Run:
        """Assert success; the output is the message."""
        assert self.code == 0, self.output
        return self

    def failed(self) -> str:
        """Assert failure; the output."""
        assert self.code != 0, self.output
        return self.output


def headers(folder: Path) -> dict[str, list[str]]:
    """Column names of each raw table, by `source.table`, from generated CSV files."""
    found = {}
    for path in sorted(folder.glob("*/*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            found[f'{path.parent.name}."{path.stem}"'] = next(csv.reader(file))
    return found
