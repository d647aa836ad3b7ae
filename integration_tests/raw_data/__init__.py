"""Demo raw data: what the sources of focus_ai really land, for an invented company, the same bytes each time.

The company sells AI assistants. `company` says who buys, which keys, agents and models there are; `traffic`
lets them work for three months; one module a source writes what that source would have landed. Facts
agree with each other: a provider's cost is its usage times the price, invoices are the rounded cost, the
ledger holds the invoices.

Run it in `integration_tests/`: `python -m raw_data --out raw --load target/focus_ai.duckdb`.
"""

from __future__ import annotations

from collections.abc import Iterator

from . import (
    anthropic,
    attribution,
    billing,
    books,
    budgets,
    finance,
    invoices,
    ledger,
    litellm,
    openai,
    stripe,
)
from .clock import DAY, START, month_of
from .company import Company
from .loads import loads
from .prices import PriceBook, contract_prices
from .tables import Table
from .traffic import traffic


def source_tables(replica: int = 0) -> Iterator[Table]:
    """Every raw table of one company; replica 0 is the demo."""
    company = Company(replica)
    contracts = contract_prices(company.main, company.emea)
    book = PriceBook(contracts)
    happened = traffic(company)
    pulls = list(loads(company, happened.buckets))
    bills = billing.bills(company, pulls, book)
    invoiced = invoices.invoices(company, bills)

    def cost_of_august(customer: str) -> int:
        return sum(
            billing.worked_cost(book, worked)
            for (name, day), worked in happened.worked_for.items()
            if name == customer and month_of(day) == START // DAY * DAY
        )

    yield from openai.tables(company, pulls, bills)
    yield from anthropic.tables(company, pulls, bills)
    yield from litellm.tables(company, happened.calls)
    yield from attribution.tables(company)
    yield from finance.tables(company, contracts)
    yield from stripe.tables(company, cost_of_august)
    sold = stripe.all_bills(company, cost_of_august)
    yield books.revenue_subledger(
        company, sold, list(stripe.discounts(company, sold)), stripe.credit_notes(company, sold)
    )
    if replica == 0:
        yield from books.company_tables(company)
        yield from budgets.tables()
    yield from invoices.tables(invoiced)
    yield from ledger.tables(invoiced)
