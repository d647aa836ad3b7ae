"""Budgets of customers and models, which are changed now and then."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from simulation.company import CUSTOMERS, MODELS, START, Company
from simulation.facts import Budget, month_of
from simulation.tables import iso


class Budgets:
    """For a month or some days, in either currency; some before the money is spent, some after it."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.chance = company.chance

    def set(self) -> None:
        """A budget, new or instead of an earlier one."""
        company, chance = self.company, self.chance
        company.tick()
        scope, ids = chance.choice([("customer", CUSTOMERS), ("model", list(MODELS.values()))])
        first = month_of(company.now + timedelta(days=chance.choice([-40, 0, 0, 20])))
        start = max(first, START) + timedelta(days=chance.choice([0, 0, chance.randrange(28)]))
        budget = Budget(
            id=f"budget_{chance.randrange(len(company.budgets) + 1)}",
            scope=scope,
            scope_id=chance.choice(ids),
            start=start,
            end=start + timedelta(days=chance.choice([10, 31, 90])),
            currency=chance.choice(["USD", "USD", "EUR"]),
            amount=Decimal(chance.choice([0, chance.randrange(1, 1000)])),
            warn_at=chance.choice([None, Decimal("0.8")]),
            deny_at=chance.choice([None, Decimal("0.9"), Decimal(1)]),
        )
        company.budgets[budget.id] = budget
        company.row(
            "finance.budgets",
            *[budget.id, scope, budget.scope_id, iso(budget.start), iso(budget.end), budget.currency],
            f"{budget.amount:f}",
            *[None if ratio is None else f"{ratio:f}" for ratio in (budget.warn_at, budget.deny_at)],
            iso(company.now),
        )
        company.note(f"{budget}")
