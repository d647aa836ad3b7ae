"""What finance keeps beside the bills: accounts, promises to providers, the revenue subledger, sign-offs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from .attribution import billing_customer
from .clock import DAY, at, date, iso, month_start, months
from .company import Company
from .finance import CLOSED_AT
from .rng import hex_id
from .stripe import Bill, CreditNote, Discount, invoice_id
from .tables import Row, Table

_RECORDED = at(2026, 7, 20, 9)
_MONTHS = [month_start(2026 + (month - 1) // 12, (month - 1) % 12 + 1) for month in range(7, 20)]

# entity, account of the provider (None: any), category, status, class -> debit, credit, accrual account
_ACCOUNTS = (
    ("US", None, "Usage", None, "CostOfRevenue", "5110", "2010", "2150"),
    ("US", None, "Usage", None, "ResearchAndDevelopment", "6110", "2010", "2150"),
    ("US", None, "Usage", None, "SalesAndMarketing", "6310", "2010", "2150"),
    ("US", None, "Usage", None, None, "5190", "2010", "2150"),
    ("US", None, "Usage", "Used", "CostOfRevenue", "5110", "1410", "2150"),
    ("US", None, "Usage", "Used", "ResearchAndDevelopment", "6110", "1410", "2150"),
    ("US", None, "Usage", "Used", "SalesAndMarketing", "6310", "1410", "2150"),
    ("US", None, "Usage", "Used", None, "5190", "1410", "2150"),
    ("US", None, "Usage", "Unused", None, "5120", "1410", "2150"),
    ("US", None, "Purchase", None, None, "1410", "2010", "2150"),
    ("US", None, "Tax", None, None, "1576", "2010", "2150"),
    ("US", None, "Credit", None, None, "5110", "2010", "2150"),
    ("US", None, "Adjustment", None, None, "6960", "2010", "2150"),
    ("DE", "emea", "Usage", None, None, "5110", "2020", "2160"),
    ("DE", "emea", "Tax", None, None, "1576", "2020", "2160"),
    ("DE", "emea", "Adjustment", None, None, "6960", "2020", "2160"),
)
_SIGNED = (
    "UsageConserved",
    "InvoicedCostTied",
    "InvoiceLinesTied",
    "ChargesMatched",
    "InvoicesReceived",
    "BillsComplete",
    "EvidenceKept",
    "CostConverted",
    "RevenueConverted",
    "LedgerTied",
    "RevenueTied",
    "NoDuplicateInvoices",
    "JournalMapped",
    "MinimumsMet",
    "RulesSound",
    "UsageAttributed",
    "UsagePriced",
)
_NOTES = {
    (at(2026, 9, 1), "LedgerTied"): "Credit of September is booked in October.",
    (at(2026, 9, 1), "RevenueTied"): "Credit note of August comes in October.",
    (at(2026, 8, 1), "UsageAttributed"): "Expired credits belong to nobody.",
}
# The subledger takes the credit note of August a month late, and has not heard of a bad debt.
_LATE_NOTE, _FORGOTTEN = "cust_008", "cust_017"


def company_tables(company: Company) -> Iterator[Table]:
    """The tables that the company keeps once, whatever the number of its accounts."""
    yield Table(
        "finance",
        "journal_accounts",
        "account_map_id entity_id billing_account_id charge_category commitment_discount_status cost_class "
        "debit_account credit_account accrual_account effective_from effective_to recorded_at",
        (
            (
                f"map_{number:02d}",
                entity,
                account and company.emea,
                category,
                status,
                cost_class,
                debit,
                credit,
                accrual,
                iso(at(2026, 1, 1)),
                None,
                iso(_RECORDED),
            )
            for number, (entity, account, category, status, cost_class, debit, credit, accrual) in enumerate(
                _ACCOUNTS, 1
            )
        ),
    )
    yield Table(
        "finance",
        "minimum_commitments",
        "commitment_id source_relation billing_account_id currency period_start period_end minimum_amount "
        "measure description recorded_at",
        (
            (
                "commit_openai_quarter",
                "openai",
                company.main,
                "USD",
                iso(at(2026, 8, 1)),
                iso(at(2026, 11, 1)),
                "22000.00",
                "BilledCost",
                "Quarterly minimum of the discount agreement",
                iso(_RECORDED),
            ),
            (
                "commit_anthropic_year",
                "anthropic",
                company.claude,
                "USD",
                iso(at(2026, 8, 1)),
                iso(at(2027, 8, 1)),
                "60000.00",
                "EffectiveCost",
                None,
                iso(_RECORDED),
            ),
        ),
    )
    yield _signoffs()


def _signoffs() -> Table:
    return Table(
        "finance",
        "close_signoffs",
        "accounting_period_start check_name prepared_by prepared_at reviewed_by reviewed_at note",
        (
            (
                iso(month),
                check,
                "user-ines",
                iso(closed_at - 8 * 3_600),
                "user-tom",
                iso(closed_at - 2 * 3_600),
                _NOTES.get((month, check)),
            )
            for month, closed_at in CLOSED_AT.items()
            for check in _SIGNED
        ),
    )


def revenue_subledger(
    company: Company, bills: list[Bill], discounts: list[Discount], notes: list[CreditNote]
) -> Table:
    """Revenue by invoice and month up to October, in whole cents: straight-line by day."""
    return Table(
        "finance",
        "revenue_subledger",
        "entry_id posting_date billing_customer_id invoice_id currency amount posted_at",
        _postings(company, bills, discounts, notes),
    )


def _postings(
    company: Company, bills: list[Bill], discounts: list[Discount], notes: list[CreditNote]
) -> Iterator[Row]:
    forgotten = company.id(_FORGOTTEN)
    for bill in bills:
        if not bill.live or bill.status == "draft":
            continue
        amounts = _by_month(bill, discounts)
        for note in notes:
            if note.bill == bill:
                late = bill.customer.customer_id == company.id(_LATE_NOTE)
                amounts[_month_of(note.created) if not late else at(2026, 10, 1)] -= note.amount
        given_up = bill.voided or bill.uncollectible
        if given_up and bill.customer.customer_id != forgotten:
            amounts[_month_of(given_up)] -= sum(item.amount for item in bill.items)
        for month, amount in sorted(amounts.items()):
            if amount and month < months()[-1][1]:
                yield _posting(bill, month, amount)


def _by_month(bill: Bill, discounts: list[Discount]) -> dict[int, int]:
    amounts: dict[int, int] = defaultdict(int)
    for item in bill.items:
        taken = 0
        for start, end in pairwise(_MONTHS):
            until = min(max(end, item.start), item.end)
            due = item.amount * (until - item.start) // (item.end - item.start)
            amounts[start] += due - taken
            taken = due
    for discount in discounts:
        if discount.bill == bill:
            amounts[_month_of(bill.items[0].start)] -= discount.amount
    return amounts


def _month_of(moment: int) -> int:
    return next(start for start in reversed(_MONTHS) if start <= moment)


def _posting(bill: Bill, month: int, amount: int) -> Row:
    end = next(end for start, end in pairwise(_MONTHS) if start == month)
    decimals = 0 if bill.customer.currency == "JPY" else 2
    sign, digits = "-" if amount < 0 else "", f"{abs(amount):0{decimals + 1}d}"
    return (
        "RS-" + hex_id("subledger", bill.customer.customer_id, bill.name, month, length=16),
        date(end - DAY),
        billing_customer(bill.customer),
        invoice_id(bill),
        bill.customer.currency,
        f"{sign}{digits[:-2]}.{digits[-2:]}" if decimals else f"{sign}{digits}",
        iso(end + DAY),
    )
