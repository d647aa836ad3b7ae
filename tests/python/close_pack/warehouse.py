"""A small warehouse with the marts of focus_ai: three customers, two months, two currencies."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

SCHEMA = "main_focus_ai"
MONEY = "decimal(38, 12)"
NAME = "Kestrel Logistics"
CUSTOMERS = {"cust_1": NAME, "cust_2": "Wren Studio", "cust_3": "Alder & Birch"}
PROJECT = "proj_kestrel"
REQUIRED = "focus_ai__customer_gross_margin_monthly"

MARGIN = f"""
    accounting_period_start timestamp, customer_id varchar, customer_name varchar, customer_segment varchar,
    is_internal boolean, product_line varchar, reporting_currency varchar, revenue {MONEY},
    ai_cost_of_revenue {MONEY}, gross_margin {MONEY}, prior_period_revenue {MONEY},
    prior_period_ai_cost {MONEY}, unclassified_ai_cost {MONEY}, operating_ai_cost {MONEY},
    prior_period_other_ai_cost {MONEY},
    excluded_tax {MONEY}, request_count bigint, revenue_per_1000_requests {MONEY},
    break_even_price_per_1000_requests {MONEY}, attributed_share {MONEY}, priced_share {MONEY},
    complete_through timestamp, is_month_closed boolean, ai_cost_null_reason varchar,
    gross_margin_null_reason varchar
"""
BRIDGE = f"""
    accounting_period_start timestamp, customer_id varchar, customer_name varchar, product_line varchar,
    line_status varchar, previous_gross_margin {MONEY}, gross_margin {MONEY}, gross_margin_change {MONEY},
    request_volume_effect {MONEY}, price_effect {MONEY}, model_mix_effect {MONEY},
    new_customer_effect {MONEY}, null_reason varchar
"""
RISK = f"""
    accounting_period_start timestamp, customer_id varchar, customer_name varchar, risk_type varchar,
    revenue {MONEY}, ai_cost_of_revenue {MONEY}, gross_margin {MONEY}, revenue_share {MONEY},
    cost_share {MONEY}, revenue_per_1000_requests {MONEY}, break_even_price_per_1000_requests {MONEY}
"""
CHECKS = f"""
    accounting_period_start timestamp, accounting_period_status varchar, check_name varchar,
    check_status varchar, figure {MONEY}, figure_unit varchar, figure_limit {MONEY}, closed_by varchar,
    reviewed_by varchar, evidence_query varchar
"""
CONSERVATION = f"""
    check_name varchar, source_relation varchar, billing_account_id varchar, invoice_issuer_name varchar,
    billing_currency varchar, billing_period_start timestamp, evidence_amount {MONEY}, focus_amount {MONEY},
    difference {MONEY}, check_status varchar
"""
INVOICES = f"""
    accounting_period_start timestamp, invoice_issuer_name varchar, invoice_id varchar,
    invoice_line_id varchar, line_description varchar, charge_category varchar, invoice_status varchar,
    billing_currency varchar,
    line_amount {MONEY}, matched_billed_cost {MONEY}, rounding_cost {MONEY}, remaining_difference {MONEY},
    reconciliation_status varchar, difference_reason varchar
"""
UNMATCHED = f"""
    billing_period_start timestamp, match_status varchar, match_reason varchar, is_awaiting_invoice boolean,
    invoice_issuer_name varchar, billing_account_id varchar, billing_currency varchar,
    charge_category varchar, row_count bigint, billed_cost {MONEY}
"""
LEDGER = f"""
    accounting_period_start timestamp, vendor varchar, invoice_id varchar, currency varchar,
    ledger_entry_count bigint, ledger_amount {MONEY}, billed_cost {MONEY}, difference {MONEY},
    reconciliation_status varchar, difference_reason varchar
"""
USAGE_PRICE = f"""
    accounting_period_start timestamp, source_relation varchar, billing_currency varchar,
    difference_reason varchar, cell_count bigint, provider_reported_cost {MONEY}, expected_cost {MONEY},
    difference {MONEY}
"""
PREPAID = f"""
    accounting_period_start timestamp, source_relation varchar, grant_id varchar, billing_currency varchar,
    purchased_at timestamp, opening_cost {MONEY}, bought_cost {MONEY}, drawn_cost {MONEY},
    expired_cost {MONEY}, corrected_bought_cost {MONEY}, corrected_drawn_cost {MONEY},
    corrected_expired_cost {MONEY},
    closing_cost {MONEY}
"""
RULES = """
    finding_type varchar, rule_id varchar, other_rule_id varchar, match_type varchar, match_value varchar,
    window_start timestamp, window_end timestamp, remedy varchar
"""
UNATTRIBUTED = f"""
    accounting_period_start timestamp, source_relation varchar, billing_account_id varchar,
    sub_account_id varchar, credential_id varchar, unattributed_reason varchar, charge_category varchar,
    is_prior_period boolean, request_count bigint, currency varchar, reporting_effective_cost {MONEY},
    remedy varchar
"""
AUDIT = """
    sequence_number bigint, recorded_at varchar, action varchar, actor varchar, approved_by varchar,
    subject varchar, before varchar, after varchar, previous_hash varchar, entry_hash varchar
"""

AUGUST, SEPTEMBER, OCTOBER = "2026-08-01", "2026-09-01", "2026-10-01"


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
        **dict.fromkeys(
            (
                "prior_period_revenue",
                "prior_period_ai_cost",
                "operating_ai_cost",
                "prior_period_other_ai_cost",
            ),
            "0",
        ),
        "unclassified_ai_cost": "0",
        "excluded_tax": "0",
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
        "evidence_query": f"select * from somewhere where check_name = '{name}'",
    }


MARTS: dict[str, tuple[str, list[dict[str, object]]]] = {
    REQUIRED: (
        MARGIN,
        [
            _margin(AUGUST, "cust_1", "docs", "900", "100.1", gross_margin="799.9"),
            _margin(AUGUST, "cust_2", "docs", "0", "18.94", gross_margin="-18.94"),
            _margin(AUGUST, "(unattributed)", "(none)", "0", "4", gross_margin="-4"),
            _margin(SEPTEMBER, "cust_1", "docs", "890", "979.874031500001", gross_margin="-89.874031500001"),
            _margin(SEPTEMBER, "cust_1", "code", "10.5", "0.000000000001", gross_margin="10.499999999999"),
            _margin(SEPTEMBER, "cust_2", "docs", "0", "18.67", gross_margin="-18.67"),
            _margin(SEPTEMBER, "cust_3", "docs", "500.25", "120.005", gross_margin="380.245"),
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
        BRIDGE,
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
        RISK,
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
        CHECKS,
        [
            _check("UsageConserved"),
            _check("InvoicedCostTied"),
            _check("InvoiceLinesTied", "Failed", "1"),
            _check("ChargesMatched", "Failed", "2"),
            _check("InvoicesReceived"),
            _check("LedgerTied", "Warning", "1"),
            _check("RulesSound", "Warning", "1"),
            _check("UsageAttributed", "Passed", "0.02", "Share"),
        ],
    ),
    "focus_ai__conservation_checks": (
        CONSERVATION,
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
        INVOICES,
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
        UNMATCHED,
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
        LEDGER,
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
        USAGE_PRICE,
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
        PREPAID,
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
        RULES,
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
        UNATTRIBUTED,
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
    "focus_ai__audit_log": (
        AUDIT,
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


def build(
    path: Path, *, without: Iterable[str] = (), change: dict[str, list[dict[str, Any]]] | None = None
) -> Path:
    """Write the marts into a DuckDB file: all but some, some with other rows."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"create schema {SCHEMA}; create schema {SCHEMA}_ledger")
        for mart, (columns, rows) in MARTS.items():
            if mart not in without:
                schema = f"{SCHEMA}_ledger" if mart == "focus_ai__audit_log" else SCHEMA
                _fill(connection, f"{schema}.{mart}", columns, (change or {}).get(mart, rows))
    return path


def _fill(
    connection: duckdb.DuckDBPyConnection, table: str, columns: str, rows: list[dict[str, Any]]
) -> None:
    connection.execute(f"create table {table} ({columns})")
    for row in rows:
        names = ", ".join(row)
        marks = ", ".join("?" * len(row))
        connection.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))


def renamed(names: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    """The rows of every mart with other names of customers."""
    return {
        mart: [
            row | {"customer_name": names.get(str(row["customer_id"]), row["customer_name"])}
            if "customer_id" in row
            else row
            for row in rows
        ]
        for mart, (_, rows) in MARTS.items()
    }
