"""One story out of the figures: who loses money, why, and at what price it would break even.

Nothing here knows the data: another customer, model or month tells another story.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median

from .figures import NOBODY, Figures, Margin, Tokens


def tell(figures: Figures) -> list[str]:
    """The lines of the story, the first one its headline."""
    paying = _paying(figures.margins())
    if not paying:
        return ["No customer pays anything yet."]
    lost = {
        customer: sum(-m.gross_margin for m in of if m.gross_margin < 0) for customer, of in paying.items()
    }
    worst = max(sorted(paying), key=lambda customer: lost[customer])
    if not lost[worst]:
        return [_thinnest(paying, figures.currency)]
    return _Story(paying[worst], figures).lines()


def _paying(margins: list[Margin]) -> dict[str, list[Margin]]:
    """Customers that pay something, each with the months whose margin is known, oldest first."""
    found: dict[str, list[Margin]] = {}
    for margin in margins:
        if not margin.is_internal and margin.customer_id not in NOBODY and margin.gross_margin is not None:
            found.setdefault(margin.customer_id, []).append(margin)
    return {customer: of for customer, of in found.items() if any(margin.revenue > 0 for margin in of)}


def _thinnest(paying: dict[str, list[Margin]], currency: str) -> str:
    earning = [margin for of in paying.values() for margin in of if margin.revenue > 0]
    thin = min(earning, key=lambda margin: (margin.gross_margin / margin.revenue, margin.name))
    share = 100 * thin.gross_margin / thin.revenue
    return (
        f"No paying customer loses money. The thinnest margin is {thin.name}'s in {thin.start:%B}:"
        f" {share:.1f} % of {currency} {thin.revenue:,.2f}."
    )


@dataclass
class _Story:
    """Why one customer loses money: its last month with a loss against its best month."""

    months: list[Margin]
    figures: Figures

    def __post_init__(self) -> None:
        self.now = [margin for margin in self.months if margin.gross_margin < 0][-1]
        self.before = max(self.months, key=lambda margin: margin.gross_margin)
        self.tokens = self.figures.tokens(self.now.customer_id)
        self.requests = self.figures.requests()
        self.currency = self.figures.currency

    def lines(self) -> list[str]:
        lines = [self._headline(), self._price(), *self._cost_per_request(), *self._model(), *self._cache()]
        return [*lines, *self._as_before(), self._break_even()]

    def _headline(self) -> str:
        losing = [margin for margin in self.months if margin.gross_margin < 0]
        lost = -sum(margin.gross_margin for margin in losing)
        return (
            f"{self.now.name} loses money: {self.currency} {lost:,.2f} in"
            f" {' and '.join(f'{margin.start:%B}' for margin in losing)}."
        )

    def _price(self) -> str:
        now, before = self.now, self.before
        line = f"{now.start:%B}: revenue {now.revenue:,.2f}, AI cost {now.cost:,.2f}."
        if before is now:
            return line
        same = "The price did not change: " if before.revenue == now.revenue else ""
        return f"{line} {same}{before.start:%B} brought {before.revenue:,.2f} and cost {before.cost:,.2f}."

    def _per_1000(self, margin: Margin) -> Decimal | None:
        count = self.requests.get((margin.customer_id, margin.start))
        return 1000 * margin.cost / count if count else None

    def _cost_per_request(self) -> list[str]:
        now, before = self._per_1000(self.now), self._per_1000(self.before)
        if now is None:
            return []
        line = f"Cost per 1,000 requests: {now:,.2f} in {self.now.start:%B}"
        if before is not None and self.before is not self.now:
            line += f", {before:,.2f} in {self.before.start:%B}"
        others = [
            cost
            for margin in self.figures.margins()
            if margin.start == self.now.start and margin.customer_id not in (self.now.customer_id, *NOBODY)
            if margin.cost is not None and (cost := self._per_1000(margin)) is not None
        ]
        return [f"{line}; the median of other customers is {median(others):,.2f}." if others else f"{line}."]

    def _leading_model(self, start: datetime) -> tuple[Tokens, Decimal] | None:
        of_month = [use for use in self.tokens if use.start == start and use.cost > 0]
        if not of_month:
            return None
        most = max(of_month, key=lambda use: (use.cost, use.model))
        return most, 100 * most.cost / sum(use.cost for use in of_month)

    def _model(self) -> list[str]:
        now, before = self._leading_model(self.now.start), self._leading_model(self.before.start)
        if now is None:
            return []
        line = f"Model: {now[0].model} makes {now[1]:.0f} % of the cost in {self.now.start:%B}"
        if before is None or self.before is self.now:
            return [f"{line}."]
        if before[0].model == now[0].model:
            return [f"{line}, {before[1]:.0f} % in {self.before.start:%B}."]
        first_day = min(use.first_day for use in self.tokens if use.model == now[0].model)
        return [
            f"{line}, first used on {first_day:%d %B};"
            f" in {self.before.start:%B} it was {before[0].model} ({before[1]:.0f} %)."
        ]

    def _cache_share(self, start: datetime) -> float | None:
        of_month = [use for use in self.tokens if use.start == start]
        total = sum(use.input_tokens for use in of_month)
        return 100 * sum(use.cache_read_tokens for use in of_month) / total if total else None

    def _cache(self) -> list[str]:
        now, before = self._cache_share(self.now.start), self._cache_share(self.before.start)
        if now is None:
            return []
        line = f"Cache: {now:.0f} % of the input tokens were read from the cache in {self.now.start:%B}"
        if before is None or self.before is self.now:
            return [f"{line}."]
        return [f"{line}, {before:.0f} % in {self.before.start:%B}."]

    def _as_before(self) -> list[str]:
        """What the month would have left at the best month's cost per request."""
        before, count = self._per_1000(self.before), self.requests.get((self.now.customer_id, self.now.start))
        if before is None or not count or self.before is self.now:
            return []
        left = self.now.revenue - before * count / 1000
        return [
            f"At {self.before.start:%B}'s cost per request {self.now.start:%B} would have left {left:,.2f}"
            f" instead of {self.now.gross_margin:,.2f}."
        ]

    def _break_even(self) -> str:
        now, cost = self.now, self._per_1000(self.now)
        if cost is None:
            return f"Break-even: {self.currency} {now.cost:,.2f} a month; it pays {now.revenue:,.2f}."
        line = f"Break-even price: {self.currency} {cost:,.2f} per 1,000 requests"
        if now.revenue <= 0:
            return f"{line}; it pays nothing."
        paid = cost * now.revenue / now.cost
        return (
            f"{line}; it pays {paid:,.2f}: the price must rise by {100 * (now.cost / now.revenue - 1):.0f} %."
        )
