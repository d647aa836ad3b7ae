"""The close itself: its checklist, who closed and reopened, what was decided otherwise, the log."""

from __future__ import annotations

from decimal import Decimal

from focus_validate.close_pack.marts import Value, as_text
from focus_validate.close_pack.source import Source
from focus_validate.close_pack.tables import Column, Table
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
    "UsagePriceTied": "Bills that differ from usage x price",
}
_BAD_FIRST = ("Failed", "Unknown", "Warning", "NotAvailable", "NothingToCheck", "Passed")


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
    return _BAD_FIRST.index(status) if status in _BAD_FIRST else 0


def _figure(value: Value, unit: Value) -> str:
    if not isinstance(value, Decimal):
        return ""
    return percent(value) if unit == "Share" else number(value, 0)


def closes(source: Source) -> Table:
    """The manifest: closes and reopenings of the month, with the hashes of what they froze."""
    rows = source.rows(
        """
        select
            close_id, version_number, action, closed_at, closed_by, reviewed_by, reason, exceptions,
            package_version, charges_row_count, charges_content_sha256
        from {focus_ai__closes}
        where accounting_period_start = $period
        order by version_number, action
        """,
        free=("reason", "exceptions"),
    )
    return Table(
        sheet="Closes",
        title="Closes and reopenings",
        note="Who closed the month, with which exceptions, and the hash of the frozen charges.",
        columns=[
            Column("close_id", "Close"),
            Column("action", "Action"),
            Column("closed_at", "At", "date"),
            Column("closed_by", "Prepared by"),
            Column("reviewed_by", "Reviewed by"),
            Column("reason", "Reason"),
            Column("exceptions", "Exceptions"),
            Column("charges_row_count", "Frozen charges", "count"),
            Column("charges_content_sha256", "Hash of the charges", in_page=False),
            Column("package_version", "focus_ai", in_page=False),
        ],
        rows=rows,
        empty="The month was not closed by an operation.",
    )


def overrides(source: Source) -> Table:
    """Requests to attribute charges of the month otherwise, what became of them, and the money moved."""
    rows = source.rows(
        """
        select
            request_id, status, status_reason, customer_id, product_line, cost_center, cost_class,
            reason, requested_by, approved_by, billing_currency,
            withdraws_request_id, withdrawal_id, moved_effective_cost, reclassified_effective_cost
        from {focus_ai__attribution_override_status}
        where coalesce(charge_period_from < $next, true) and coalesce(charge_period_to > $period, true)
        order by status, request_id, billing_currency
        """,
        free=("request_id", "product_line", "reason", "withdraws_request_id", "withdrawal_id"),
    )
    return Table(
        sheet="Overrides",
        title="Attribution overrides",
        note="Requests that reach into the month. An approved one moves cost between customers, or takes "
        "back one that did; of closed months only a reclass does.",
        columns=[
            Column("request_id", "Request"),
            Column("status", "Status"),
            Column("status_reason", "Why"),
            Column("customer", "To customer"),
            Column("cost_class", "To class"),
            Column("reason", "Reason"),
            Column("requested_by", "Requested by"),
            Column("approved_by", "Approved by"),
            Column("billing_currency", "Currency"),
            Column("moved_effective_cost", "Moved", "money"),
            Column("reclassified_effective_cost", "Of it reclassified", "money", in_page=False),
            Column("withdraws_request_id", "Withdraws", in_page=False),
            Column("withdrawal_id", "Withdrawn by", in_page=False),
        ],
        rows=rows,
        currency_column="billing_currency",
        empty="Nobody asked to attribute charges otherwise.",
    )


def drift(source: Source) -> Table:
    """What the rules of today would attribute otherwise in a closed month; nothing of it is posted."""
    rows = source.rows(
        """
        select
            cause, rule_id, billing_currency, from_customer_id, to_customer_id, from_cost_class,
            to_cost_class, from_leftover_reason, to_leftover_reason, charge_count, effective_cost, revenue
        from {focus_ai__attribution_drift}
        where accounting_period_start = $period
        order by abs(effective_cost) desc, abs(revenue) desc, attribution_drift_id
        """,
        private=("rule_id",),
    )
    for row in rows:
        for side in ("from", "to"):
            customer = source.names.customer(as_text(row[f"{side}_customer_id"]))
            row[side] = customer or row[f"{side}_leftover_reason"]
    return Table(
        sheet="Drift",
        title="Attribution drift",
        note="What rules of today would attribute otherwise than at the close. Nothing of it is posted.",
        columns=[
            Column("cause", "Cause"),
            Column("rule_id", "Rule or request"),
            Column("from", "From"),
            Column("to", "To"),
            Column("from_cost_class", "From class"),
            Column("to_cost_class", "To class"),
            Column("charge_count", "Charges or lines", "count"),
            Column("billing_currency", "Currency"),
            Column("effective_cost", "EffectiveCost", "money"),
            Column("revenue", "Revenue", "money"),
        ],
        rows=rows,
        currency_column="billing_currency",
        shown=10,
        empty="Nothing would be attributed otherwise, or the month is open.",
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
