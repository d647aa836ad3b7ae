"""What a controller reads beside the close: cost by class, journal, accruals, budgets, restatements."""

from __future__ import annotations

from decimal import Decimal

from focus_validate.close_pack.marts import Value
from focus_validate.close_pack.source import Source
from focus_validate.close_pack.tables import Column, Table, known_sum, ratio

_CLASSES = {
    "CostOfRevenue": "Cost of revenue",
    "ResearchAndDevelopment": "Research and development",
    "SalesAndMarketing": "Sales and marketing",
    "GeneralAndAdministrative": "General and administrative",
}


def cost_by_class(source: Source) -> Table:
    """What the AI cost of the month was for."""
    rows = source.rows(
        """
        select
            cost_class, cost_center, known_sum(ai_cost) as ai_cost,
            known_sum(prior_period_ai_cost) as prior_period_ai_cost,
            known_sum(tax) as tax
        from {focus_ai__cost_by_class_monthly}
        where accounting_period_start = $period
        group by cost_class, cost_center
        order by ai_cost desc nulls first, cost_class, cost_center
        """
    )
    for row in rows:
        row["class"] = _CLASSES.get(str(row["cost_class"]), row["cost_class"])
        row["total"] = known_sum((row["ai_cost"], row["prior_period_ai_cost"], row["tax"]))
    return Table(
        sheet="Cost by class",
        title="Cost by class",
        note="What the AI cost was for. What moves between classes moves gross margin.",
        columns=[
            Column("class", "Class"),
            Column("cost_center", "Cost center"),
            Column("ai_cost", "AI cost", "money", "sum"),
            Column("prior_period_ai_cost", "Corrections of closed months", "money", "sum"),
            Column("tax", "Tax", "money", "sum"),
            Column(
                "total", "EffectiveCost", "money", "sum", formula="{ai_cost}+{prior_period_ai_cost}+{tax}"
            ),
        ],
        rows=rows,
        currency=source.currency,
    )


def chargeback(source: Source) -> Table:
    """What each cost center is charged, and what is shown to nobody."""
    rows = source.rows(
        """
        select
            cost_center, is_chargeable, unassigned_reason, known_sum(charge_count) as charge_count,
            known_sum(reporting_effective_cost) as own,
            known_sum(reporting_prior_period_effective_cost) as corrections
        from {focus_ai__chargeback_monthly}
        where accounting_period_start = $period
        group by cost_center, is_chargeable, unassigned_reason
        order by is_chargeable desc, own desc nulls first, cost_center, unassigned_reason
        """
    )
    for row in rows:
        row["total"] = known_sum((row["own"], row["corrections"]))
    return Table(
        sheet="Chargeback",
        title="Chargeback by cost center",
        note="EffectiveCost of each cost center, tax included. Without a cost center it can be shown, "
        "not charged.",
        columns=[
            Column("cost_center", "Cost center"),
            Column("is_chargeable", "Chargeable", "flag"),
            Column("unassigned_reason", "Why there is none"),
            Column("charge_count", "Charges", "count", "sum"),
            Column("own", "Of the month", "money", "sum"),
            Column("corrections", "Corrections of closed months", "money", "sum"),
            Column("total", "EffectiveCost", "money", "sum", formula="{own}+{corrections}"),
        ],
        rows=rows,
        currency=source.currency,
    )


def restated(source: Source) -> Table:
    """Closed months as reported and as restated since."""
    rows = source.rows(
        """
        select
            periods.first_day as month, known_sum(reported_revenue) as reported_revenue,
            known_sum(revenue_restatement) as revenue_restatement,
            known_sum(reported_ai_cost_of_revenue) as reported_ai_cost_of_revenue,
            known_sum(ai_cost_of_revenue_restatement) as ai_cost_of_revenue_restatement,
            known_sum(reported_gross_margin) as reported_gross_margin,
            known_sum(restated_gross_margin) as restated_gross_margin
        from {focus_ai__restated_monthly} as restated
        inner join {focus_ai__accounting_periods} as periods using (accounting_period_start)
        where accounting_period_start <= $period and restated.accounting_period_status = 'Closed'
        group by month
        order by month
        """
    )
    return Table(
        sheet="Restated",
        title="As reported and as restated",
        note="What closed months reported, and what was posted for them since. What was reported does "
        "not move.",
        columns=[
            Column("month", "Month", "date"),
            Column("reported_revenue", "Revenue, reported", "money"),
            Column("revenue_restatement", "Restated since", "money"),
            Column("reported_ai_cost_of_revenue", "AI cost of revenue, reported", "money"),
            Column("ai_cost_of_revenue_restatement", "Restated since", "money"),
            Column(
                "reported_gross_margin",
                "Gross margin, reported",
                "money",
                formula="{reported_revenue}-{reported_ai_cost_of_revenue}",
            ),
            Column(
                "restated_gross_margin",
                "Gross margin, restated",
                "money",
                formula="{reported_gross_margin}+{revenue_restatement}-{ai_cost_of_revenue_restatement}",
            ),
        ],
        rows=rows,
        currency=source.currency,
        empty="No month is closed.",
    )


def flash(source: Source) -> Table:
    """First figures after the month's end against the close."""
    rows = source.rows(
        """
        select
            measure, source_relation, billing_account_id, currency, flash_amount, late_amount,
            restated_amount, withdrawn_amount, final_amount
        from {focus_ai__flash_vs_final}
        where accounting_period_start = $period
        order by measure, source_relation, billing_account_id, currency
        """
    )
    return Table(
        sheet="Flash and final",
        title="First figures and final ones",
        note="What was known some days after the month's end, what came and changed until the close.",
        columns=[
            Column("measure", "Measure"),
            Column("source_relation", "Source"),
            Column("billing_account_id", "Account", in_page=False),
            Column("currency", "Currency"),
            Column("flash_amount", "First", "money"),
            Column("late_amount", "Came late", "money"),
            Column("restated_amount", "Changed", "money"),
            Column("withdrawn_amount", "Withdrawn", "money"),
            Column(
                "final_amount",
                "Final",
                "money",
                formula="{flash_amount}+{late_amount}+{restated_amount}+{withdrawn_amount}",
            ),
        ],
        rows=rows,
        currency_column="currency",
    )


def accruals(source: Source) -> Table:
    """Accruals of the month and reversals of the month before."""
    rows = source.rows(
        """
        select
            entry_type, cast(posting_date as date) as posting_date, accrual_basis, invoice_issuer_name,
            cost_center, cost_class, billing_currency, amount, null_reason,
            null_reason is not null as is_unpriced
        from {focus_ai__accruals}
        where accounting_period_start = $period
        order by entry_type, accrual_basis, invoice_issuer_name, cost_class, cost_center, billing_currency,
            amount, accrual_entry_id
        """
    )
    return Table(
        sheet="Accruals",
        title="Accruals",
        note="Cost of the month that no invoice covers yet, and the reversal of last month's accruals.",
        columns=[
            Column("entry_type", "Entry"),
            Column("posting_date", "Posted", "date"),
            Column("accrual_basis", "Basis"),
            Column("invoice_issuer_name", "Issuer"),
            Column("cost_class", "Class"),
            Column("cost_center", "Cost center"),
            Column("billing_currency", "Currency"),
            Column("amount", "Amount", "money", "sum"),
            Column("is_unpriced", "Unpriced", "flag", in_page=False),
            Column("null_reason", "Why it is missing", in_page=False),
        ],
        rows=rows,
        currency_column="billing_currency",
        shown=15,
        empty="Nothing is accrued.",
    )


def journal(source: Source) -> Table:
    """The journal of the month by account: debits and credits in units of the currency."""
    rows = source.rows(
        """
        select
            journal_type, entity_id, account_id, cost_center, currency, count(*) as line_count,
            cast(sum(debit_subunits) as decimal(38, 3)) as debits,
            cast(sum(credit_subunits) as decimal(38, 3)) as credits,
            max(subunits_per_unit) as subunits_per_unit
        from {focus_ai__journal_entries}
        where accounting_period_start = $period
        group by all
        order by currency, journal_type, entity_id, account_id, cost_center
        """,
        free=("entity_id",),
    )
    for row in rows:
        units = Decimal(str(row["subunits_per_unit"]))
        row["debit"], row["credit"] = (Decimal(str(row[name])) / units for name in ("debits", "credits"))
    return Table(
        sheet="Journal",
        title="Journal by account",
        note="What goes to the general ledger, summed by account and cost center; focus_ai_export_journal "
        "writes the lines.",
        columns=[
            Column("journal_type", "Document"),
            Column("entity_id", "Entity"),
            Column("account_id", "Account"),
            Column("cost_center", "Cost center"),
            Column("currency", "Currency"),
            Column("line_count", "Lines", "count", "sum", in_page=False),
            Column("debit", "Debit", "money", "sum"),
            Column("credit", "Credit", "money", "sum"),
        ],
        rows=rows,
        currency_column="currency",
        shown=40,
        empty="There is nothing to post.",
    )


def commitments(source: Source) -> Table:
    """Promised minimums: spent, forecast, what will be owed for nothing."""
    rows = source.rows(
        """
        select
            commitment_id, source_relation, currency, cast(period_end as date) as period_end, minimum_amount,
            spent_to_date, forecast_amount, shortfall_amount, commitment_status
        from {focus_ai__minimum_commitment_status}
        where accounting_period_start = $period
        order by commitment_id
        """
    )
    return Table(
        sheet="Commitments",
        title="Minimum commitments",
        note="What was promised to providers, what is spent, and what will be owed for nothing at this pace.",
        columns=[
            Column("commitment_id", "Promise"),
            Column("source_relation", "Source"),
            Column("currency", "Currency"),
            Column("period_end", "Ends before", "date"),
            Column("minimum_amount", "Minimum", "money"),
            Column("spent_to_date", "Spent", "money"),
            Column("forecast_amount", "Forecast", "money"),
            Column("shortfall_amount", "Shortfall", "money"),
            Column("commitment_status", "Status"),
        ],
        rows=rows,
        currency_column="currency",
        empty="No minimum was promised.",
    )


def budgets(source: Source) -> Table:
    """Budgets whose time touches the month, as of the newest data."""
    rows = source.rows(
        """
        select
            scope, scope_id, cast(period_start as date) as period_start,
            cast(period_end as date) as period_end, currency, amount, spent,
            estimated_unbilled_cost, forecast_cost, state, decision
        from {focus_ai__budget_status}
        where period_start < $next and period_end > $period
        order by scope, scope_id, period_start, budget_id
        """
    )
    for row in rows:
        of, name = str(row["scope"]), str(row["scope_id"])
        row["of"] = source.names.customer(name) if of == "customer" else source.names.private(name)
        used = known_sum((row["spent"], row["estimated_unbilled_cost"]))
        row |= {"used": used, "used_share": ratio(used, known_sum([row["amount"]]))}
    return Table(
        sheet="Budgets",
        title="Budgets",
        note="Budgets whose time touches the month, as of the newest data, not of the month's end. Used is "
        "spent and what the gateway saw since the last bill.",
        columns=[
            Column("scope", "Scope"),
            Column("of", "Of"),
            Column("period_start", "From", "date"),
            Column("period_end", "To before", "date"),
            Column("currency", "Currency", in_page=False),
            Column("amount", "Budget", "money"),
            Column("spent", "Spent", "money", in_page=False),
            Column("estimated_unbilled_cost", "Not billed yet", "money", in_page=False),
            Column("used", "Used", "money", formula="{spent}+{estimated_unbilled_cost}"),
            Column("used_share", "Used, %", "share", ratio=("used", "amount")),
            Column("forecast_cost", "Forecast", "money"),
            Column("state", "State"),
            Column("decision", "Gateway"),
        ],
        rows=rows,
        currency_column="currency",
        empty="No budget touches the month.",
    )


def subledger(source: Source) -> Table:
    """Revenue against its subledger."""
    rows = source.rows(
        """
        select
            billing_customer_id, invoice_id, currency, subledger_amount, revenue_amount, difference,
            reconciliation_status, difference_reason
        from {focus_ai__revenue_subledger_reconciliation}
        where accounting_period_start = $period
        order by
            case when reconciliation_status = 'Open' then 0 else 1 end, currency, billing_customer_id,
            invoice_id nulls last
        """,
        private=("billing_customer_id", "invoice_id"),
    )
    return Table(
        sheet="Revenue subledger",
        title="Revenue against its subledger",
        note="What the subledger recognises for a customer's invoice in the month against the revenue above.",
        columns=[
            Column("billing_customer_id", "Customer"),
            Column("invoice_id", "Invoice"),
            Column("currency", "Currency"),
            Column("subledger_amount", "Subledger", "money", "sum"),
            Column("revenue_amount", "Revenue", "money", "sum"),
            Column("difference", "Difference", "money", "sum", formula="{subledger_amount}-{revenue_amount}"),
            Column("reconciliation_status", "Status"),
            Column("difference_reason", "Reason"),
        ],
        rows=rows,
        currency_column="currency",
        shown=10,
        empty="The subledger has nothing in the month.",
    )


def duplicates(source: Source) -> Table:
    """Invoices that look as if they were there twice."""
    rows = source.rows(
        """
        select finding_type, invoice_issuer_name, invoice_id, duplicate_of_invoice_id, currency, amount
        from {focus_ai__duplicate_invoice_findings}
        where accounting_period_start = $period
        order by finding_type, invoice_issuer_name, invoice_id, duplicate_of_invoice_id
        """
    )
    return Table(
        sheet="Duplicate invoices",
        title="Duplicate invoices",
        note="Provider invoices that look as if they were there twice, and what would be paid too much.",
        columns=[
            Column("finding_type", "Finding"),
            Column("invoice_issuer_name", "Issuer"),
            Column("invoice_id", "Invoice"),
            Column("duplicate_of_invoice_id", "Duplicate of"),
            Column("currency", "Currency"),
            Column("amount", "Amount", "money", "sum"),
        ],
        rows=rows,
        currency_column="currency",
        empty="No invoice is there twice.",
    )


def withdrawn(source: Source) -> Table:
    """Closed months whose raw rows are gone, which the month posts as corrections."""
    rows = source.rows(
        """
        select
            evidence, source_relation, cast(corrected_accounting_period_start as date) as corrected_month,
            billing_currency, lost_charge_count, lost_effective_cost, closed_effective_cost, lost_share,
            is_unusual
        from {focus_ai__withdrawn_evidence}
        where accounting_period_start = $period
        order by is_unusual desc, corrected_month, evidence, source_relation, billing_currency
        """
    )
    return Table(
        sheet="Withdrawn evidence",
        title="Withdrawn evidence",
        note="Closed charges whose bill or usage is not in the raw tables any more: taken back by the "
        "provider, or lost. What is lost must not be signed as a credit.",
        columns=[
            Column("evidence", "Evidence"),
            Column("source_relation", "Source"),
            Column("corrected_month", "Closed month", "date"),
            Column("billing_currency", "Currency"),
            Column("lost_charge_count", "Rows", "count", "sum", in_page=False),
            Column("lost_effective_cost", "Gone", "money", "sum"),
            Column("closed_effective_cost", "Of", "money"),
            Column("lost_share", "Share", "share"),
            Column("is_unusual", "Unusual", "flag"),
        ],
        rows=rows,
        currency_column="billing_currency",
        empty="All evidence of closed months is there.",
    )


def differences(source: Source) -> Table:
    """Differences of all reconciliations by class."""
    rows = source.rows(
        """
        select
            reconciliation, difference_class, currency, count(*) as differences, sum(amount) as amount,
            count(*) - count(amount) as unknown
        from {focus_ai__reconciliation_differences}
        where accounting_period_start = $period
        group by all
        order by reconciliation, difference_class, currency
        """
    )
    return Table(
        sheet="Differences",
        title="Differences by class",
        note="Every difference of every reconciliation, summed by class. The reconciliations overlap: add up "
        "within one, never across. Amounts are of the differences that are known.",
        columns=[
            Column("reconciliation", "Reconciliation"),
            Column("difference_class", "Class"),
            Column("currency", "Currency"),
            Column("differences", "Differences", "count"),
            Column("unknown", "Of these unknown", "count"),
            Column("amount", "Amount", "money"),
        ],
        rows=rows,
        currency_column="currency",
        shown=40,
        empty="Nothing differs.",
    )


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
            to_cost_class, from_leftover_reason, to_leftover_reason, charge_count, effective_cost
        from {focus_ai__attribution_drift}
        where accounting_period_start = $period
        order by abs(effective_cost) desc, attribution_drift_id
        """,
        private=("rule_id",),
    )
    for row in rows:
        for side in ("from", "to"):
            customer = source.names.customer(_text(row[f"{side}_customer_id"]))
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
            Column("charge_count", "Charges", "count"),
            Column("billing_currency", "Currency"),
            Column("effective_cost", "EffectiveCost", "money"),
        ],
        rows=rows,
        currency_column="billing_currency",
        shown=10,
        empty="Nothing would be attributed otherwise, or the month is open.",
    )


def _text(value: Value) -> str | None:
    return None if value is None else str(value)
