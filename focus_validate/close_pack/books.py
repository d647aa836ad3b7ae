"""What is booked, what stands on the balance sheet, and what closed months became."""

from __future__ import annotations

from decimal import Decimal

from focus_validate.close_pack.marts import Value
from focus_validate.close_pack.source import Source
from focus_validate.close_pack.tables import Column, Table, known_sum


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


def _signed(sign: str, amount: Value) -> Decimal | None:
    return None if not isinstance(amount, Decimal) else amount if sign == "+" else -amount


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
