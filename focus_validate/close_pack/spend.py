"""What the AI cost was for, who is charged for it, and what nobody can be charged for."""

from __future__ import annotations

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
