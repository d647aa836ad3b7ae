"""Rounding Variance Tolerance of FOCUS 1.4: how far the sums of two datasets may lie apart.

``max(100 x Subunit, sqrt(Rows) x 0.5 x Subunit)``: Subunit is the smallest unit of the currency (USD 0.01),
Rows the number of Cost and Usage rows in the sum. A difference equal to the tolerance is within it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from focus_validate.conformance.facts import Text, Total
from focus_validate.engine.judges.numbers import EXACT

Sums = Mapping[Text, Total]
"""Sums by currency."""

NOTHING = Total(0, Decimal(0), 0)
_USUAL_MINOR_UNITS = 2
_SHOWN = Decimal("1E-6")


@dataclass(frozen=True, slots=True)
class Gap:
    """Two sums in one currency; ``rows`` is the number of Cost and Usage rows in the first."""

    currency: Text
    cost: Decimal
    invoiced: Decimal
    rows: int
    minor_units: int

    @property
    def is_within(self) -> bool:
        """Whether the sums agree within the tolerance; no root is taken, so that the edge is exact."""
        subunit = Decimal(1).scaleb(-self.minor_units)
        difference = EXACT.subtract(self.cost, self.invoiced).copy_abs()
        if difference <= 100 * subunit:
            return True
        twice = EXACT.multiply(difference, Decimal(2))
        return EXACT.multiply(twice, twice) <= self.rows * subunit * subunit

    @property
    def tolerance(self) -> Decimal:
        """The tolerance as a number, to 6 decimals."""
        subunit = Decimal(1).scaleb(-self.minor_units)
        spread = (Decimal(self.rows).sqrt() * subunit / 2).quantize(_SHOWN)
        return max(100 * subunit, spread)


def gaps(costs: Sums, invoiced: Sums, minor_units: Mapping[str, int]) -> list[Gap] | None:
    """What is to be compared, a pair of sums per currency; None where a sum is not known."""
    found = []
    for currency in sorted({*costs, *invoiced}, key=lambda code: code or ""):
        cost, invoice = costs.get(currency, NOTHING), invoiced.get(currency, NOTHING)
        if cost.amount is None or invoice.amount is None:
            return None
        units = minor_units.get(currency or "", _USUAL_MINOR_UNITS)
        found.append(Gap(currency, cost.amount, invoice.amount, cost.rows, units))
    return found
