"""The general ledger's view of the invoices: one posting per invoice and kind of line; one came late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from .clock import DAY, at, date, iso
from .invoices import Invoice
from .money import two_decimals
from .tables import Row, Table

_ACCOUNTS = {
    "Usage": ("5110", "CC-400"),  # AI cost of revenue
    "Credit": ("5110", "CC-400"),
    "Purchase": ("1410", None),  # prepaid expenses
    "Tax": ("1576", None),  # input tax
}
# The credit of September was booked in October: a difference of timing.
_CREDIT_POSTED = at(2026, 10, 7, 10)


def tables(invoices: Iterable[Invoice]) -> Iterator[Table]:
    """The table of the general_ledger source."""
    yield Table(
        "general_ledger",
        "gl_entries",
        "entry_id posting_date account cost_center vendor currency amount reference posted_at",
        (row for invoice in invoices if invoice.status == "Issued" for row in _postings(invoice)),
    )


def _postings(invoice: Invoice) -> Iterator[Row]:
    totals: dict[str, int] = defaultdict(int)
    for line in invoice.lines:
        totals[line.category] += line.amount
    for category, amount in totals.items():
        account, center = _ACCOUNTS[category]
        last_day = invoice.end - DAY
        bought = category == "Purchase"
        posting_day = _CREDIT_POSTED if category == "Credit" else invoice.created if bought else last_day
        posted_at = _CREDIT_POSTED if category == "Credit" else invoice.created + DAY // 4
        yield (
            f"GL-{invoice.invoice_id}-{category.upper()}",
            date(posting_day),
            account,
            center,
            invoice.issuer,
            invoice.currency,
            two_decimals(amount),
            invoice.invoice_id,
            iso(posted_at),
        )
