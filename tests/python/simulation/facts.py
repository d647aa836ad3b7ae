"""What a company knows at a moment, as plain records: the evidence that money is made of."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from dbt_package.calendars import Calendar


class Account(NamedTuple):
    """An account at a provider; ``by_key``: its bill names the key, else usage has to tell."""

    source: str
    id: str
    currency: str
    by_key: bool
    issuer: str


class Cell(NamedTuple):
    """A line of a provider's bill for a day."""

    place: str
    key: str | None
    item: str
    amount: Decimal
    tokens: int


class Usage(NamedTuple):
    """What a provider metered of a key in a place on a day."""

    place: str
    key: str
    tokens: dict[str, int]


class Call(NamedTuple):
    """A call with the tokens of it; ``customer``: whom the end user that it names belongs to."""

    source: str
    key: str
    day: datetime
    customer: str | None
    tokens: dict[str, int]


class Rule(NamedTuple):
    """Whom charges of a key (``credential``) or a project (``sub_account``) belong to, from a moment on."""

    kind: str
    value: str
    customer: str
    since: datetime


class Request(NamedTuple):
    """An override that two people agreed on, or with ``withdraws`` the end of one."""

    id: str
    key: str | None
    owner: str | None
    start: datetime
    end: datetime
    customer: str
    is_reclass: bool
    withdraws: str | None = None


class Grant(NamedTuple):
    """Prepaid credit, in the currency of its account."""

    id: str
    account: Account
    purchased_at: datetime
    expires_at: datetime
    face: Decimal
    paid: Decimal


class InvoiceLine(NamedTuple):
    """A line of a provider's invoice; ``start`` to ``end``: its service window."""

    id: str
    category: str
    amount: Decimal
    start: datetime
    end: datetime


class Invoice(NamedTuple):
    """A provider's invoice; ``adjusts``: id of the invoice that it corrects, of the month ``adjusted``."""

    id: str
    known_at: datetime
    account: Account
    month: datetime
    lines: tuple[InvoiceLine, ...]
    is_voided: bool = False
    adjusts: str | None = None
    adjusted: datetime | None = None


class RevenueLine(NamedTuple):
    """A line of what a customer is billed, or of what is taken back; earned from ``start`` to ``end``."""

    id: str
    invoice: str
    customer: str
    kind: str
    currency: str
    amount: Decimal
    start: datetime
    end: datetime


class OtherCost(NamedTuple):
    """An entry of cost of revenue that no AI provider bills."""

    period: datetime
    currency: str
    amount: Decimal


class LedgerEntry(NamedTuple):
    """A posting in the general ledger; ``invoice``: which one was meant, ``reference``: what was written."""

    invoice: str
    posting_date: date
    vendor: str
    currency: str
    reference: str | None
    amount: Decimal


class Budget(NamedTuple):
    """What a customer or a model may cost; ``warn_at``, ``deny_at``: shares of the amount, or never."""

    id: str
    scope: str
    scope_id: str
    start: datetime
    end: datetime
    currency: str
    amount: Decimal
    warn_at: Decimal | None
    deny_at: Decimal | None


class Close(NamedTuple):
    """When a period was closed, and what each account's bill for each day was then."""

    at: datetime
    bill: dict[tuple[Account, datetime], Decimal]


class Facts(NamedTuple):
    """All of it; ``bill``: the newest load of each day, ``rates``: into US dollars, by period and currency.

    Months are an issuer's, in UTC; periods are the company's own.
    """

    calendar: Calendar
    bill: dict[tuple[Account, datetime], list[Cell]]
    last_load: datetime
    grants: tuple[Grant, ...]
    invoices: dict[str, Invoice]
    revenue: dict[str, RevenueLine]
    rates: dict[tuple[datetime, str], Decimal]
    other_costs: tuple[OtherCost, ...]
    closes: dict[datetime, Close]
    rules: tuple[Rule, ...]
    requests: tuple[Request, ...]


def month_of(moment: datetime) -> datetime:
    """First moment of the month that holds it, in UTC: an issuer's billing period."""
    return datetime(moment.year, moment.month, 1)


def next_month(month: datetime) -> datetime:
    """First moment after a month."""
    return datetime(month.year + month.month // 12, month.month % 12 + 1, 1)
