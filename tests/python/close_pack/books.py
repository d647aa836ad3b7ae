"""Rows of the marts of the books: accruals, journal, and what endangers them."""

from __future__ import annotations

from . import shapes
from .months import AUGUST, SEPTEMBER

MARTS: dict[str, tuple[str, list[dict[str, object]]]] = {
    "focus_ai__accruals": (
        shapes.ACCRUALS,
        [
            {
                "accounting_period_start": SEPTEMBER,
                "accrual_entry_id": kind,
                "entry_type": kind,
                "posting_date": SEPTEMBER,
                "accrual_basis": "NotInvoiced",
                "invoice_issuer_name": "OpenAI",
                "cost_class": "CostOfRevenue",
                "billing_currency": "USD",
                "amount": amount,
                "null_reason": None if amount else "Unpriced",
            }
            for kind, amount in (("Accrual", "1.5"), ("Accrual", None), ("Reversal", "-4.25"))
        ],
    ),
    "focus_ai__journal_entries": (
        shapes.JOURNAL,
        [
            {
                "accounting_period_start": SEPTEMBER,
                "journal_type": "Invoice",
                "entity_id": "entity-1",
                "account_id": account,
                "currency": currency,
                "debit_subunits": debit,
                "credit_subunits": credit,
                "subunits_per_unit": units,
            }
            for account, currency, debit, credit, units in (
                ("5000", "USD", 112355, 0, 100),
                ("2000", "USD", 0, 112355, 100),
                ("5000", "JPY", 5000, 0, 1),
                ("(unmapped)", "JPY", 0, 5000, 1),
            )
        ],
    ),
    "focus_ai__withdrawn_evidence": (
        shapes.WITHDRAWN,
        [
            {
                "accounting_period_start": SEPTEMBER,
                "evidence": "Bill",
                "source_relation": source,
                "corrected_accounting_period_start": AUGUST,
                "billing_currency": "USD",
                "lost_charge_count": 12,
                "lost_effective_cost": lost,
                "closed_effective_cost": "900",
                "lost_share": share,
                "is_unusual": unusual,
            }
            for source, lost, share, unusual in (
                ("openai", "450", "0.5", True),
                ("anthropic", "0.9", "0.001", False),
            )
        ],
    ),
    "focus_ai__duplicate_invoice_findings": (
        shapes.DUPLICATES,
        [
            {
                "accounting_period_start": SEPTEMBER,
                "finding_type": "SameNumber",
                "invoice_issuer_name": "OpenAI",
                "invoice_id": "INV-1",
                "duplicate_of_invoice_id": "inv 1",
                "currency": "USD",
                "amount": "1130",
            }
        ],
    ),
}
