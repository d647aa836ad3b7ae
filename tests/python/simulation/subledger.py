"""The revenue subledger: what the company's accountants posted, in cents, by line and period."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from simulation import truth
from simulation.company import Company
from simulation.facts import next_month
from simulation.finance import DECIMALS
from simulation.tables import iso
from simulation.truth import Truth


class Subledger:
    """Posts what the truth says; rounding is carried on, so that a line is posted in full."""

    def __init__(self, company: Company) -> None:
        self._table = company.tables["finance.revenue_subledger"]

    def post(self, books: Truth) -> None:
        """The entries as they are now."""
        exact: dict[str, Decimal] = defaultdict(Decimal)
        posted: dict[str, Decimal] = defaultdict(Decimal)
        self._table.clear()
        for (period, month, line, invoice, customer, currency), amount in sorted(
            books.posted(truth.revenue).items()
        ):
            exact[line] += amount
            subunit = Decimal(1).scaleb(-DECIMALS[currency])
            entry = (exact[line] - posted[line]).quantize(subunit, ROUND_HALF_EVEN)
            posted[line] += entry
            date = next_month(period) - timedelta(days=1)
            self._table.append(
                (f"{line} {month:%Y-%m} in {period:%Y-%m}", f"{date:%Y-%m-%d}", customer, invoice, currency,
                 f"{entry:f}", iso(date))
            )  # fmt: skip
