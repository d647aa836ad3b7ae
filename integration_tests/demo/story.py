"""One story out of the figures: who loses money, why, and at what price it would break even.

Nothing here knows the data: another customer, model or month tells another story.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from statistics import median

from .figures import Figures, Margin, Tokens

_NOBODY = ("(unattributed)", "(no customer)")


def tell(figures: Figures) -> list[str]:
    """The lines of the story, the first one its headline."""
    paying = _by_customer(figures)
    if not paying:
        return ["No customer pays anything yet."]
    losses = {customer: [m for m in of if m.gross_margin < 0] for customer, of in paying.items()}
    worst = min(paying, key=lambda customer: (sum(m.gross_margin for m in losses[customer]), customer))
    if not losses[worst]:
        return _no_loser(paying, figures.currency)
    return [_headline(paying[worst], losses[worst], figures.currency), *_why(worst, paying[worst], figures)]


def _by_customer(figures: Figures) -> dict[str, list[Margin]]:
    """Customers that pay something, each with the months whose margin is known, oldest first."""
    found: dict[str, list[Margin]] = {}
    for margin in figures.margins():
        if not margin.is_internal and margin.customer_id not in _NOBODY and margin.gross_margin is not None:
            found.setdefault(margin.customer_id, []).append(margin)
    return {customer: of for customer, of in found.items() if any(margin.revenue > 0 for margin in of)}


def _no_loser(paying: dict[str, list[Margin]], currency: str) -> list[str]:
    thinnest = min(
        (m for of in paying.values() for m in of if m.revenue > 0), key=lambda m: (m.gross_margin / m.revenue, m.name)
    )
    share = 100 * thinnest.gross_margin / thinnest.revenue
    return [
        f"No paying customer loses money. The thinnest margin is {thinnest.name}'s in {thinnest.start:%B}:"
        f" {share:.1f} % of {currency} {thinnest.revenue:,.2f}."
    ]


def _headline(of: list[Margin], losses: list[Margin], currency: str) -> str:
    last = of[-1]
    lost = -sum(margin.gross_margin for margin in losses)
    months = " and ".join(f"{margin.start:%B}" for margin in losses)
    return (
        f"{last.name} loses money: {currency} {lost:,.2f} in {months}"
        f" ({last.start:%B}: revenue {last.revenue:,.2f}, AI cost {last.cost:,.2f})."
    )


def _why(customer: str, of: list[Margin], figures: Figures) -> list[str]:
    first, last = of[0], of[-1]
    costs = figures.cost_per_1000_requests()
    tokens = figures.tokens(customer)
    lines = []
    if first is not last:
        lines.append(_price(first, last))
    lines += _cost_per_request(customer, first, last, costs, figures.currency)
    lines += _model_mix(first, last, tokens)
    lines += _cache(first, last, tokens)
    lines += _break_even(customer, last, costs, figures.currency)
    return lines


def _price(first: Margin, last: Margin) -> str:
    if first.revenue == last.revenue:
        return f"Price: it paid {last.revenue:,.2f} in {first.start:%B} and the same in {last.start:%B}."
    return f"Price: it paid {first.revenue:,.2f} in {first.start:%B} and {last.revenue:,.2f} in {last.start:%B}."


def _cost_per_request(
    customer: str, first: Margin, last: Margin, costs: dict[tuple[str, datetime], Decimal], currency: str
) -> list[str]:
    now = costs.get((customer, last.start))
    if now is None:
        return []
    before = costs.get((customer, first.start))
    line = f"Cost per 1,000 requests: {currency} {now:,.2f} in {last.start:%B}"
    if before is not None and first is not last:
        line += f", {before:,.2f} in {first.start:%B}"
    others = [cost for (other, start), cost in costs.items() if start == last.start and other != customer]
    return [f"{line}; the middle one of {len(others)} other customers costs {median(others):,.2f}." if others else f"{line}."]


def _model_mix(first: Margin, last: Margin, tokens: list[Tokens]) -> list[str]:
    main = _leading_model(tokens, last.start)
    if main is None:
        return []
    before = _leading_model(tokens, first.start)
    line = f"Model mix: {main[0]} makes {main[1]:.0f} % of its cost in {last.start:%B}"
    if before is None or first is last:
        return [f"{line}."]
    if before[0] == main[0]:
        return [f"{line}, {before[1]:.0f} % in {first.start:%B}."]
    return [f"{line}; in {first.start:%B} {before[0]} made {before[1]:.0f} %."]


def _leading_model(tokens: list[Tokens], start: datetime) -> tuple[str, Decimal] | None:
    of_month = [use for use in tokens if use.start == start and use.cost > 0]
    if not of_month:
        return None
    most = max(of_month, key=lambda use: (use.cost, use.model))
    return most.model, 100 * most.cost / sum(use.cost for use in of_month)


def _cache(first: Margin, last: Margin, tokens: list[Tokens]) -> list[str]:
    now, before = _cache_share(tokens, last.start), _cache_share(tokens, first.start)
    if now is None:
        return []
    line = f"Cache: {now:.0f} % of its input tokens were read from the cache in {last.start:%B}"
    return [f"{line}, {before:.0f} % in {first.start:%B}." if before is not None and first is not last else f"{line}."]


def _cache_share(tokens: list[Tokens], start: datetime) -> float | None:
    of_month = [use for use in tokens if use.start == start]
    total = sum(use.input_tokens for use in of_month)
    return 100 * sum(use.cache_read_tokens for use in of_month) / total if total else None


def _break_even(
    customer: str, last: Margin, costs: dict[tuple[str, datetime], Decimal], currency: str
) -> list[str]:
    now = costs.get((customer, last.start))
    if now is None:
        return [f"Break-even: {currency} {last.cost:,.2f} a month, it pays {last.revenue:,.2f}."]
    line = f"Break-even price: {currency} {now:,.2f} per 1,000 requests"
    if last.revenue > 0:
        paid = now * last.revenue / last.cost
        line += f"; in {last.start:%B} it paid {paid:,.2f}, {100 * (last.cost / last.revenue - 1):+.0f} % to go"
    return [f"{line}."]
