"""Stripe, as Fivetran lands it: what customers pay, discounts, credit notes, invoices that are no revenue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from .attribution import billing_customer
from .clock import DAY, at, iso, month_start
from .company import KESTREL, TRIAL, Company, Customer
from .money import ONE
from .rng import hex_id
from .tables import Row, Table

_MONTHS = tuple(month_start(2026, month) for month in (7, 8, 9, 10, 11, 12))
YEN_A_DOLLAR = 149
KESTREL_FEE = 890_00  # a flat price, agreed when the contract reader ran on a small model
_ANNUAL = "cust_003"
_METERED = ("cust_002", "cust_010", "cust_013")


class Item(NamedTuple):
    """One line of an invoice, in the currency's smallest unit."""

    description: str
    amount: int
    start: int
    end: int
    product_line: str
    kind: str = "subscription"


class Bill(NamedTuple):
    """One Stripe invoice."""

    customer: Customer
    name: str
    created: int
    status: str
    items: tuple[Item, ...]
    voided: int | None = None
    uncollectible: int | None = None
    live: bool = True


class CreditNote(NamedTuple):
    """Taken off a bill after it was sent: off its line number `line`, or off the whole."""

    bill: Bill
    created: int
    line: int | None
    amount: int


class Discount(NamedTuple):
    """Off a whole invoice, or off its line number `line`."""

    bill: Bill
    amount: int
    line: int | None


def tables(company: Company, cost_of: Callable[[str], int]) -> Iterator[Table]:
    """The Stripe source."""
    bills = all_bills(company, cost_of)
    yield _customers(company)
    granted = list(discounts(company, bills))
    yield _invoices(bills, granted)
    yield Table(
        "stripe",
        "invoice_line_item",
        "id unique_id invoice_id invoice_item_id amount currency description discountable "
        "period_start period_end plan_id price_id proration quantity subscription_id type "
        "unit_amount_excluding_tax metadata livemode _fivetran_synced",
        (_line_row(bill, number, item) for bill in bills for number, item in enumerate(bill.items, 1)),
    )
    yield Table(
        "stripe",
        "discount",
        "id type type_id amount invoice_id invoice_item_id coupon_id customer_id start end",
        (_discount_row(discount) for discount in granted),
    )
    yield from _credit_notes(company, bills)


def all_bills(company: Company, cost_of: Callable[[str], int]) -> list[Bill]:
    """Every invoice. `cost_of`: a customer's cost of August in 10^-12 of its account's currency."""
    return [bill for customer in company.customers for bill in _bills(customer, company, cost_of)]


def monthly_fee(customer: Customer, company: Company, cost: int) -> int:
    """What a customer pays a month, in its currency's smallest unit: its cost over what the margin leaves."""
    if customer.customer_id == company.id(KESTREL):
        return KESTREL_FEE
    fee = cost * 100 // (100 - customer.margin)
    if customer.currency == "JPY":
        return max(fee * YEN_A_DOLLAR // ONE // 1000 * 1000, 9_000)
    return max(fee * 100 // ONE // 1000 * 1000, 99_00)


def _bills(customer: Customer, company: Company, cost_of: Callable[[str], int]) -> Iterator[Bill]:
    base = customer.customer_id.removesuffix(company.suffix)
    if customer.is_internal or base == TRIAL:
        return
    fee, line = monthly_fee(customer, company, cost_of(customer.customer_id)), customer.product_line
    if base == _ANNUAL:
        year = Item("Annual plan, prepaid", fee * 12, _MONTHS[0], month_start(2027, 7), line)
        yield Bill(customer, "2026", _MONTHS[0] + DAY // 2, "paid", (year,))
        return
    for start, end in pairwise(_MONTHS[1:5]):
        items: tuple[Item, ...] = (Item("Platform fee", fee, start, end, line),)
        if base in _METERED:  # a small fee in advance; what was used, with the next invoice
            items = (Item("Platform fee", fee * 3 // 10, start, end, line),)
        if base == "cust_012" and start == _MONTHS[2]:  # a larger plan from the 16th
            change = start + 15 * DAY
            items = (
                *items,
                Item("Unused time on Starter", -(fee // 2), change, end, line, "invoiceitem"),
                Item("Remaining time on Growth", fee * 3 // 4, change, end, line, "invoiceitem"),
            )
        if base == "cust_005":
            items = (*items, Item("Gateway seats", fee // 10, start, end, "assist"))
        yield Bill(
            customer, iso(start)[:7], start + DAY // 3, "open" if start == _MONTHS[3] else "paid", items
        )
        if base in _METERED:
            used = fee * (70 + (start // DAY) % 7) // 100
            created = end + DAY // 3
            yield Bill(
                customer,
                f"{iso(start)[:7]}-usage",
                created,
                "open" if start == _MONTHS[3] else "paid",
                (Item("Metered usage", used, start, end, line),),
            )
    yield from _no_revenue(customer, base, fee, line)


def _no_revenue(customer: Customer, base: str, fee: int, line: str) -> Iterator[Bill]:
    """Invoices that must not count, or only until they were given up."""
    september, october = _MONTHS[2], _MONTHS[3]
    item = Item("Platform fee", fee, september, october, line)
    if base == "cust_011":
        yield Bill(customer, "draft", october + 20 * DAY, "draft", (item,))
    if base == "cust_015":  # sent twice by mistake, voided in the next month
        yield Bill(customer, "twice", september + DAY, "void", (item,), voided=october + 8 * DAY)
    if base == "cust_017":
        extra = Item("Extra onboarding", 150_00, september, october, line, "invoiceitem")
        yield Bill(
            customer,
            "onboarding",
            september + 2 * DAY,
            "uncollectible",
            (extra,),
            uncollectible=october + 20 * DAY,
        )
    if base == "cust_001":
        yield Bill(customer, "test", september + DAY, "paid", (item,), live=False)


def invoice_id(bill: Bill) -> str:
    """Stripe's id of an invoice."""
    return _id("in", bill)


def _id(prefix: str, bill: Bill, *more: object) -> str:
    return f"{prefix}_" + hex_id(prefix, bill.customer.customer_id, bill.name, *more, length=20)


def _customers(company: Company) -> Table:
    return Table(
        "stripe",
        "customer",
        "id name email currency metadata created is_deleted livemode _fivetran_synced",
        (
            (
                billing_customer(customer),
                customer.name,
                f"billing@{customer.customer_id.replace('_', '-')}.example",
                customer.currency.lower(),
                "{}",
                "2025-12-01 09:00:00",
                "false",
                "true",
                "2026-11-03 04:00:00",
            )
            for customer in company.customers
            if not customer.is_internal
        ),
    )


def _stamp(seconds: int | None) -> str | None:
    return iso(seconds).replace("T", " ").removesuffix("Z") if seconds is not None else None


def _invoices(bills: list[Bill], granted: list[Discount]) -> Table:
    taken_off = {invoice_id(discount.bill): discount.amount for discount in granted}

    def row(number: int, bill: Bill) -> Row:
        subtotal = sum(item.amount for item in bill.items)
        net = subtotal - taken_off.get(invoice_id(bill), 0)
        tax = net * 19 // 100 if bill.customer.currency == "EUR" else 0
        finalized = None if bill.status == "draft" else bill.created + 3_600
        return (
            invoice_id(bill),
            billing_customer(bill.customer),
            f"FA-{number:05d}",
            bill.customer.currency.lower(),
            bill.status,
            "true" if bill.status == "paid" else "false",
            "subscription_cycle",
            str(subtotal),
            str(tax),
            str(net + tax),
            str(net + tax),
            _stamp(bill.created),
            _stamp(bill.created + 30 * DAY),
            _stamp(bill.created - 31 * DAY),
            _stamp(bill.created),
            _stamp(finalized),
            _stamp(bill.created + 9 * DAY) if bill.status == "paid" else None,
            _stamp(bill.voided),
            _stamp(bill.uncollectible),
            "{}",
            "true" if bill.live else "false",
            "false",
            "2026-11-03 04:00:00",
        )

    return Table(
        "stripe",
        "invoice",
        "id customer_id number currency status paid billing_reason subtotal tax total amount_due "
        "created due_date period_start period_end status_transitions_finalized_at "
        "status_transitions_paid_at status_transitions_voided_at "
        "status_transitions_marked_uncollectible_at metadata livemode is_deleted "
        "_fivetran_synced",
        (row(number, bill) for number, bill in enumerate(bills, 1)),
    )


def _line_row(bill: Bill, number: int, item: Item) -> Row:
    return (
        _id("il", bill, number),
        _id("uil", bill, number),
        invoice_id(bill),
        _id("ii", bill, number),
        str(item.amount),
        bill.customer.currency.lower(),
        item.description,
        "true",
        _stamp(item.start),
        _stamp(item.end),
        None,
        "price_" + hex_id("price", item.description, length=14),
        "true" if item.kind == "invoiceitem" else "false",
        "1",
        "sub_" + hex_id("subscription", bill.customer.customer_id, length=14),
        item.kind,
        str(item.amount),
        f'{{"product_line":"{item.product_line}"}}',
        "true" if bill.live else "false",
        "2026-11-03 04:00:00",
    )


def discounts(company: Company, bills: list[Bill]) -> Iterator[Discount]:
    """What is taken off when a bill is sent."""
    for bill in bills:
        base = bill.customer.customer_id.removesuffix(company.suffix)
        if base == "cust_005":  # 5 % off the whole invoice, two product lines
            yield Discount(bill, sum(item.amount for item in bill.items) * 5 // 100, None)
        if base == "cust_018":
            yield Discount(bill, bill.items[0].amount // 10, 1)


def _discount_row(discount: Discount) -> Row:
    bill, line = discount.bill, discount.line
    return (
        _id("di", bill, line),
        "line" if line else "invoice",
        _id("il", bill, line) if line else invoice_id(bill),
        str(discount.amount),
        invoice_id(bill),
        _id("ii", bill, line) if line else None,
        "coupon_launch" if line else "coupon_volume",
        billing_customer(bill.customer),
        _stamp(bill.created),
        None,
    )


def credit_notes(company: Company, bills: list[Bill]) -> list[CreditNote]:
    """One for a line of August in September; one for September's whole invoice after September was closed."""
    chosen = {
        (company.id("cust_008"), "2026-08"): (at(2026, 9, 14, 10), 1, 12),
        (company.id("cust_016"), "2026-09"): (at(2026, 10, 12, 15), None, 15),
    }
    notes = []
    for bill in bills:
        if (key := (bill.customer.customer_id, bill.name)) in chosen:
            created, line, percent = chosen[key]
            notes.append(
                CreditNote(bill, created, line, sum(item.amount for item in bill.items) * percent // 100)
            )
    return notes


def _credit_notes(company: Company, bills: list[Bill]) -> Iterator[Table]:
    notes = credit_notes(company, bills)
    yield Table(
        "stripe",
        "credit_note",
        "id invoice_id customer_id amount subtotal discount_amount total currency reason status "
        "type created voided_at refund_id _fivetran_synced",
        (
            (
                _id("cn", bill),
                invoice_id(bill),
                billing_customer(bill.customer),
                str(amount),
                str(amount),
                "0",
                str(amount),
                bill.customer.currency.lower(),
                "order_change",
                "issued",
                "post_payment",
                _stamp(created),
                None,
                None,
                "2026-11-03 04:00:00",
            )
            for bill, created, _, amount in notes
        ),
    )
    yield Table(
        "stripe",
        "credit_note_line_item",
        "id credit_note_id invoice_line_item_id amount discount_amount quantity type unit_amount livemode",
        (
            (
                _id("cnli", bill),
                _id("cn", bill),
                _id("il", bill, line) if line else None,
                str(amount),
                "0",
                "1",
                "invoice_line_item" if line else "custom_line_item",
                str(amount),
                "true",
            )
            for bill, _, line, amount in notes
        ),
    )
