"""Rows of the marts: three customers, two months, two currencies, a defect of many a kind."""

from __future__ import annotations

from . import books, shapes
from .months import AUGUST, OCTOBER, SEPTEMBER

NAME = "Kestrel Logistics"
CUSTOMERS = {"cust_1": NAME, "cust_2": "Wren Studio", "cust_3": "Alder & Birch"}
PROJECT = "proj_kestrel"
REQUIRED = "focus_ai__customer_gross_margin_monthly"
CALENDAR = "focus_ai__accounting_periods"

ZERO = (
    *("prior_period_revenue", "prior_period_ai_cost", "operating_ai_cost", "prior_period_other_ai_cost"),
    *("unclassified_ai_cost", "excluded_tax"),
)


def _margin(
    month: str, customer: str, line: str, revenue: str | None, cost: str, **others: object
) -> dict[str, object]:
    """A margin line; the margin is not added up here but stated, as a mart does."""
    return {
        "accounting_period_start": month,
        "customer_id": customer,
        "customer_name": CUSTOMERS.get(customer, customer),
        "customer_segment": "small",
        "is_internal": False,
        "product_line": line,
        "reporting_currency": "USD",
        "revenue": revenue,
        "ai_cost_of_revenue": cost,
        **dict.fromkeys(ZERO, "0"),
        "request_count": 1000,
        "attributed_share": "0.98",
        "priced_share": "1",
        "complete_through": OCTOBER if month == SEPTEMBER else SEPTEMBER,
        "is_month_closed": True,
        **others,
    }


def _check(name: str, status: str = "Passed", figure: str = "0", unit: str = "Rows") -> dict[str, object]:
    return {
        "accounting_period_start": SEPTEMBER,
        "accounting_period_status": "Closed",
        "check_name": name,
        "check_status": status,
        "figure": figure,
        "figure_unit": unit,
        "figure_limit": "0.05" if unit == "Share" else "0",
        "closed_by": "kim",
        "reviewed_by": "lee",
        "check_prepared_by": "kim",
        "check_note": f"Asked {NAME}",
        "evidence_query": f"select * from somewhere where check_name = '{name}'",
    }


MARTS: dict[str, tuple[str, list[dict[str, object]]]] = {
    CALENDAR: (
        shapes.PERIODS,
        [
            {
                "accounting_period": start[:7],
                "accounting_period_start": start,
                "accounting_period_end": end,
                "first_day": start,
            }
            for start, end in ((AUGUST, SEPTEMBER), (SEPTEMBER, OCTOBER))
        ],
    ),
    **books.MARTS,
    REQUIRED: (
        shapes.MARGIN,
        [
            _margin(AUGUST, "cust_1", "docs", "900", "100.1", gross_margin="799.9"),
            _margin(AUGUST, "cust_2", "docs", "0", "18.94", gross_margin="-18.94"),
            _margin(AUGUST, "(unattributed)", "(none)", "0", "4", gross_margin="-4"),
            _margin(SEPTEMBER, "cust_1", "docs", "890", "979.874031500001", gross_margin="-89.874031500001"),
            _margin(SEPTEMBER, "cust_1", "code", "10.5", "0.000000000001", gross_margin="10.499999999999"),
            _margin(SEPTEMBER, "cust_2", "docs", "0", "18.67", gross_margin="-18.67"),
            _margin(
                *(SEPTEMBER, "cust_3", "docs", "500.25", "120.005"),
                gross_margin="380.245",
                other_cost_of_revenue="80.245",
                gross_margin_after_other="300",
            ),
            _margin(
                *(SEPTEMBER, "(unattributed)", "(none)", "0", "5"),
                gross_margin="-5",
                unclassified_ai_cost="2.25",
                excluded_tax="19",
                prior_period_ai_cost="0.5",
            ),
        ],
    ),
    "focus_ai__margin_bridge": (
        shapes.BRIDGE,
        [
            {
                "accounting_period_start": AUGUST,
                "customer_id": customer,
                "customer_name": CUSTOMERS.get(customer, customer),
                "product_line": line,
                "gross_margin": now,
                "null_reason": "NoPreviousMonth",
            }
            for customer, line, now in (
                ("cust_1", "docs", "799.9"),
                ("cust_2", "docs", "-18.94"),
                ("(unattributed)", "(none)", "-4"),
            )
        ]
        + [
            {
                "accounting_period_start": SEPTEMBER,
                "customer_id": customer,
                "customer_name": CUSTOMERS.get(customer, customer),
                "product_line": line,
                "line_status": "Continuing",
                "previous_gross_margin": before,
                "gross_margin": now,
                "gross_margin_change": change,
                "request_volume_effect": volume,
                "price_effect": price,
                "model_mix_effect": mix,
                "new_customer_effect": new,
            }
            for customer, line, before, now, change, volume, price, mix, new in (
                (
                    "cust_1",
                    "docs",
                    "799.9",
                    "-89.874031500001",
                    "-889.774031500001",
                    "20",
                    "-10",
                    "-899.774031500001",
                    "0",
                ),
                (
                    "cust_1",
                    "code",
                    "0",
                    "10.499999999999",
                    "10.499999999999",
                    "0",
                    "10.499999999999",
                    "0",
                    "0",
                ),
                ("cust_2", "docs", "-18.94", "-18.67", "0.27", "0", "0.27", "0", "0"),
                ("cust_3", "docs", "0", "380.245", "380.245", "0", "0", "0", "380.245"),
                ("(unattributed)", "(none)", "-4", "-5", "-1", "-1", "0", "0", "0"),
            )
        ],
    ),
    "focus_ai__customers_at_risk": (
        shapes.RISK,
        [
            {
                "accounting_period_start": SEPTEMBER,
                "customer_id": "cust_1",
                "customer_name": NAME,
                "risk_type": "NegativeMargin",
                "revenue": "900.5",
                "ai_cost_of_revenue": "979.874031500002",
                "gross_margin": "-79.374031500002",
                "revenue_share": "0.6",
                "cost_share": "0.9",
            }
        ],
    ),
    "focus_ai__close_checklist": (
        shapes.CHECKS,
        [
            _check("UsageConserved"),
            _check("InvoicedCostTied"),
            _check("InvoiceLinesTied", "Failed", "1"),
            _check("ChargesMatched", "Failed", "2"),
            _check("InvoicesReceived"),
            _check("LedgerTied", "Warning", "1"),
            _check("RulesSound", "Warning", "1"),
            _check("RevenueTied", "Warning", "1"),
            _check("NoDuplicateInvoices", "Warning", "1"),
            _check("MinimumsMet"),
            _check("EvidenceKept", "Failed", "1"),
            _check("AccrualsPriced", "Warning", "1"),
            _check("JournalMapped", "Warning", "1"),
            _check("UsageAttributed", "Passed", "0.02", "Share"),
        ],
    ),
    "focus_ai__conservation_checks": (
        shapes.CONSERVATION,
        [
            {
                "check_name": name,
                "source_relation": "openai",
                "billing_account_id": "org-1",
                "invoice_issuer_name": "OpenAI",
                "billing_currency": currency,
                "billing_period_start": SEPTEMBER,
                "evidence_amount": amount,
                "focus_amount": amount,
                "difference": "0",
                "check_status": "Exact",
            }
            for name, currency, amount in (
                ("UsageCost", "USD", "1123.549031500002"),
                ("InvoicedCost", "USD", "1130"),
                ("InvoicedCost", "JPY", "5000"),
            )
        ],
    ),
    "focus_ai__invoice_reconciliation": (
        shapes.INVOICES,
        [
            {
                "accounting_period_start": SEPTEMBER,
                "invoice_issuer_name": "OpenAI",
                "invoice_id": "INV-1",
                "invoice_line_id": number,
                "line_description": text,
                "charge_category": "Usage",
                "invoice_status": status,
                "billing_currency": currency,
                "line_amount": amount,
                "matched_billed_cost": billed,
                "rounding_cost": rounding,
                "remaining_difference": left,
                "reconciliation_status": tied,
            }
            for number, text, status, currency, amount, billed, rounding, left, tied in (
                (
                    "1",
                    "API usage",
                    "Issued",
                    "USD",
                    "1123.55",
                    "1123.549031500002",
                    "0.000968499998",
                    "0",
                    "Rounded",
                ),
                ("2", f"For {NAME}", "Issued", "USD", "6.45", "0", "0", "6.45", "Open"),
                ("3", "API usage", "Issued", "JPY", "5000", "5000", "0", "0", "Tied"),
                ("4", "Cancelled", "Voided", "USD", "99", "0", "0", "0", "Voided"),
            )
        ],
    ),
    "focus_ai__invoice_match_findings": (
        shapes.UNMATCHED,
        [
            {
                "billing_period_start": SEPTEMBER,
                "match_status": "Unmatched",
                "match_reason": "NoInvoice",
                "is_awaiting_invoice": False,
                "invoice_issuer_name": "OpenAI",
                "billing_account_id": "org-1",
                "billing_currency": "USD",
                "charge_category": "Usage",
                "row_count": 3,
                "billed_cost": "1.5",
            }
        ]
        * 2,
    ),
    "focus_ai__general_ledger_reconciliation": (
        shapes.LEDGER,
        [
            {
                "accounting_period_start": SEPTEMBER,
                "vendor": "OpenAI",
                "invoice_id": "INV-1",
                "currency": "USD",
                "ledger_entry_count": 1,
                "ledger_amount": "1130",
                "billed_cost": "1123.55",
                "difference": "6.45",
                "reconciliation_status": "Open",
                "difference_reason": "Timing",
            }
        ],
    ),
    "focus_ai__usage_price_reconciliation": (
        shapes.USAGE_PRICE,
        [
            {
                "accounting_period_start": SEPTEMBER,
                "source_relation": "openai",
                "billing_currency": "USD",
                "difference_reason": "None",
                "cell_count": 12,
                "provider_reported_cost": "1123.549031500002",
                "expected_cost": "1123.549031500002",
                "difference": "0",
            }
        ],
    ),
    "focus_ai__prepaid_roll_forward": (
        shapes.PREPAID,
        [
            {
                "accounting_period_start": SEPTEMBER,
                "source_relation": "openai",
                "grant_id": "grant-1",
                "billing_currency": "USD",
                "purchased_at": AUGUST,
                "opening_cost": "100",
                "bought_cost": "50",
                "drawn_cost": "30.25",
                "expired_cost": "5",
                "corrected_bought_cost": "0",
                "corrected_drawn_cost": "-1",
                "corrected_expired_cost": "0",
                "closing_cost": "115.75",
            }
        ],
    ),
    "focus_ai__attribution_rule_findings": (
        shapes.RULES,
        [
            {
                "finding_type": "NoTarget",
                "rule_id": "kestrel-rule",
                "match_type": "Credential",
                "match_value": "key_kestrel",
                "remedy": "Say whose it is",
            }
        ],
    ),
    "focus_ai__unattributed_spend": (
        shapes.UNATTRIBUTED,
        [
            {
                "accounting_period_start": month,
                "source_relation": "openai",
                "billing_account_id": "org-1",
                "sub_account_id": PROJECT,
                "credential_id": "key_kestrel",
                "unattributed_reason": reason,
                "charge_category": "Usage",
                "is_prior_period": False,
                "currency": "USD",
                "reporting_effective_cost": cost,
                "remedy": "Add a rule",
            }
            for month, reason, cost in (
                (AUGUST, "NoAttributionRule", "4"),
                (SEPTEMBER, "InvoiceLevelCharge", "19"),
                (SEPTEMBER, "NoAttributionRule", "7.75"),
            )
        ],
    ),
    "focus_ai__cost_by_class_monthly": (
        shapes.CLASSES,
        [
            {
                "accounting_period_start": month,
                "cost_class": of,
                "cost_center": center,
                "ai_cost": cost,
                "prior_period_ai_cost": prior,
                "tax": tax,
            }
            for month, of, center, cost, prior, tax in (
                (AUGUST, "CostOfRevenue", "CC-1", "123.04", "0", "0"),
                (SEPTEMBER, "CostOfRevenue", "CC-1", "1123.549031500002", "0.5", "0"),
                (SEPTEMBER, "Unclassified", "(none)", "2.25", "0", "19"),
            )
        ],
    ),
    "focus_ai__chargeback_monthly": (
        shapes.CHARGEBACK,
        [
            {
                "accounting_period_start": month,
                "cost_center": center,
                "is_chargeable": center != "(none)",
                "unassigned_reason": reason,
                "charge_count": 3,
                "reporting_effective_cost": own,
                "reporting_prior_period_effective_cost": corrections,
            }
            for month, center, reason, own, corrections in (
                (AUGUST, "CC-1", None, "123.04", "0"),
                (SEPTEMBER, "CC-1", None, "1123.549031500002", "0.5"),
                (SEPTEMBER, "(none)", "NoCostCenter", "21.25", "0"),
            )
        ],
    ),
    "focus_ai__restated_monthly": (
        shapes.RESTATED,
        [
            {
                "accounting_period_start": AUGUST,
                "accounting_period_status": "Closed",
                "reported_revenue": "900",
                "revenue_restatement": "-10",
                "reported_ai_cost_of_revenue": "123.04",
                "ai_cost_of_revenue_restatement": "0.5",
                "reported_gross_margin": "776.96",
                "restated_gross_margin": "766.46",
            }
        ],
    ),
    "focus_ai__flash_vs_final": (
        shapes.FLASH,
        [
            {
                "accounting_period_start": SEPTEMBER,
                "measure": "ProviderReportedCost",
                "source_relation": "openai",
                "billing_account_id": "org-1",
                "currency": "USD",
                "flash_amount": "1100",
                "late_amount": "25",
                "restated_amount": "-1.5",
                "withdrawn_amount": "0",
                "final_amount": "1123.5",
            }
        ],
    ),
    "focus_ai__minimum_commitment_status": (
        shapes.COMMITMENTS,
        [
            {
                "accounting_period_start": SEPTEMBER,
                "commitment_id": "minimum-1",
                "source_relation": "openai",
                "currency": "USD",
                "period_end": "2027-01-01",
                "minimum_amount": "5000",
                "spent_to_date": "1200",
                "forecast_amount": "4800",
                "shortfall_amount": "200",
                "commitment_status": "AtRisk",
            }
        ],
    ),
    "focus_ai__budget_status": (
        shapes.BUDGETS,
        [
            {
                "budget_id": scope,
                "scope": scope,
                "scope_id": of,
                "period_start": SEPTEMBER,
                "period_end": OCTOBER,
                "currency": "USD",
                "amount": "600",
                "spent": "979.874031500002",
                "estimated_unbilled_cost": "0",
                "forecast_cost": "979.874031500002",
                "state": "Exceeded",
                "decision": "deny",
            }
            for scope, of in (("customer", "cust_1"), ("agent", "kestrel-agent"))
        ],
    ),
    "focus_ai__revenue_subledger_reconciliation": (
        shapes.SUBLEDGER,
        [
            {
                "accounting_period_start": SEPTEMBER,
                "billing_customer_id": "cus_kestrel",
                "invoice_id": "KESTREL-1",
                "currency": "USD",
                "subledger_amount": "900",
                "revenue_amount": "900.5",
                "difference": "-0.5",
                "reconciliation_status": "Open",
                "difference_reason": "Timing",
            }
        ],
    ),
    "focus_ai__reconciliation_differences": (
        shapes.DIFFERENCES,
        [
            {
                "accounting_period_start": SEPTEMBER,
                "reconciliation": "GeneralLedger",
                "difference_class": "Timing",
                "currency": "USD",
                "amount": amount,
            }
            for amount in ("6.45", None)
        ],
    ),
    "focus_ai__attribution_override_status": (
        shapes.OVERRIDES,
        [
            {
                "request_id": "request-1",
                "status": "Applied",
                "customer_id": "cust_1",
                "reason": f"{NAME} asked for it",
                "requested_by": "kim",
                "approved_by": "lee",
                "charge_period_from": SEPTEMBER,
                "billing_currency": "USD",
                "moved_effective_cost": "12.5",
                "reclassified_effective_cost": "0",
            },
            {
                "request_id": "request-2",
                "status": "Applied",
                "customer_id": None,
                "reason": f"{NAME} pays for it after all",
                "requested_by": "kim",
                "approved_by": "lee",
                "charge_period_from": SEPTEMBER,
                "billing_currency": "USD",
                "withdraws_request_id": f"request of {NAME}",
                "moved_effective_cost": "3.5",
                "reclassified_effective_cost": "0",
            },
        ],
    ),
    "focus_ai__attribution_drift": (
        shapes.DRIFT,
        [
            {
                "accounting_period_start": SEPTEMBER,
                "attribution_drift_id": "1",
                "cause": "Rule",
                "rule_id": "kestrel-rule",
                "billing_currency": "USD",
                "from_leftover_reason": "NoCustomer",
                "to_customer_id": "cust_1",
                "charge_count": 2,
                "effective_cost": "1.25",
                "revenue": "0",
            }
        ],
    ),
    "focus_ai__closes": (
        shapes.CLOSES,
        [
            {
                "accounting_period_start": SEPTEMBER,
                "close_id": "2026-09.1",
                "version_number": 1,
                "action": "close",
                "closed_at": "2026-10-05",
                "closed_by": "kim",
                "reviewed_by": "lee",
                "reason": f"{NAME} agreed",
                "exceptions": "[]",
                "package_version": "0.1.0",
                "charges_row_count": 3,
                "charges_content_sha256": "c" * 64,
            }
        ],
    ),
    "focus_ai__audit_log": (
        shapes.AUDIT,
        [
            {
                "sequence_number": number,
                "recorded_at": f"2026-10-0{number}T09:00:00Z",
                "action": "override",
                "actor": "kim",
                "approved_by": "lee",
                "subject": f"{NAME} moved",
                "before": '{"customer_id": "cust_1"}',
                "after": None,
                "previous_hash": "0" * 64,
                "entry_hash": str(number) * 64,
            }
            for number in (1, 2)
        ],
    ),
}
