"""Months of a small company through the whole chain: whatever happens, the books hold.

A seed is a history. A failure names its seed, what held no longer, and what had happened until then;
``FOCUS_AI_SIMULATION_SEEDS=17,42`` runs those histories, ``FOCUS_AI_SIMULATION_STEPS`` sets their length.
"""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from dbt_package.project import Project

from simulation.books import Books, differences, failed_checks, load, problems, read
from simulation.company import START, Company
from simulation.worker import Worker

pytestmark = pytest.mark.slow

PACKAGE = Path(__file__).parents[3]
SEEDS = [int(seed) for seed in os.environ.get("FOCUS_AI_SIMULATION_SEEDS", "283").split(",")]
STEPS = int(os.environ.get("FOCUS_AI_SIMULATION_STEPS", "5"))
SOURCES = ["openai", "anthropic", "attribution", "finance"]
SELECTED = [
    *[
        "--select",
        "+int_focus_ai__recordable_changes",
        "+focus_ai__close_checklist",
        "+int_focus_ai__evidence_state",
    ],
    *["+focus_ai__customer_gross_margin_monthly", "focus_ai.ledger"],
]
BUILD = ["build", "--resource-type", "model", "--resource-type", "seed", *SELECTED]


class Simulation:
    """A company, its dbt project, and the books as they were after the last step.

    Some companies enter closes in their own log, some use the operations, some begin with the one and go on
    with the other.
    """

    def __init__(self, seed: int, folder: Path) -> None:
        self.company = Company(seed)
        self.chance = self.company.chance
        self.project = Project(folder, PACKAGE)
        self.database = folder / "raw.duckdb"
        self.books: Books | None = None
        self.closed: list[datetime] = []
        self.first_by_operation = self.chance.choice([0, 0, 1, 1, 99])

    def run(self, steps: int) -> None:
        """Let time go by, step by step; every state must hold."""
        load(self.company, self.database)
        with self.dbt() as dbt:
            for step in range(steps):
                self._live()
                self._build(dbt)
                self._check()
                if step % 4 == 3:
                    self._same_books(dbt, "built again", *(["--full-refresh"] if step % 8 == 7 else []))
                self._close_or_reopen(dbt)

    def dbt(self) -> Worker:
        """What runs dbt in the company's project."""
        return Worker(self.project, {"focus_ai_sources": SOURCES})

    def _live(self) -> None:
        company, chance = self.company, self.chance
        company.wait(chance.randrange(4, 14))
        company.pull_what_is_due(share_late=chance.choice([0, 0.2, 0.4]))
        bills = [company.restate, company.restate, company.restate_usage, company.buy_credit]
        minds = [company.remap, company.change_price, company.override, company.share]
        for happens in chance.choices(bills + minds, k=chance.randrange(1, 6)):
            happens()

    def _close_or_reopen(self, dbt: Worker) -> None:
        """A close changes no row; a reopening may, and is checked like any other step."""
        company, chance = self.company, self.chance
        month = (self.closed[-1] + timedelta(days=31)).replace(day=1) if self.closed else START
        if self.closed and chance.random() < 0.12:
            self._enter(
                dbt, self.closed.pop(), "reopen", by_operation=len(self.closed) >= self.first_by_operation
            )
            self._build(dbt)
            self._check()
        elif company.now > month + timedelta(days=33) and chance.random() < 0.8:
            self._enter(dbt, month, "close", by_operation=len(self.closed) >= self.first_by_operation)
            self.closed.append(month)
            self._same_books(dbt, "built after the close")
            self._check()

    def _enter(self, dbt: Worker, month: datetime, action: str, *, by_operation: bool) -> None:
        company = self.company
        if not by_operation:
            company.log_close(month, action)
            return
        moment = company.tell(f"{action} {month:%Y-%m} by operation")
        arguments: dict[str, object] = {"accounting_period": f"{month:%Y-%m}"}
        if action == "close":
            arguments |= {"closed_by": "ann", "reviewed_by": "bo", "closed_at": moment}
            exceptions = [
                {"check": check, "reason": "simulated", "approved_by": "cy"}
                for check in failed_checks(self.database, month)
            ]
            arguments |= {"exceptions": exceptions} if exceptions else {}
        else:
            arguments |= {
                "requested_by": "ann",
                "approved_by": "bo",
                "reason": "why not",
                "reopened_at": moment,
            }
        dbt.run("run-operation", f"focus_ai_{action}", "--args", json.dumps(arguments))

    def _build(self, dbt: Worker, *flags: str) -> None:
        load(self.company, self.database)
        dbt.run(*BUILD, *flags)
        dbt.run("run-operation", "focus_ai_record_changes")

    def _check(self) -> None:
        self._fail_on(problems(self.company, self.database, self.books))
        self.books = read(self.database)

    def _same_books(self, dbt: Worker, when: str, *flags: str) -> None:
        """The same facts give the same books, and an audit log that has nothing to add."""
        assert self.books is not None
        recorded = read(self.database).head
        self._build(dbt, *flags)
        again = read(self.database)
        found = [f"{when}: {line}" for line in differences(self.books, again)]
        if again.head != recorded:
            found.append(f"{when}: the audit log has grown")
        self._fail_on(found)

    def _fail_on(self, found: list[str]) -> None:
        if found:
            told = "\n".join(
                [f"seed {self.company.seed}:", *found[:20], "", "what happened:", *self.company.story]
            )
            pytest.fail(told, pytrace=False)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_books_hold_whatever_happens(seed: int, tmp_path: Path) -> None:
    Simulation(seed, tmp_path / "project").run(STEPS)
