"""Which rules need several datasets, which columns they read there, and the links that no rule demands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from focus_validate.conformance.cross import CrossCheck, Outcome

COST, INVOICE, COMMITMENT, PERIOD = "CostAndUsage", "InvoiceDetail", "ContractCommitment", "BillingPeriod"

Columns = Mapping[str, tuple[str, ...]]
"""Columns by dataset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cross:
    """A rule across datasets (``name`` is its id) or a link: its dataset, what it reads, how it is decided.

    ``earlier`` are columns of an earlier delivery. ``message`` says what is wrong where a link is broken.
    """

    name: str
    dataset: str
    judge: Callable[[CrossCheck], Outcome]
    needs: Columns
    earlier: Columns = field(default_factory=dict)
    message: str = ""


_KEY = ("InvoiceId", "InvoiceIssuerName")
_AMOUNT = ("BilledCost", "BillingCurrency", *_KEY)

RULES = (
    Cross(
        name="IND-BilledCost-C-010-C",
        dataset=INVOICE,
        judge=CrossCheck.sums_of_invoices,
        needs={
            INVOICE: (*_AMOUNT, "ChargeCategory", "InvoiceIssueStatus"),
            COST: (*_AMOUNT, "ChargeCategory"),
        },
    ),
    Cross(
        name="IND-BilledCost-C-013-C",
        dataset=INVOICE,
        judge=CrossCheck.sums_of_details,
        needs={
            INVOICE: (*_AMOUNT, "InvoiceDetailId", "InvoiceIssueStatus"),
            COST: (*_AMOUNT, "InvoiceDetailId"),
        },
    ),
    Cross(
        name="CAU-BilledCost-C-007-C",
        dataset=COST,
        judge=CrossCheck.sums_of_charges,
        needs={COST: _AMOUNT, INVOICE: (*_AMOUNT, "InvoiceIssueStatus")},
    ),
    Cross(
        name="CAU-InvoiceDetailId-C-007-M",
        dataset=COST,
        judge=CrossCheck.details_exist,
        needs={COST: (*_KEY, "InvoiceDetailId"), INVOICE: (*_KEY, "InvoiceDetailId")},
    ),
    Cross(
        name="IND-BillingPeriodStart-C-005-M",
        dataset=INVOICE,
        judge=CrossCheck.same_start,
        needs={INVOICE: (*_KEY, "BillingPeriodStart"), COST: (*_KEY, "BillingPeriodStart")},
    ),
    Cross(
        name="IND-BillingPeriodEnd-C-005-M",
        dataset=INVOICE,
        judge=CrossCheck.same_end,
        needs={INVOICE: (*_KEY, "BillingPeriodEnd"), COST: (*_KEY, "BillingPeriodEnd")},
    ),
    Cross(
        name="IND-InvoiceDetailCreated-C-005-C",
        dataset=INVOICE,
        judge=CrossCheck.created_before_closing,
        needs={
            INVOICE: ("InvoiceIssuerName", "BillingPeriodStart", "InvoiceDetailCreated"),
            PERIOD: (
                *("InvoiceIssuerName", "BillingPeriodStart"),
                *("BillingPeriodLastUpdated", "BillingPeriodStatus"),
            ),
        },
    ),
    Cross(
        name="IND-InvoiceIssueStatus-C-006-C",
        dataset=INVOICE,
        judge=CrossCheck.invoice_reopened,
        needs={INVOICE: (*_KEY, "InvoiceIssueStatus")},
        earlier={INVOICE: (*_KEY, "InvoiceIssueStatus")},
    ),
    Cross(
        name="BIP-BillingPeriodStatus-C-005-C",
        dataset=PERIOD,
        judge=CrossCheck.period_reopened,
        needs={PERIOD: ("InvoiceIssuerName", "BillingPeriodStart", "BillingPeriodStatus")},
        earlier={PERIOD: ("InvoiceIssuerName", "BillingPeriodStart", "BillingPeriodStatus")},
    ),
)

_BOUNDS = ("InvoiceIssuerName", "BillingPeriodStart", "BillingPeriodEnd")

LINKS = (
    Cross(
        name="charges-in-known-billing-periods",
        dataset=COST,
        judge=CrossCheck.charges_in_known_periods,
        needs={COST: _BOUNDS, PERIOD: _BOUNDS},
        message="Charges lie in a billing period that Billing Period does not have for their issuer.",
    ),
    Cross(
        name="invoice-lines-in-known-billing-periods",
        dataset=INVOICE,
        judge=CrossCheck.lines_in_known_periods,
        needs={INVOICE: _BOUNDS, PERIOD: _BOUNDS},
        message="Invoice lines lie in a billing period that Billing Period does not have for their issuer.",
    ),
    Cross(
        name="applied-commitments-exist",
        dataset=COST,
        judge=CrossCheck.commitments_exist,
        needs={COST: ("ContractApplied",), COMMITMENT: ("ContractId", "ContractCommitmentId")},
        message="ContractApplied names a commitment that Contract Commitment lacks under that contract.",
    ),
    Cross(
        name="corrections-of-closed-periods-marked",
        dataset=COST,
        judge=CrossCheck.corrections_marked,
        needs={
            COST: (
                *("InvoiceIssuerName", "BillingPeriodStart"),
                *("ChargeClass", "ChargePeriodStart", "ChargePeriodEnd"),
            ),
            PERIOD: (*_BOUNDS, "BillingPeriodStatus"),
        },
        message="Charges of a billing period that is closed come in a later one without ChargeClass; is it"
        " Correction?",
    ),
)
