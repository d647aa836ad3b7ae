"""What a controller reads before signing: the checklist, and what the checks rest on."""

from __future__ import annotations

from decimal import Decimal

from focus_validate.close_pack.marts import Value
from focus_validate.close_pack.source import Source
from focus_validate.close_pack.tables import Column, Table, known_sum
from focus_validate.close_pack.words import number, percent

_CHECKS = {
    "UsageConserved": "Sums between the bill and FOCUS that differ",
    "InvoicedCostTied": "Accounts whose invoices differ from BilledCost",
    "InvoiceLinesTied": "Invoice lines that differ from BilledCost",
    "ChargesMatched": "Charges on no invoice line, or on several",
    "InvoicesReceived": "Charges that await their invoice",
    "BillsComplete": "Accounts whose bills do not cover the month",
    "EvidenceKept": "Closed months whose raw rows are gone",
    "CostConverted": "Costs without an exchange rate",
    "RevenueConverted": "Revenue without an exchange rate",
    "LedgerTied": "Ledger invoices that differ from BilledCost",
    "RevenueTied": "Revenue invoices that differ from the subledger",
    "NoDuplicateInvoices": "Invoices that look as if they were there twice",
    "AccrualsPriced": "Accruals of usage without a price",
    "JournalMapped": "Journal lines without an account",
    "MinimumsMet": "Promised minimums that ended short",
    "RulesSound": "Attribution rules with a defect",
    "ReviewedBySomeoneElse": "Closes that nobody else reviewed",
    "UsageAttributed": "Usage cost that nobody can be charged for",
    "UsagePriced": "Usage cost without a list price",
}
BAD_FIRST = ("Failed", "Unknown", "Warning", "NotAvailable", "NothingToCheck", "Passed")


def checklist(source: Source) -> Table:
    """The checks of the month, those that fail first."""
    rows = source.rows(
        """
        select
            accounting_period_status, check_name, check_status, figure, figure_unit, figure_limit, closed_by,
            reviewed_by, check_prepared_by, check_reviewed_by, check_note, evidence_query
        from {focus_ai__close_checklist} where accounting_period_start = $period order by check_name
        """,
        free=("check_note",),
    )
    for row in rows:
        name = str(row["check_name"])
        row["question"] = _CHECKS.get(name, name)
        row["figure_text"] = _figure(row["figure"], row["figure_unit"])
        row["limit_text"] = _figure(row["figure_limit"], row["figure_unit"])
        row["unit"] = {"Share": "share of cost", "Rows": "rows"}.get(
            str(row["figure_unit"]), row["figure_unit"]
        )
    rows.sort(key=lambda row: _place(str(row["check_status"])))
    return Table(
        sheet="Checklist",
        title="Close checklist",
        note="Failed: the month should not be closed. Warning: somebody should look. Figures are as of now.",
        columns=[
            Column("check_name", "Check"),
            Column("question", "What it counts"),
            Column("check_status", "Status"),
            Column("figure", "Figure", "number", in_page=False),
            Column("figure_limit", "Limit", "number", in_page=False),
            Column("unit", "Unit", in_page=False),
            Column("figure_text", "Figure", "figure", in_sheet=False),
            Column("limit_text", "Limit", "figure", in_sheet=False),
            Column("check_prepared_by", "Prepared by"),
            Column("check_reviewed_by", "Reviewed by"),
            Column("check_note", "Note"),
            Column("evidence_query", "Query that lists what is behind the figure", in_page=False),
        ],
        rows=rows,
        shown=100,
    )


def _place(status: str) -> int:
    return BAD_FIRST.index(status) if status in BAD_FIRST else 0


def _figure(value: Value, unit: Value) -> str:
    if not isinstance(value, Decimal):
        return ""
    return percent(value) if unit == "Share" else number(value, 0)


def invoices(source: Source) -> Table:
    """Invoice lines against the charges on them."""
    rows = source.rows(
        """
        select
            invoice_issuer_name, invoice_id, invoice_line_id, line_description, charge_category,
            invoice_status, billing_currency, line_amount, matched_billed_cost, rounding_cost,
            remaining_difference, reconciliation_status, difference_reason
        from {focus_ai__invoice_reconciliation}
        where accounting_period_start = $period
        order by
            case when reconciliation_status = 'Open' then 0 else 1 end,
            invoice_issuer_name, invoice_id, invoice_line_id
        """,
        free=("line_description",),
    )
    return Table(
        sheet="Invoices",
        title="Invoices against cost",
        note="Each invoice line, the BilledCost of the rows on it, the rounding row, and what remains.",
        columns=[
            Column("invoice_issuer_name", "Issuer"),
            Column("invoice_id", "Invoice"),
            Column("invoice_line_id", "Line", in_page=False),
            Column("line_description", "Description"),
            Column("charge_category", "Category", in_page=False),
            Column("invoice_status", "Invoice status", in_page=False),
            Column("billing_currency", "Currency"),
            Column("line_amount", "Line", "money", "sum"),
            Column("matched_billed_cost", "BilledCost", "money", "sum"),
            Column("rounding_cost", "Rounding", "money", "sum"),
            Column(
                "remaining_difference",
                "Remains",
                "money",
                "sum",
                formula='IF({invoice_status}="Voided",0,{line_amount}-{matched_billed_cost}-{rounding_cost})',
            ),
            Column("reconciliation_status", "Status"),
            Column("difference_reason", "Reason"),
        ],
        rows=rows,
        currency_column="billing_currency",
        empty="No invoice line falls in the month.",
    )


def conservation(source: Source) -> Table:
    """The equalities of conservation of the month, account by account."""
    rows = source.rows(
        """
        select
            check_name, source_relation, billing_account_id, invoice_issuer_name, billing_currency,
            evidence_amount, focus_amount, difference, check_status
        from {focus_ai__conservation_checks}
        where noon_of_last_day(billing_period_start) >= $period
            and noon_of_last_day(billing_period_start) < $next
        order by check_name, source_relation, billing_account_id, invoice_issuer_name, billing_currency
        """
    )
    return Table(
        sheet="Conservation",
        title="Conservation of money",
        note="What the evidence says against what the FOCUS rows say, to the last decimal, by account and "
        "billing period.",
        columns=[
            Column("check_name", "Equality"),
            Column("source_relation", "Source"),
            Column("billing_account_id", "Account", in_page=False),
            Column("invoice_issuer_name", "Issuer"),
            Column("billing_currency", "Currency"),
            Column("evidence_amount", "Evidence", "money"),
            Column("focus_amount", "FOCUS", "money"),
            Column("difference", "Difference", "money", formula="{evidence_amount}-{focus_amount}"),
            Column("check_status", "Status"),
        ],
        rows=rows,
        currency_column="billing_currency",
        shown=50,
    )


def unmatched(source: Source) -> Table:
    """Charges on no invoice line or on several, summed by account and reason."""
    rows = source.rows(
        """
        select
            match_status, match_reason, is_awaiting_invoice, invoice_issuer_name, billing_account_id,
            billing_currency, charge_category, count(*) as findings, known_sum(row_count) as row_count,
            known_sum(billed_cost) as billed_cost
        from {focus_ai__invoice_match_findings}
        where noon_of_last_day(billing_period_start) >= $period
            and noon_of_last_day(billing_period_start) < $next
        group by all
        order by is_awaiting_invoice, match_status, match_reason, invoice_issuer_name, billing_account_id,
            billing_currency, charge_category
        """
    )
    return Table(
        sheet="Unmatched charges",
        title="Charges on no invoice line, or on several",
        note="Findings of the matching, summed by account and reason. Awaiting: the account's invoice is not "
        "there yet.",
        columns=[
            Column("match_status", "Match"),
            Column("match_reason", "Reason"),
            Column("is_awaiting_invoice", "Awaiting", "flag"),
            Column("invoice_issuer_name", "Issuer"),
            Column("billing_account_id", "Account", in_page=False),
            Column("charge_category", "Category"),
            Column("billing_currency", "Currency"),
            Column("findings", "Findings", "count", "sum"),
            Column("row_count", "Rows", "count", "sum"),
            Column("billed_cost", "BilledCost", "money", "sum"),
        ],
        rows=rows,
        currency_column="billing_currency",
        empty="Every charge stands on one invoice line.",
    )


def ledger(source: Source) -> Table:
    """General ledger against BilledCost, invoice by invoice."""
    rows = source.rows(
        """
        select
            vendor, invoice_id, currency, ledger_entry_count, ledger_amount, billed_cost, difference,
            reconciliation_status, difference_reason
        from {focus_ai__general_ledger_reconciliation}
        where accounting_period_start = $period
        order by
            case when reconciliation_status = 'Open' then 0 else 1 end,
            vendor, currency, invoice_id nulls last
        """
    )
    return Table(
        sheet="General ledger",
        title="General ledger against cost",
        note="What the ledger books for an invoice in the month against the BilledCost that it carries.",
        columns=[
            Column("vendor", "Vendor"),
            Column("invoice_id", "Invoice"),
            Column("currency", "Currency"),
            Column("ledger_entry_count", "Entries", "count", in_page=False),
            Column("ledger_amount", "Ledger", "money", "sum"),
            Column("billed_cost", "BilledCost", "money", "sum"),
            Column("difference", "Difference", "money", "sum", formula="{ledger_amount}-{billed_cost}"),
            Column("reconciliation_status", "Status"),
            Column("difference_reason", "Reason"),
        ],
        rows=rows,
        currency_column="currency",
        empty="The ledger and the cost have nothing in the month.",
    )


def usage_price(source: Source) -> Table:
    """Usage times price against the bill, summed by reason."""
    rows = source.rows(
        """
        select
            source_relation, billing_currency as currency, difference_reason,
            known_sum(cell_count) as cell_count,
            known_sum(provider_reported_cost) as provider_reported_cost,
            known_sum(expected_cost) as expected_cost,
            known_sum(difference) as difference
        from {focus_ai__usage_price_reconciliation}
        where accounting_period_start = $period
        group by all
        order by source_relation, currency, difference_reason
        """
    )
    return Table(
        sheet="Usage x price",
        title="Usage times price against the bill",
        note="The provider's own usage at the price of the price table against the cost that it reports, by "
        "reason of the difference. Nothing of it enters a FOCUS row.",
        columns=[
            Column("source_relation", "Source"),
            Column("currency", "Currency"),
            Column("difference_reason", "Reason"),
            Column("cell_count", "Cells of the bill", "count"),
            Column("provider_reported_cost", "Bill", "money"),
            Column("expected_cost", "Usage x price", "money"),
            Column("difference", "Difference", "money"),
        ],
        rows=rows,
        currency_column="currency",
    )


def prepaid(source: Source) -> Table:
    """The roll-forward of prepaid credits at cost."""
    moves = ("bought", "drawn", "expired")
    rows = source.rows(
        """
        select
            source_relation, grant_id, billing_currency, opening_cost, bought_cost, drawn_cost, expired_cost,
            corrected_bought_cost, corrected_drawn_cost, corrected_expired_cost, closing_cost
        from {focus_ai__prepaid_roll_forward} where accounting_period_start = $period
        order by source_relation, purchased_at, grant_id
        """
    )
    signs = {"bought": "+", "drawn": "-", "expired": "-"}
    movement, correction = (
        "".join(f"{signs[move]}{{{prefix}{move}_cost}}" for move in moves) for prefix in ("", "corrected_")
    )
    for row in rows:
        row["corrected"] = known_sum(_signed(signs[move], row[f"corrected_{move}_cost"]) for move in moves)
    return Table(
        sheet="Prepaid credits",
        title="Prepaid credits",
        note="Opening + bought - drawn - expired = closing, at cost; corrections of closed months count the "
        "same way. The closing cost stands on the balance sheet.",
        columns=[
            Column("source_relation", "Source"),
            Column("grant_id", "Grant"),
            Column("billing_currency", "Currency"),
            Column("opening_cost", "Opening", "money", "sum"),
            Column("bought_cost", "Bought", "money", "sum"),
            Column("drawn_cost", "Drawn", "money", "sum"),
            Column("expired_cost", "Expired", "money", "sum"),
            *(
                Column(f"corrected_{move}_cost", f"Corrected: {move}", "money", "sum", in_page=False)
                for move in moves
            ),
            Column("corrected", "Corrected", "money", "sum", formula=correction),
            Column(
                "closing_cost",
                "Closing",
                "money",
                "sum",
                formula="{opening_cost}" + movement + "+{corrected}",
            ),
        ],
        rows=rows,
        currency_column="billing_currency",
        empty="No prepaid credits.",
    )


def rule_findings(source: Source) -> Table:
    """Defects of attribution rules in force in the month."""
    rows = source.rows(
        """
        select
            finding_type, rule_id, other_rule_id, match_type, match_value, window_start, window_end, remedy
        from {focus_ai__attribution_rule_findings}
        where
            coalesce(window_start < $next, true) and coalesce(window_end > $period, true)
            and coalesce(match_type, '') <> 'Override'
        order by finding_type, rule_id, other_rule_id, window_start
        """,
        private=("rule_id", "other_rule_id", "match_value"),
    )
    return Table(
        sheet="Rule findings",
        title="Attribution rules to mend",
        note="Rules that overlap, leave gaps, name nobody or match nothing.",
        columns=[
            Column("finding_type", "Finding"),
            Column("rule_id", "Rule"),
            Column("other_rule_id", "Other rule"),
            Column("match_type", "Match"),
            Column("match_value", "Value"),
            Column("window_start", "From", "date"),
            Column("window_end", "To", "date"),
            Column("remedy", "What would mend it"),
        ],
        rows=rows,
        empty="No rule has a defect.",
    )


def _signed(sign: str, amount: Value) -> Decimal | None:
    return None if not isinstance(amount, Decimal) else amount if sign == "+" else -amount


_REASONS = {
    "NoCustomer": "No customer named",
    "NoCredential": "No API key on the bill",
    "NoAttributionRule": "No rule matches",
    "InvoiceLevelCharge": "On the invoice as a whole",
    "UnusedCommitment": "Credits expired unused",
}


def unattributed(source: Source) -> Table:
    """What nobody can be charged for, and what would mend it; tax and corrections included."""
    rows = source.rows(
        """
        select
            unattributed_reason, charge_category, source_relation, sub_account_id, credential_id,
            is_prior_period, request_count, reporting_effective_cost, remedy
        from {focus_ai__unattributed_spend} where accounting_period_start = $period
        order by
            abs(reporting_effective_cost) desc nulls first, unattributed_reason, source_relation,
            sub_account_id, credential_id, charge_category, is_prior_period, currency, billing_account_id
        """,
        private=("sub_account_id", "credential_id"),
    )
    for row in rows:
        row["reason"] = _REASONS.get(str(row["unattributed_reason"]), row["unattributed_reason"])
    return Table(
        sheet="Unattributed",
        title="Unattributed spend",
        note="Cost that nobody can be charged for, by reason, with what would attribute it.",
        columns=[
            Column("reason", "Reason"),
            Column("charge_category", "Category"),
            Column("source_relation", "Source"),
            Column("sub_account_id", "Project"),
            Column("credential_id", "API key"),
            Column("is_prior_period", "Correction", "flag", in_page=False),
            Column("request_count", "Requests", "count", in_page=False),
            Column("reporting_effective_cost", "EffectiveCost", "money", "sum"),
            Column("remedy", "What would attribute it"),
        ],
        rows=rows,
        currency=source.currency,
        shown=15,
        empty="Everything was attributed.",
    )


def audit_entries(source: Source) -> Table:
    """The entries of the audit log since the month began, the newest last."""
    rows = source.rows(
        """
        select
            sequence_number, recorded_at, action, subject, actor, approved_by, before, after, entry_hash
        from {focus_ai__audit_log}
        where recorded_at >= strftime(cast($period as timestamp), '%Y-%m-%dT%H:%M:%SZ')
        order by sequence_number
        """,
        free=("subject", "before", "after"),
    )
    return Table(
        sheet="Audit log",
        title="Audit log",
        note="What was recorded since the month began: overrides, approvals, price changes, closes, "
        "reopenings, corrections.",
        columns=[
            Column("sequence_number", "No.", "count"),
            Column("recorded_at", "Recorded"),
            Column("action", "Action"),
            Column("subject", "Subject"),
            Column("actor", "By"),
            Column("approved_by", "Approved by"),
            Column("before", "Before", in_page=False),
            Column("after", "After", in_page=False),
            Column("entry_hash", "Hash", in_page=False),
        ],
        rows=rows,
        empty="Nothing was recorded.",
    )


def audit_head(source: Source) -> tuple[int, str] | None:
    """Number and hash of the last entry: kept elsewhere, they show later that nothing was cut off the log."""
    rows = source.rows(
        "select sequence_number, entry_hash from {focus_ai__audit_log} order by sequence_number desc limit 1"
    )
    return (int(str(rows[0]["sequence_number"])), str(rows[0]["entry_hash"])) if rows else None
