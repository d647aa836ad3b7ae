"""Whatever happens to a small company, its books hold."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from simulation import checks
from simulation.books import Books, differences, failed_checks, problems, read
from simulation.company import START, Company
from simulation.facts import Close, Facts, next_month
from simulation.finance import Customers, Invoices, Treasury
from simulation.gateway import Gateway
from simulation.subledger import Subledger
from simulation.tables import load
from simulation.tampering import unseen
from simulation.truth import Truth
from simulation.warehouse import STYLES, Warehouse

pytestmark = pytest.mark.slow

PACKAGE = Path(__file__).parents[3]
SEEDS = [
    seed
    for part in os.environ.get("FOCUS_AI_SIMULATION_SEEDS", "283").split(",")
    for first, _, last in [part.partition("-")]
    for seed in range(int(first), int(last or first) + 1)
]
STEPS = int(os.environ.get("FOCUS_AI_SIMULATION_STEPS", "5"))
WITH_TESTS = os.environ.get("FOCUS_AI_SIMULATION_TESTS") == "1"


class Simulation:
    """A company, its warehouse, and the books as they were after the last step.

    Some companies enter closes in their own log, some use the operations, some begin with the one and go on
    with the other. Some post corrections as differences.
    """

    def __init__(self, seed: int, warehouse: Warehouse) -> None:
        self.company = Company(seed)
        self.chance = self.company.chance
        self.warehouse = warehouse
        self.database = warehouse.database
        self.invoices = Invoices(self.company)
        self.customers = Customers(self.company)
        self.treasury = Treasury(self.company)
        self.gateway = Gateway(self.company)
        self.subledger = Subledger(self.company)
        self.books: Books | None = None
        self.closed: dict[datetime, Facts] = {}
        self.frozen: set[datetime] = set()
        self.first_by_operation = self.chance.choice([0, 0, 1, 1, 99])
        self.style = self.chance.choice(STYLES)

    def run(self, steps: int) -> None:
        """Let time go by, step by step; every state must hold."""
        self.warehouse.start_again()
        for _ in range(steps):
            self._live()
            self._build()
            self._check()
            self._close_or_reopen()
        self._other_style_has_the_same_totals()
        self._checks_see_what_is_wrong()
        self._same_books("built again by dbt", by_dbt=True)

    @property
    def truth(self) -> Truth:
        """What the books must say."""
        return Truth(self.company.facts(), self.closed)

    @property
    def first_open(self) -> datetime:
        """The month that takes corrections."""
        return next_month(max(self.closed)) if self.closed else START

    def _live(self) -> None:
        company, chance = self.company, self.chance
        company.wait(chance.randrange(4, 14))
        company.pull_what_is_due(share_late=chance.choice([0, 0.2, 0.4]))
        self.treasury.publish_rates()
        self.invoices.receive(share=chance.choice([0, 0.5, 1]))
        bills = [company.restate, company.restate, company.restate_usage, company.buy_credit]
        minds = [company.remap, company.change_price, company.override, company.withdraw, company.share]
        finance = [
            *[self.invoices.send_twice, self.treasury.restate_rate, self.treasury.book_other_cost],
        ]
        if self.closed:
            finance += [
                lambda: self.invoices.adjust(self.first_open),
                lambda: self.invoices.refund(self.first_open),
            ]
        finance.append(self.invoices.void)
        customers = [self.customers.bill, self.customers.bill, self.customers.credit, self.customers.void]
        calls = [self.gateway.log, self.gateway.log]
        if self.frozen >= self.closed.keys():  # a log of closes does not keep what a row said before
            customers.append(self.customers.post_again)
        for happens in chance.choices(bills + minds + finance + customers + calls, k=chance.randrange(3, 10)):
            happens()

    def _close_or_reopen(self) -> None:
        """A close changes no row; a reopening may, and is checked like any other step."""
        company, chance = self.company, self.chance
        if self.closed and chance.random() < 0.12:
            month = max(self.closed)
            self._enter(month, "reopen", by_operation=month in self.frozen)
            del self.closed[month]
            del company.closes[month]
            self.frozen.discard(month)
            self._build()
            self._check()
        elif company.now > self.first_open + timedelta(days=33) and chance.random() < 0.8:
            month, by_operation = self.first_open, len(self.closed) >= self.first_by_operation
            facts = company.facts()
            self._enter(month, "close", by_operation=by_operation)
            self.closed[month] = facts
            company.closes[month] = Close(company.now, company.bill_of(month))
            self.frozen |= self.closed.keys() if by_operation else set()
            self._same_books("built after the close")
            self._check()

    def _enter(self, month: datetime, action: str, *, by_operation: bool) -> None:
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
        self.warehouse.dbt.run("run-operation", f"focus_ai_{action}", "--args", json.dumps(arguments))

    def _build(self, *, by_dbt: bool = False) -> None:
        self.subledger.post(self.truth)
        load(self.company.tables, self.database)
        if by_dbt:
            self.warehouse.build(self.style)
        else:
            self.warehouse.run(self.style)
        self.warehouse.dbt.run("run-operation", "focus_ai_record_changes")

    def _check(self) -> None:
        self._fail_on(problems(self.company, self.truth, self.database, self.books))
        self._fail_on(self.warehouse.failing_tests())
        self.books = read(self.database)

    def _same_books(self, when: str, *, by_dbt: bool = False) -> None:
        """The same facts give the same books, and an audit log that has nothing to add."""
        assert self.books is not None
        recorded = read(self.database).head
        self._build(by_dbt=by_dbt)
        again = read(self.database)
        found = [f"{when}: {line}" for line in differences(self.books, again)]
        if again.head != recorded:
            found.append(f"{when}: the audit log has grown")
        self._fail_on(found)

    def _other_style_has_the_same_totals(self) -> None:
        """Corrections as differences add up like reversals and re-entries."""
        with duckdb.connect(str(self.database)) as connection:
            ours = checks.totals(connection)
            connection.begin()
            self.warehouse.in_style(connection, next(style for style in STYLES if style != self.style))
            theirs = checks.totals(connection)
            connection.rollback()
        self._fail_on([f"in the other style: {line}" for line in checks.unequal(ours, theirs)])

    def _checks_see_what_is_wrong(self) -> None:
        with duckdb.connect(str(self.database)) as connection:
            blind = unseen(self.company, self.truth, connection)
        self._fail_on([f"{check} does not see what is wrong" for check in blind])

    def _fail_on(self, found: list[str]) -> None:
        if found:
            told = "\n".join(
                [f"seed {self.company.seed}:", *found[:20], "", "what happened:", *self.company.story]
            )
            pytest.fail(told, pytrace=False)


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """One for all histories: dbt parses, builds and compiles once."""
    folder = tmp_path_factory.mktemp("simulation") / "project"
    warehouse = Warehouse(folder, PACKAGE, with_tests=WITH_TESTS)
    load(Company(0).tables, warehouse.database)
    warehouse.build()
    yield warehouse
    warehouse.close()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_books_hold_whatever_happens(seed: int, warehouse: Warehouse) -> None:
    Simulation(seed, warehouse).run(STEPS)
