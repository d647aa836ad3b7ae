"""The general ledger's extract: what the company's accountants booked of the providers' invoices, and how."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from dbt_package.calendars import DAY

from simulation.company import Company
from simulation.facts import Invoice, LedgerEntry, next_month

Mistake = Callable[[LedgerEntry, Invoice], LedgerEntry]

MISTAKES: tuple[Mistake, ...] = (
    lambda entry, _: entry._replace(posting_date=entry.posting_date + 20 * DAY),
    lambda entry, invoice: entry._replace(amount=entry.amount - _of(invoice, "Tax")),
    lambda entry, invoice: entry._replace(amount=entry.amount - _of(invoice, "Credit")),
    lambda entry, _: entry._replace(amount=entry.amount + Decimal("0.01")),
    lambda entry, _: entry._replace(reference=None),
    lambda entry, _: entry._replace(reference="a typing error"),
    lambda entry, _: entry._replace(vendor="Stationer"),
)


class GeneralLedger:
    """One entry an invoice, or two; some are wrong, some never made, what is voided is mostly reversed."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.chance = company.chance

    def book(self) -> None:
        """Some of the invoices that are not booked yet, and the reversal of some that are voided."""
        booked: dict[str, list[LedgerEntry]] = {}
        for entry in self.company.ledger:
            booked.setdefault(entry.invoice, []).append(entry)
        for invoice in self.company.invoices.values():
            entries = booked.get(invoice.id, [])
            if self.chance.random() < 0.7 and not invoice.is_voided and not entries:
                self._book(invoice)
            elif self.chance.random() < 0.7 and invoice.is_voided and len(entries) == 1:
                self._enter(entries[0]._replace(amount=-entries[0].amount, posting_date=self._today))

    def _book(self, invoice: Invoice) -> None:
        end_of_month = (next_month(invoice.month) - DAY).date()
        amount = sum((line.amount for line in invoice.lines), Decimal(0))
        entry = LedgerEntry(
            invoice.id, end_of_month, invoice.account.issuer, invoice.account.currency, invoice.id, amount
        )
        if self.chance.random() < 0.5:
            entry = self.chance.choice(MISTAKES)(entry, invoice)
        self._enter(entry)

    def _enter(self, entry: LedgerEntry) -> None:
        company = self.company
        company.tick()
        company.row(
            "general_ledger.gl_entries",
            *[f"entry_{len(company.ledger)}", str(entry.posting_date), "2000", entry.currency],
            *[f"{entry.amount:f}", entry.vendor, entry.reference],
        )
        company.ledger.append(entry)
        company.note(
            f"the ledger has {entry.amount} {entry.currency} of {entry.vendor} {entry.reference} "
            f"on {entry.posting_date}"
        )

    @property
    def _today(self) -> date:
        return self.company.now.date()


def _of(invoice: Invoice, category: str) -> Decimal:
    return sum((line.amount for line in invoice.lines if line.category == category), Decimal(0))
