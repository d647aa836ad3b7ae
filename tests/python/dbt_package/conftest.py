"""A dbt project that holds the package's macros and no model: what a macro writes, run on DuckDB."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from .dbt_server import run_dbt
from .project import headers, macros_alone

Render = Callable[[str], str]
Query = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def macros(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a project that holds the package's macros and no model."""
    if importlib.util.find_spec("dbt.adapters.duckdb") is None:
        pytest.skip("needs dbt-duckdb")
    return macros_alone(tmp_path_factory.mktemp("macros"))


@pytest.fixture(scope="session")
def render(macros: Path) -> Render:
    """Jinja with the package's macros to the SQL that dbt compiles for DuckDB."""

    def compile_inline(jinja: str) -> str:
        (run,) = run_dbt(macros, ["--quiet", "compile", "--inline", jinja, "--output", "json"])
        return str(json.loads(run.succeeded().output)["compiled"])

    return compile_inline


@pytest.fixture
def query() -> Query:
    """The rows of a SQL text, on an empty DuckDB."""

    def fetch(sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect() as connection:
            return connection.execute(sql).fetchall()

    return fetch


@pytest.fixture(scope="session")
def raw_headers(demo_data: Path) -> dict[str, list[str]]:
    return headers(demo_data)
