"""Whatever happens to a small company, its books hold."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from simulation import checks
from simulation.books import Books, differences, failed_checks, problems, read
from simulation.budgets import Budgets
from simulation.company import START, Company
from simulation.facts import Close, Facts, month_of
from simulation.finance import Customers, Invoices, Treasury
from simulation.gateway import Gateway
from simulation.ledger import GeneralLedger
from simulation.subledger import Subledger
from simulation.tables import iso
from simulation.tampering import unseen
from simulation.truth import Truth, bill_of_days
from simulation.warehouse import STYLES, Warehouse

pytestmark = pytest.mark.slow

PACKAGE = Path(__file__).parents[3]
SEEDS = [
    seed
    for part in os.environ.get("FOCUS_AI_SIMULATION_SEEDS", "327,432").split(",")
    for first, _, last in [part.partition("-")]
    for seed in range(int(first), int(last or first) + 1)
]
STEPS = int(os.environ.get("FOCUS_AI_SIMULATION_STEPS", "5"))
LATE = timedelta(days=2)
"""After a period's end, until it may be closed."""

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
        self.ledger = GeneralLedger(self.company)
        self.budgets = Budgets(self.company)
        self.subledger = Subledger(self.company)
        self.books: Books | None = None
        self.closed: dict[datetime, Facts] = {}
        self.frozen: set[datetime] = set()
        self.first_by_operation = self.chance.choice([0, 0, 1, 1, 99])
        self.style = self.chance.choice(STYLES)

    def run(self, steps: int) -> None:
        """Let time go by, step by step; every state must hold."""
        self.warehouse.start_again(self.company.calendar)
        for _ in range(steps):
            self._live()
            self._build()
            self._check()
            if self.chance.random() < 0.2:
                self._refused()
            self._close_or_reopen()
        self._fail_on(self.warehouse.failing_tests())
        self._other_style_has_the_same_totals()
        self._checks_see_what_is_wrong()
        if not self.warehouse.is_proved:
            self._same_books("built again by dbt", by_dbt=True)
            self.warehouse.is_proved = True

    @property
    def truth(self) -> Truth:
        """What the books must say."""
        return Truth(self.company.facts(), self.closed)

    @property
    def first_open(self) -> datetime:
        """The period that takes corrections."""
        calendar = self.company.calendar
        return calendar.end(max(self.closed)) if self.closed else calendar.start_of_day(START)

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
            *[self.ledger.book, self.ledger.book],
        ]
        if self.closed:
            open_month = month_of(self.first_open + timedelta(days=14))
            finance += [
                lambda: self.invoices.adjust(open_month),
                lambda: self.invoices.refund(open_month),
            ]
        finance.append(self.invoices.void)
        customers = [self.customers.bill, self.customers.bill, self.customers.credit, self.customers.void]
        calls = [self.gateway.log, self.gateway.log, self.budgets.set]
        if self.frozen >= self.closed.keys():  # a log of closes does not keep what a row said before
            customers.append(self.customers.post_again)
        for happens in chance.choices(bills + minds + finance + customers + calls, k=chance.randrange(3, 10)):
            happens()

    def _close_or_reopen(self) -> None:
        """A close changes no row; a reopening may, and is checked like any other step."""
        company, chance = self.company, self.chance
        if self.closed and chance.random() < 0.12:
            period = max(self.closed)
            self._enter(period, "reopen", by_operation=period in self.frozen)
            del self.closed[period]
            del company.closes[period]
            self.frozen.discard(period)
            self._build()
            self._check()
        elif company.now > company.calendar.end(self.first_open) + LATE and chance.random() < 0.8:
            period, by_operation = self.first_open, len(self.closed) >= self.first_by_operation
            facts = company.facts()
            self._enter(period, "close", by_operation=by_operation)
            self.closed[period] = facts
            company.closes[period] = Close(company.now, bill_of_days(facts.bill))
            self.frozen |= self.closed.keys() if by_operation else set()
            self._same_books("built after the close")
            self._check()

    def _refused(self) -> None:
        """What is out of order, or one person's doing, is refused, and the books stay as they are."""
        calendar = self.company.calendar
        period = calendar.name(self.first_open)
        after = calendar.name(calendar.end(self.first_open))
        last = calendar.name(max(self.closed, default=self.first_open))
        closing = {"closed_by": "ann", "reviewed_by": "bo", "closed_at": iso(self.company.now)}
        reopening = {"requested_by": "ann", "approved_by": "bo", "reason": "why not"}
        operation, arguments = self.chance.choice(
            [
                ("close", {"accounting_period": period} | closing | {"reviewed_by": "ann"}),
                ("close", {"accounting_period": after} | closing),
                ("reopen", {"accounting_period": last} | reopening | {"approved_by": "ann"}),
                ("reopen", {"accounting_period": last} | reopening | {"reason": ""}),
                ("reopen", {"accounting_period": period} | reopening),
            ]
        )
        told = self.warehouse.try_to(f"focus_ai_{operation}", **arguments)
        if told is None or f"focus_ai_{operation}: " not in told:
            self._fail_on([f"{operation} {arguments} is not refused: {told}"])
        assert self.books is not None
        self._fail_on(differences(self.books, read(self.database)))

    def _enter(self, period: datetime, action: str, *, by_operation: bool) -> None:
        company = self.company
        if not by_operation:
            company.log_close(period, action)
            return
        name = company.calendar.name(period)
        moment = company.tell(f"{action} {name} by operation")
        arguments: dict[str, object] = {"accounting_period": name}
        if action == "close":
            arguments |= {"closed_by": "ann", "reviewed_by": "bo", "closed_at": moment}
            exceptions = [
                {"check": check, "reason": "simulated", "approved_by": "cy"}
                for check in failed_checks(self.database, period)
            ]
            arguments |= {"exceptions": exceptions} if exceptions else {}
        else:
            arguments |= {
                "requested_by": "ann",
                "approved_by": "bo",
                "reason": "why not",
                "reopened_at": moment,
            }
        self.warehouse.operate(f"focus_ai_{action}", **arguments)

    def _build(self, *, by_dbt: bool = False) -> None:
        self.subledger.post(self.truth)
        self.warehouse.load(self.company.tables)
        if by_dbt:
            self.warehouse.build(self.style)
        else:
            self.warehouse.run(self.style)
        self.warehouse.operate("focus_ai_record_changes")

    def _check(self) -> None:
        before, self.books = self.books, read(self.database)
        self._fail_on(problems(self.company, self.truth, self.database, before, self.books))

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
    warehouse.load(Company(0).tables)
    warehouse.build()
    yield warehouse
    warehouse.close()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_books_hold_whatever_happens(seed: int, warehouse: Warehouse) -> None:
    Simulation(seed, warehouse).run(STEPS)
