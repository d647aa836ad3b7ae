"""Does it tie: the bills to FOCUS, FOCUS to invoices and the ledgers, usage to its price."""

from __future__ import annotations

from focus_validate.close_pack.source import Source
from focus_validate.close_pack.tables import Column, Table


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
