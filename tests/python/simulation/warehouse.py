"""The company's warehouse: dbt builds it once, then its compiled models run again on new raw tables.

dbt takes 65 ms for each model, its query a fraction of that. dbt itself builds first and last, closes and
reopens, and keeps the audit log; in between the queries that it compiled run as they are, in its order, but
staging is kept as tables: a view would be planned anew by each of its readers.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import NamedTuple

import duckdb
from dbt_package.calendars import Calendar
from dbt_package.project import Project

from simulation.tables import Row, load
from simulation.worker import Worker

SOURCES = [
    *["openai", "anthropic", "litellm", "stripe", "attribution", "finance", "provider_invoices"],
    "general_ledger",
]
STYLES = ("ledger", "delta")
READ = (
    "int_focus_ai__recordable_changes",
    "int_focus_ai__evidence_state",
    "focus_ai__close_checklist",
    "focus_ai__customer_gross_margin_monthly",
    "focus_ai__customer_gross_margin_detail",
    "focus_ai__unattributed_spend",
    "focus_ai__general_ledger_reconciliation",
    "focus_ai__budget_status",
)
"""Models that are read, those of the ledger besides; they are built with all that they come from."""


STAGING_AS_TABLES = "models: {focus_ai: {staging: {+materialized: table}}}\n"
"""For a user's dbt_project.yml."""


class Statement(NamedTuple):
    """A model or test of dbt as a query; ``relation`` and ``kind``: what a model makes."""

    name: str
    sql: str
    relation: str | None
    kind: str


class Compiled(NamedTuple):
    """Models and data tests as dbt compiled them, in the order in which it builds them.

    published   the model whose query depends on the style of corrections, by style
    """

    models: list[Statement]
    published: dict[str, str]
    tests: list[Statement]


class Warehouse:
    """A project with one DuckDB file, and the queries of its models.

    folder      of the project
    package     what is installed in it
    with_tests  build all models and compile all data tests too
    """

    def __init__(self, folder: Path, package: Path, *, with_tests: bool = False) -> None:
        self.database = folder / "raw.duckdb"
        self._folder = folder
        self._first = folder / "first.duckdb"
        self._with_tests = with_tests
        self._project = Project(folder, package)
        with (folder / "dbt_project.yml").open("a") as settings:
            settings.write(STAGING_AS_TABLES)
        self._loaded: dict[str, list[Row]] = {}
        self._calendar = Calendar("UTC")
        self._compiled: dict[Calendar, Compiled] = {}
        self.is_proved = False
        """Whether dbt has built a history's books as the queries alone did."""
        self._worker = Worker(self._project, {"focus_ai_sources": SOURCES})

    def close(self) -> None:
        """End dbt."""
        self._worker.close()

    def build(self, style: str = "ledger", *flags: str) -> None:
        """Build with dbt."""
        kinds = ["--resource-type", "model", "--resource-type", "seed"]
        self._dbt("build", *kinds, *self._selected, *flags, focus_ai_correction_style=style)
        if not self._first.exists():
            shutil.copy(self.database, self._first)

    def start_again(self, calendar: Calendar) -> None:
        """The file as it was when dbt had built it for the first time: with seeds and an empty ledger."""
        shutil.copy(self._first, self.database)
        self._loaded = {}
        self._calendar = calendar
        if calendar not in self._compiled:
            self._compiled[calendar] = self._compile()

    def operate(self, operation: str, **arguments: object) -> None:
        """Run an operation of the package with dbt; it must succeed."""
        assert (told := self.try_to(operation, **arguments)) is None, told

    def try_to(self, operation: str, **arguments: object) -> str | None:
        """Run an operation; what dbt told if it failed."""
        command = ["run-operation", operation, "--args", json.dumps(arguments)]
        done, told = self._worker.try_to(*command, focus_ai_accounting_calendar=self._calendar.variable)
        return None if done else told

    def load(self, tables: dict[str, list[Row]]) -> None:
        """Raw tables as they are now; those that changed are loaded anew."""
        load({name: rows for name, rows in tables.items() if self._loaded.get(name) != rows}, self.database)
        self._loaded = {name: list(rows) for name, rows in tables.items()}

    def run(self, style: str) -> None:
        """Run the queries of all models but those of the ledger, which no build touches."""
        with duckdb.connect(str(self.database)) as connection:
            connection.execute("set threads = 1")  # planning takes most of the time
            connection.begin()
            for model in self._compiled[self._calendar].models:
                self._make(connection, model, style)
            connection.commit()

    def in_style(self, connection: duckdb.DuckDBPyConnection, style: str) -> None:
        """Make the FOCUS rows in a style of corrections; for a transaction that is rolled back."""
        for model in self._compiled[self._calendar].models:
            if model.name in ("int_focus_ai__published", "focus_ai__cost_and_usage"):
                self._make(connection, model, style)

    def failing_tests(self) -> list[str]:
        """Data tests of the package that do not hold, with the number of their failures."""
        found = []
        with duckdb.connect(str(self.database), read_only=True) as connection:
            for test in self._compiled[self._calendar].tests:
                row = connection.execute(f"select count(*) from ({test.sql}) as failures").fetchone()
                if row and row[0]:
                    found.append(f"{test.name}: {row[0]} failures")
        return found

    def _make(self, connection: duckdb.DuckDBPyConnection, model: Statement, style: str) -> None:
        published = self._compiled[self._calendar].published
        sql = published[style] if model.name == "int_focus_ai__published" else model.sql
        connection.execute(f"create or replace {model.kind} {model.relation} as {sql}")

    @property
    def _selected(self) -> list[str]:
        if self._with_tests:
            return []
        return ["--select", *(f"+{model}" for model in READ), "focus_ai.ledger"]

    def _compile(self) -> Compiled:
        """The queries of the calendar; raw tables must be there, for the columns that they have."""
        self._dbt("compile", *self._selected)
        models = self._statements("model")
        published = {}
        for style in STYLES:
            self._dbt("compile", "--select", "int_focus_ai__published", focus_ai_correction_style=style)
            published[style] = self._statements("model")[0].sql
        if self._with_tests:
            self._dbt("compile", "--select", "resource_type:test")
        tests = self._statements("test")
        return Compiled([model for model in models if model.kind in ("table", "view")], published, tests)

    def _dbt(self, *arguments: str, **variables: object) -> None:
        self._worker.run(*arguments, focus_ai_accounting_calendar=self._calendar.variable, **variables)

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
