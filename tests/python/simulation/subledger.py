"""The revenue subledger: what the company's accountants posted, in cents, by line and period."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_EVEN, Decimal

from dbt_package.calendars import DAY

from simulation import truth
from simulation.company import Company
from simulation.finance import DECIMALS
from simulation.truth import Truth


class Subledger:
    """Posts what the truth says; rounding is carried on, so that a line is posted in full."""

    def __init__(self, company: Company) -> None:
        self._table = company.tables["finance.revenue_subledger"]
        self._calendar = company.calendar

    def post(self, books: Truth) -> None:
        """The entries as they are now."""
        exact: dict[str, Decimal] = defaultdict(Decimal)
        posted: dict[str, Decimal] = defaultdict(Decimal)
        self._table.clear()
        for (period, service, line, invoice, customer, currency), amount in sorted(
            books.posted(truth.revenue).items()
        ):
            exact[line] += amount
            subunit = Decimal(1).scaleb(-DECIMALS[currency])
            entry = (exact[line] - posted[line]).quantize(subunit, ROUND_HALF_EVEN)
            posted[line] += entry
            last_day = self._calendar.first_day(self._calendar.end(period)) - DAY
            self._table.append(
                (f"{line} {service:%Y-%m-%d} in {period:%Y-%m-%d}", str(last_day), customer, invoice,
                 currency, f"{entry:f}", f"{last_day}T12:00:00Z")
            )  # fmt: skip
