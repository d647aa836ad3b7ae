"""The company's warehouse: dbt builds it once, then its compiled models run again on new raw tables.

dbt takes 65 ms for each model, its query a fraction of that. dbt itself builds first and last, closes and
reopens, and keeps the audit log; in between the queries that it compiled run as they are, in its order.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import NamedTuple

import duckdb
from dbt_package.project import Project

from simulation.worker import Worker

SOURCES = ["openai", "anthropic", "litellm", "stripe", "attribution", "finance", "provider_invoices"]
STYLES = ("ledger", "delta")
READ = (
    "int_focus_ai__recordable_changes",
    "int_focus_ai__evidence_state",
    "focus_ai__close_checklist",
    "focus_ai__customer_gross_margin_monthly",
    "focus_ai__customer_gross_margin_detail",
    "focus_ai__unattributed_spend",
)
"""Models that are read, those of the ledger besides; they are built with all that they come from."""


class Statement(NamedTuple):
    """A model or test of dbt as a query; ``relation`` and ``kind``: what a model makes."""

    name: str
    sql: str
    relation: str | None
    kind: str


class Warehouse:
    """A project with one DuckDB file, and the queries of its models.

    folder      of the project
    package     what is installed in it
    with_tests  build all models and compile all data tests too
    """

    def __init__(self, folder: Path, package: Path, *, with_tests: bool = False) -> None:
        self.database = folder / "raw.duckdb"
        self._folder = folder
        self._with_tests = with_tests
        self._project = Project(folder, package)
        self._models: list[Statement] = []
        self._published: dict[str, str] = {}
        self._tests: list[Statement] = []
        self.dbt = Worker(self._project, {"focus_ai_sources": SOURCES})

    def close(self) -> None:
        """End dbt."""
        self.dbt.close()

    def build(self, style: str = "ledger", *flags: str) -> None:
        """Build with dbt."""
        variables = {"focus_ai_correction_style": style}
        self.dbt.run(
            "build",
            "--resource-type",
            "model",
            "--resource-type",
            "seed",
            *self._selected,
            *flags,
            **variables,
        )
        if not self._models:
            self._compile()

    def start_again(self) -> None:
        """The file as it was when dbt had built it for the first time: with seeds and an empty ledger."""
        shutil.copy(self._folder / "first.duckdb", self.database)

    def run(self, style: str) -> None:
        """Run the queries of all models but those of the ledger, which no build touches."""
        with duckdb.connect(str(self.database)) as connection:
            connection.execute("set threads = 2")
            for model in self._models:
                self._make(connection, model, style)

    def in_style(self, connection: duckdb.DuckDBPyConnection, style: str) -> None:
        """Make the FOCUS rows in a style of corrections; for a transaction that is rolled back."""
        for model in self._models:
            if model.name in ("int_focus_ai__published", "focus_ai__cost_and_usage"):
                self._make(connection, model, style)

    def failing_tests(self) -> list[str]:
        """Data tests of the package that do not hold, with the number of their failures."""
        found = []
        with duckdb.connect(str(self.database), read_only=True) as connection:
            for test in self._tests:
                row = connection.execute(f"select count(*) from ({test.sql}) as failures").fetchone()
                if row and row[0]:
                    found.append(f"{test.name}: {row[0]} failures")
        return found

    def _make(self, connection: duckdb.DuckDBPyConnection, model: Statement, style: str) -> None:
        sql = self._published[style] if model.name == "int_focus_ai__published" else model.sql
        connection.execute(f"create or replace {model.kind} {model.relation} as {sql}")

    @property
    def _selected(self) -> list[str]:
        if self._with_tests:
            return []
        return ["--select", *(f"+{model}" for model in READ), "focus_ai.ledger"]

    def _compile(self) -> None:
        """Keep the file, and what dbt compiled, in the order in which it was built."""
        shutil.copy(self.database, self._folder / "first.duckdb")
        self._models = [
            statement for statement in self._statements("model") if statement.kind in ("table", "view")
        ]
        for style in STYLES:
            self.dbt.run("compile", "--select", "int_focus_ai__published", focus_ai_correction_style=style)
            (published,) = self._statements("model")
            self._published[style] = published.sql
        if self._with_tests:
            self.dbt.run("compile", "--select", "resource_type:test")
            self._tests = self._statements("test")

    def _statements(self, kind: str) -> list[Statement]:
        target = self._folder / "target"
        nodes = json.loads((target / "manifest.json").read_text())["nodes"]
        results = json.loads((target / "run_results.json").read_text())["results"]
        return [
            Statement(
                node["name"], result["compiled_code"], node["relation_name"], node["config"]["materialized"]
            )
            for result in results
            if (node := nodes.get(result["unique_id"]))
            and node["resource_type"] == kind
            and node["config"].get("severity", "error").lower() == "error"
        ]
