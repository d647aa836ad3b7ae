"""What the books must say, worked out from the facts by the money rules R1 to R18 and nothing of the package.

Amounts are decimals. A function of ``Facts`` gives amounts by the accounting period of the service;
``postings`` says in which accounting period they stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from dbt_package.calendars import Calendar

from simulation.facts import (
    Account,
    Cell,
    Facts,
    Grant,
    Invoice,
    InvoiceLine,
    RevenueLine,
    month_of,
    next_month,
)

UNIT = Decimal("1e-12")
TOLERANCE = Decimal("0.005")
"""Half a subunit of a currency with cents, for each line of an invoice (R8)."""

Amounts = dict[tuple[Any, ...], Decimal]
"""Amounts by key; the first part of a key is the accounting period of the service."""


def rounded(amount: Decimal) -> Decimal:
    """To 12 decimals, half away from zero."""
    with localcontext() as context:
        context.prec = 60
        return amount.quantize(UNIT, ROUND_HALF_UP)


def converted(amount: Decimal, rate: Decimal | None) -> Decimal | None:
    """An amount in the reporting currency, once and to 12 decimals (R17); 0 is 0 at any rate."""
    if amount == 0:
        return Decimal(0)
    with localcontext() as context:
        context.prec = 60
        return None if rate is None else rounded(amount * rate)


def postings(closed: dict[datetime, Amounts], first_open: datetime, now: Amounts) -> Amounts:
    """Amounts by accounting period and key (R13, R15).

    Up to each closed period the books hold what was known at its close; what is known now and not posted yet
    stands in the first open period, or in the amount's own period if that is later.

    closed   amounts as known at the close of each period, in the order of the periods
    """
    posted: Amounts = defaultdict(Decimal)
    sums: Amounts = defaultdict(Decimal)
    for period, known in closed.items():
        for key in sums.keys() | known.keys():
            if key[0] <= period and (news := known.get(key, Decimal(0)) - sums[key]):
                posted[(period, *key)] += news
                sums[key] += news
    for key in sums.keys() | now.keys():
        if news := now.get(key, Decimal(0)) - sums[key]:
            posted[(max(first_open, key[0]), *key)] += news
    return dict(posted)


# -- prepaid credit (R6) ---------------------------------------------------------------------------------


def draws(facts: Facts) -> dict[tuple[str, datetime], Decimal]:
    """Face value drawn of each grant on each day: day by day, first the credit that expires first."""
    left = {grant.id: grant.face for grant in facts.grants}
    drawn: dict[tuple[str, datetime], Decimal] = {}
    for account, day in sorted(facts.bill, key=lambda key: key[1]):
        usage = sum((cell.amount for cell in facts.bill[account, day] if cell.amount > 0), Decimal(0))
        for grant in sorted(facts.grants, key=lambda grant: (grant.expires_at, grant.purchased_at, grant.id)):
            serves = (
                grant.account == account
                and day + timedelta(days=1) > grant.purchased_at
                and day < grant.expires_at
            )
            if serves and (face := min(usage, left[grant.id])):
                drawn[grant.id, day] = face
                left[grant.id] -= face
                usage -= face
    return drawn


def draw_costs(facts: Facts) -> dict[tuple[str, datetime], Decimal]:
    """What was paid for what is drawn: the difference of two running totals, so that they add up."""
    grants = {grant.id: grant for grant in facts.grants}
    reached: dict[str, Decimal] = defaultdict(Decimal)
    costs = {}
    for (grant_id, day), face in draws(facts).items():
        before = reached[grant_id]
        reached[grant_id] += face
        costs[grant_id, day] = _paid_for(grants[grant_id], reached[grant_id]) - _paid_for(
            grants[grant_id], before
        )
    return costs


def _paid_for(grant: Grant, face: Decimal) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        return rounded(grant.paid * face / grant.face)


# -- cost ------------------------------------------------------------------------------------------------


def on_demand(facts: Facts) -> dict[tuple[Account, datetime], Decimal]:
    """What an account has to pay for a day: the bill, less what prepaid credit covers."""
    covered: dict[tuple[Account, datetime], Decimal] = defaultdict(Decimal)
    accounts = {grant.id: grant.account for grant in facts.grants}
    for (grant_id, day), face in draws(facts).items():
        covered[accounts[grant_id], day] += face
    return {
        (account, day): sum((cell.amount for cell in cells), -covered[account, day])
        for (account, day), cells in facts.bill.items()
    }


def billed_cost(facts: Facts) -> Amounts:
    """BilledCost of usage and purchases by period, issuer, account, currency, category and day."""
    amounts: Amounts = defaultdict(Decimal)
    for (account, day), amount in on_demand(facts).items():
        amounts[_of_a_day(facts, day, account, "Usage")] += amount
    for grant in facts.grants:
        amounts[_of_a_day(facts, grant.purchased_at, grant.account, "Purchase")] += grant.paid
    return _without_zeros(amounts)


def effective_cost(facts: Facts) -> Amounts:
    """EffectiveCost of the same: credit costs what was paid for it once it is drawn, or expires."""
    amounts: Amounts = defaultdict(Decimal)
    for (account, day), amount in on_demand(facts).items():
        amounts[_of_a_day(facts, day, account, "Usage")] += amount
    drawn: dict[str, tuple[Decimal, Decimal]] = defaultdict(lambda: (Decimal(0), Decimal(0)))
    grants = {grant.id: grant for grant in facts.grants}
    faces = draws(facts)
    for (grant_id, day), cost in draw_costs(facts).items():
        amounts[_of_a_day(facts, day, grants[grant_id].account, "Usage")] += cost
        face, paid = drawn[grant_id]
        drawn[grant_id] = (face + faces[grant_id, day], paid + cost)
    for grant in facts.grants:
        if grant.expires_at <= facts.last_load:
            last_moment = grant.expires_at - timedelta(seconds=1)
            amounts[_of_a_day(facts, last_moment, grant.account, "Usage")] += grant.paid - drawn[grant.id][1]
    return _without_zeros(amounts)


def _of_a_day(facts: Facts, moment: datetime, account: Account, category: str) -> tuple[Any, ...]:
    """A UTC day belongs as a whole to the period that holds its noon (R11)."""
    day = datetime(moment.year, moment.month, moment.day)
    return facts.calendar.start_of_day(day), *_names(account), category, day


def _names(account: Account) -> tuple[str, str, str]:
    return account.issuer, account.id, account.currency


def _without_zeros(amounts: Amounts) -> Amounts:
    return {key: amount for key, amount in amounts.items() if amount}


# -- provider invoices (R7 to R9) ------------------------------------------------------------------------


def invoice_line_of(facts: Facts, account: Account, day: datetime) -> tuple[str, str] | None:
    """The one line that usage of a day stands on: invoice id and line id; None where none or several fit."""
    fitting = [
        (invoice.id, line.id)
        for invoice in facts.invoices.values()
        if not invoice.is_voided and not adjusts(facts, invoice) and invoice.account == account
        for line in invoice.lines
        if line.category == "Usage" and invoice.month == month_of(day) and line.start <= day < line.end
    ]
    return fitting[0] if len(fitting) == 1 else None


def invoice_only(facts: Facts) -> Amounts:
    """Tax and credits that no cost API gives, by period, issuer, account, currency and category."""
    amounts: Amounts = defaultdict(Decimal)
    for invoice in facts.invoices.values():
        for line in invoice.lines:
            if not invoice.is_voided and line.category in ("Tax", "Credit"):
                period = period_of_invoice(facts, invoice, line)
                amounts[(period, *_names(invoice.account), line.category)] += line.amount
    return _without_zeros(amounts)


def period_of_invoice(facts: Facts, invoice: Invoice, line: InvoiceLine) -> datetime:
    """What only an invoice tells belongs to the period in which the month of its bill ends."""
    return facts.calendar.start_of_day(max(line.start, next_month(invoice.month) - timedelta(days=1)))


def refunds(facts: Facts) -> Amounts:
    """Usage of closed months that a provider took back on an invoice only (R7), by that invoice's period.

    It is news of the cost where the invoices of that month say what the bill says, which nobody restated.
    """
    amounts: Amounts = defaultdict(Decimal)
    for invoice in facts.invoices.values():
        original = facts.invoices.get(invoice.adjusts or "")
        if not original or original.is_voided or invoice.is_voided:
            continue
        month, account = original.month, invoice.account
        close = facts.closes.get(facts.calendar.start_of_day(next_month(month) - timedelta(days=1)))
        if not close or close.at > invoice.known_at:
            continue
        known, now = (_billed(bill, account, month) for bill in (close.bill, bill_of_days(facts.bill)))
        if known == now and _invoices_tie(facts, account, month):
            period = period_of_invoice(facts, invoice, invoice.lines[0])
            amounts[(period, *_names(account), "Usage")] += sum(line.amount for line in invoice.lines)
    return _without_zeros(amounts)


def bill_of_days(bill: dict[tuple[Account, datetime], list[Cell]]) -> dict[tuple[Account, datetime], Decimal]:
    """What each account is billed for each day."""
    return {key: sum((cell.amount for cell in cells), Decimal(0)) for key, cells in bill.items()}


def _billed(bill: dict[tuple[Account, datetime], Decimal], account: Account, month: datetime) -> Decimal:
    return sum(
        (amount for (of, day), amount in bill.items() if of == account and month_of(day) == month),
        Decimal(0),
    )


def _invoices_tie(facts: Facts, account: Account, month: datetime) -> bool:
    lines = [
        line.amount
        for invoice in facts.invoices.values()
        if not invoice.is_voided
        and not adjusts(facts, invoice)
        and invoice.account == account
        and invoice.month == month
        for line in invoice.lines
        if line.category == "Usage"
    ]
    due = _billed(on_demand(facts), account, month)
    return bool(lines) and abs(sum(lines) - due) <= TOLERANCE * len(lines)


def adjusts(facts: Facts, invoice: Invoice) -> bool:
    """Whether an invoice adjusts another; what takes the place of a voided one does not."""
    return bool(invoice.adjusts) and not facts.invoices[invoice.adjusts or ""].is_voided


def owed_lines(facts: Facts) -> Iterator[tuple[str, InvoiceLine]]:
    """Invoice id and line of each line that is owed."""
    for invoice in facts.invoices.values():
        if not invoice.is_voided:
            for line in invoice.lines:
                yield invoice.id, line


# -- revenue (R11, R17) ----------------------------------------------------------------------------------


def revenue(facts: Facts) -> Amounts:
    """Revenue by period of the service, line, invoice, billing customer and currency."""
    return _without_zeros(
        {
            (period, line.id, line.invoice, line.customer, line.currency): amount
            for line in facts.revenue.values()
            for period, amount in _earned(line, facts.calendar).items()
        }
    )


def _earned(line: RevenueLine, calendar: Calendar) -> dict[datetime, Decimal]:
    """A line's amount over the periods of its service, by seconds and largest remainder (R1)."""
    periods, period = [], calendar.start(line.start)
    while period < line.end:
        periods.append(period)
        period = calendar.end(period)
    seconds = [
        (min(line.end, calendar.end(period)) - max(line.start, period)) // timedelta(seconds=1)
        for period in periods
    ]
    return dict(zip(periods, distributed(line.amount, seconds), strict=True))


def distributed(amount: Decimal, weights: list[int]) -> list[Decimal]:
    """An amount in shares of whole units of 10^-12; what is left goes to the largest remainders, in order."""
    units, total = int(abs(amount) / UNIT), sum(weights)
    shares = [units * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-(units * weights[place] % total), place))
    for place in by_remainder[: units - sum(shares)]:
        shares[place] += 1
    sign = -1 if amount < 0 else 1
    return [sign * share * UNIT for share in shares]


def other_costs(facts: Facts) -> Amounts:
    """Other cost of revenue by period and currency."""
    amounts: Amounts = defaultdict(Decimal)
    for entry in facts.other_costs:
        amounts[entry.period, entry.currency] += entry.amount
    return _without_zeros(amounts)


def rate(facts: Facts, period: datetime, currency: str) -> Decimal | None:
    """Into US dollars, as known."""
    return Decimal(1) if currency == "USD" else facts.rates.get((period, currency))


Measure = Callable[[Facts], Amounts]


class Truth:
    """The books of a company, from what it knows now and what it knew at the close of each closed period."""

    def __init__(self, now: Facts, closed: dict[datetime, Facts]) -> None:
        self.now = now
        self.closed = closed

    def posted(self, measure: Measure) -> Amounts:
        """A measure by accounting period, period of the service and the rest of its key."""
        known = {period: measure(facts) for period, facts in self.closed.items()}
        first_open = self.now.calendar.end(max(self.closed)) if self.closed else datetime.min
        return postings(known, first_open, measure(self.now))

    def rate(self, period: datetime, currency: str) -> Decimal | None:
        """The rate that an accounting period is converted at: that of its close, else today's (R15)."""
        return rate(self.as_posted(period), period, currency)

    def last_rate(self, day: datetime, currency: str) -> Decimal | None:
        """The rate of the day's period, or else that of the last period before it that has one."""
        if currency == "USD":
            return Decimal(1)
        last = self.now.calendar.start_of_day(day)
        periods = sorted(period for period, of in self.now.rates if of == currency and period <= last)
        rates = [self.rate(period, currency) for period in periods]
        return next((rate for rate in reversed(rates) if rate is not None), None)

    def as_posted(self, period: datetime) -> Facts:
        """What the rows of a period that are no corrections go by."""
        return self.closed.get(period, self.now)
