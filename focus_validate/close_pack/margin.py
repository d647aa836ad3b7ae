"""Gross margin of the month: by customer and line, its trend, why it moved, who is at risk."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby

from focus_validate.close_pack.marts import Row
from focus_validate.close_pack.source import Source
from focus_validate.close_pack.tables import Column, Table, known_sum, ratio

MARGIN_SHARE = ("gross_margin", "revenue")
_SUMMED = (
    "revenue",
    "ai_cost_of_revenue",
    "gross_margin",
    "other_cost_of_revenue",
    "gross_margin_after_other",
)
MONTHS_OF_TREND = 13
MOVERS = 10

# Costs of a margin line beside ai_cost_of_revenue; all together they are the EffectiveCost that it bears.
_OTHER_COST = {
    "prior_period_ai_cost": "AI cost of closed months, corrected",
    "unclassified_ai_cost": "AI cost without a class",
    "operating_ai_cost": "AI cost of other classes",
    "prior_period_other_ai_cost": "Other cost of closed months, corrected",
    "excluded_tax": "Tax to reclaim",
}
_EFFECTS = {
    "request_volume_effect": "Request volume",
    "price_effect": "Price",
    "tokens_per_request_effect": "Tokens per request",
    "model_mix_effect": "Model mix",
    "cache_share_effect": "Cache share",
    "cost_rate_effect": "Cost per token",
    "other_cost_effect": "Other cost",
    "new_customer_effect": "New customers",
    "lost_customer_effect": "Lost customers",
    "new_product_line_effect": "New product lines",
    "ended_product_line_effect": "Ended product lines",
}


def effects(source: Source) -> dict[str, str]:
    """The parts of the bridge, as the mart has them, in words."""
    columns = [name for name in source.marts.columns("focus_ai__margin_bridge") if name.endswith("_effect")]
    order = [*(name for name in _EFFECTS if name in columns), *(n for n in columns if n not in _EFFECTS)]
    return {
        name: _EFFECTS.get(name) or name.removesuffix("_effect").replace("_", " ").capitalize()
        for name in order
    }


def margin_lines(source: Source) -> Table:
    """Every margin line of the month: customer and product line, all measures, coverage."""
    rows = source.rows(
        """
        select
            customer_id, customer_name, product_line, revenue, ai_cost_of_revenue, gross_margin,
            prior_period_revenue, prior_period_ai_cost, unclassified_ai_cost, operating_ai_cost,
            prior_period_other_ai_cost, excluded_tax, other_cost_of_revenue, gross_margin_after_other,
            request_count, revenue_per_1000_requests,
            break_even_price_per_1000_requests, priced_share,
            coalesce(gross_margin_null_reason, ai_cost_null_reason) as null_reason
        from {focus_ai__customer_gross_margin_monthly} where accounting_period_start = $period
        order by customer_name, customer_id, product_line
        """,
        free=("product_line",),
    )
    for row in rows:
        parts = [row["ai_cost_of_revenue"], *(row[name] for name in _OTHER_COST)]
        row["effective_cost"] = known_sum(parts)
        row["gross_margin_share"] = ratio(*_decimals(row, MARGIN_SHARE))
    return Table(
        sheet="Margin lines",
        title="Margin lines",
        note="Every customer and product line. All costs of a line are the EffectiveCost that it bears; "
        "corrections of closed months and tax stand apart and are in no margin.",
        columns=[
            Column("customer", "Customer"),
            Column("product_line", "Product line"),
            Column("revenue", "Revenue", "money", "sum"),
            Column("ai_cost_of_revenue", "AI cost of revenue", "money", "sum"),
            Column("gross_margin", "Gross margin", "money", "sum", formula="{revenue}-{ai_cost_of_revenue}"),
            Column("gross_margin_share", "Gross margin, %", "share", ratio=MARGIN_SHARE),
            *_after_other(rows),
            Column("prior_period_revenue", "Revenue of closed months, corrected", "money", "sum"),
            *(Column(name, title, "money", "sum") for name, title in _OTHER_COST.items()),
            Column(
                "effective_cost",
                "EffectiveCost",
                "money",
                "sum",
                formula="+".join(f"{{{name}}}" for name in ("ai_cost_of_revenue", *_OTHER_COST)),
            ),
            Column("request_count", "Requests", "count"),
            Column("revenue_per_1000_requests", "Revenue per 1,000 requests", "money"),
            Column("break_even_price_per_1000_requests", "Break-even price per 1,000 requests", "money"),
            Column("priced_share", "With a list price", "share"),
            Column("null_reason", "Why a figure is missing"),
        ],
        rows=rows,
        currency=source.currency,
        shown=0,
    )


def margin_by_customer(source: Source) -> Table:
    """One row a customer, product lines together, beside the month before; the largest loss first."""
    sql = """
        select
            accounting_period_start, customer_id, customer_name, customer_segment, is_internal, revenue,
            ai_cost_of_revenue, gross_margin, other_cost_of_revenue, gross_margin_after_other,
            gross_margin_null_reason
        from {focus_ai__customer_gross_margin_monthly}
        where accounting_period_start in ($period, $previous)
        order by customer_id, accounting_period_start, product_line
    """
    lines = source.rows(sql)
    is_first = all(_is_of(source, line) for line in lines)
    rows = [
        _customer(source, list(of), is_first)
        for _, of in groupby(lines, key=lambda line: line["customer_id"])
    ]
    rows.sort(key=lambda row: (row["gross_margin"] is None, row["gross_margin"] or 0, row["customer"]))
    return Table(
        sheet="Margin by customer",
        title="Gross margin by customer",
        note=f"Revenue less AI cost of revenue in {source.period.words}, the largest loss first, "
        f"beside {source.period.previous_words}.",
        columns=[
            Column("customer", "Customer"),
            Column("segment", "Segment"),
            Column("revenue", "Revenue", "money", "sum"),
            Column("ai_cost_of_revenue", "AI cost of revenue", "money", "sum"),
            Column("gross_margin", "Gross margin", "money", "sum", formula="{revenue}-{ai_cost_of_revenue}"),
            Column("gross_margin_share", "Gross margin, %", "share", ratio=MARGIN_SHARE),
            *_after_other(rows),
            Column("previous_gross_margin", "Gross margin, month before", "money", "sum"),
            Column("change", "Change", "money", "sum", formula="{gross_margin}-{previous_gross_margin}"),
            Column("null_reason", "Why a figure is missing", in_page=False),
        ],
        rows=rows,
        currency=source.currency,
    )


def _after_other(rows: list[Row]) -> list[Column]:
    """Other cost of revenue and the margin after it, where finance entered any."""
    if all(row["other_cost_of_revenue"] is None for row in rows):
        return []
    return [
        Column("other_cost_of_revenue", "Other cost of revenue", "money", "sum"),
        Column(
            "gross_margin_after_other",
            "Gross margin after other cost",
            "money",
            "sum",
            formula="{gross_margin}-{other_cost_of_revenue}",
        ),
    ]


def _customer(source: Source, lines: list[Row], is_first: bool) -> Row:
    now = [line for line in lines if _is_of(source, line)]
    before = [line for line in lines if not _is_of(source, line)]
    last = lines[-1]
    totals = {name: known_sum(line[name] for line in now) for name in _SUMMED}
    previous = None if is_first else known_sum(line["gross_margin"] for line in before)
    reasons = (line["gross_margin_null_reason"] for line in now if line["gross_margin_null_reason"])
    return {
        "customer": last["customer"],
        "segment": "internal" if last["is_internal"] else last["customer_segment"],
        "is_external": not last["is_internal"] and not str(last["customer_id"]).startswith("("),
        **totals,
        "gross_margin_share": ratio(totals["gross_margin"], totals["revenue"]),
        "previous_gross_margin": previous,
        "change": known_sum((totals["gross_margin"], None if previous is None else -previous)),
        "null_reason": next(reasons, None),
    }


def _is_of(source: Source, row: Row) -> bool:
    return row["accounting_period_start"] == source.period.begins


def trend(source: Source) -> Table:
    """Revenue, cost and margin of the last months up to this one."""
    rows = source.rows(
        """
        select
            periods.accounting_period,
            periods.first_day as month,
            known_sum(revenue) as revenue,
            known_sum(ai_cost_of_revenue) as ai_cost_of_revenue,
            known_sum(gross_margin) as gross_margin,
            known_sum(prior_period_revenue) as prior_period_revenue,
            known_sum(prior_period_ai_cost) as prior_period_ai_cost,
            min(attributed_share) as attributed_share,
            cast(min(complete_through) - interval 1 day as date) as complete_through,
            bool_and(is_month_closed) as is_month_closed
        from {focus_ai__customer_gross_margin_monthly}
        inner join {focus_ai__accounting_periods} as periods using (accounting_period_start)
        where accounting_period_start <= $period
        group by accounting_period_start, periods.accounting_period, periods.first_day
        order by accounting_period_start desc
        """
    )[:MONTHS_OF_TREND][::-1]
    for row in rows:
        row["gross_margin_share"] = ratio(*_decimals(row, MARGIN_SHARE))
    return Table(
        sheet="Trend",
        title="Trend",
        note="All customers by month. A margin is missing until the bills cover the month.",
        columns=[
            Column("month", "Month", "date"),
            Column("revenue", "Revenue", "money"),
            Column("ai_cost_of_revenue", "AI cost of revenue", "money"),
            Column("gross_margin", "Gross margin", "money", formula="{revenue}-{ai_cost_of_revenue}"),
            Column("gross_margin_share", "Gross margin, %", "share", ratio=MARGIN_SHARE),
            Column("prior_period_revenue", "Revenue of closed months, corrected", "money"),
            Column("prior_period_ai_cost", "AI cost of closed months, corrected", "money"),
            Column("attributed_share", "Usage cost attributed", "share"),
            Column("complete_through", "Bills complete through", "date"),
            Column("is_month_closed", "Closed", "flag"),
        ],
        rows=rows,
        currency=source.currency,
    )


def bridge(source: Source) -> Table:
    """The change of gross margin against the month before, line by line, in parts that add up to it."""
    parts = effects(source)
    rows = source.rows(
        """
        select * from {focus_ai__margin_bridge} where accounting_period_start = $period
        order by gross_margin_change nulls first, customer_name, customer_id, product_line
        """,
        free=("product_line",),
    )
    return Table(
        sheet="Bridge",
        title="Margin bridge",
        note=f"Why gross margin moved from {source.period.previous_words} to {source.period.words}: the "
        "parts of a line add up to its change. Corrections of closed months are in neither month.",
        columns=[
            Column("customer", "Customer"),
            Column("product_line", "Product line"),
            Column("line_status", "Line"),
            Column("previous_gross_margin", "Gross margin, month before", "money", "sum"),
            *(Column(name, title, "money", "sum") for name, title in parts.items()),
            Column(
                "gross_margin_change",
                "Change",
                "money",
                "sum",
                formula="+".join(f"{{{name}}}" for name in parts),
            ),
            Column(
                "gross_margin",
                "Gross margin",
                "money",
                "sum",
                formula="{previous_gross_margin}+{gross_margin_change}",
            ),
            Column("null_reason", "Why there is no bridge"),
        ],
        rows=rows,
        currency=source.currency,
        shown=0,
    )


def bridge_parts(source: Source, lines: Table) -> Table:
    """The bridge of all customers together, a row a part."""
    parts: list[Row] = [
        {"part": title, "amount": known_sum(row[name] for row in lines.rows)}
        for name, title in effects(source).items()
    ]
    return Table(
        sheet="Bridge parts",
        title="What moved gross margin",
        note=f"All customers together, from {source.period.previous_words} to {source.period.words}. "
        "What two drivers do together counts in the later one.",
        columns=[Column("part", "Driver"), Column("amount", "Effect on gross margin", "money", "sum")],
        rows=[part for part in parts if part["amount"] != 0],
        currency=source.currency,
        empty="Nothing moved.",
    )


def movers(source: Source, customers: Table, lines: Table) -> Table:
    """The customers whose margin moved most, and the part that moved it most."""
    moved = [row for row in customers.rows if row["change"]]
    moved.sort(key=lambda row: (-abs(_decimal(row["change"])), str(row["customer"])))
    names = effects(source)
    rows: list[Row] = []
    for row in moved[:MOVERS]:
        of = [line for line in lines.rows if line["customer"] == row["customer"]]
        drivers = [(known_sum(line[name] for line in of), title) for name, title in names.items()]
        known = [(amount, title) for amount, title in drivers if amount]
        amount, title = max(known, key=lambda driver: abs(driver[0]), default=(None, None))
        rows.append({**row, "driver": title, "driver_amount": amount})
    return Table(
        sheet="Top movers",
        title="Top movers",
        note=f"The {MOVERS} customers whose gross margin changed most, and the largest driver behind it.",
        columns=[
            Column("customer", "Customer"),
            Column("previous_gross_margin", "Gross margin, month before", "money"),
            Column("gross_margin", "Gross margin", "money"),
            Column("change", "Change", "money", formula="{gross_margin}-{previous_gross_margin}"),
            Column("driver", "Main driver"),
            Column("driver_amount", "Its effect", "money"),
        ],
        rows=rows,
        currency=source.currency,
        empty="No margin moved, or the month before is not known.",
    )


_RISKS = {
    "NegativeMargin": "Gross margin below zero",
    "FallingMargin": "Gross margin percent falling",
    "RevenueConcentration": "Large share of all revenue",
    "CostConcentration": "Large share of all AI cost",
    "Unknown": "Margin unknown",
}


def at_risk(source: Source) -> Table:
    """Customers that endanger the margin, with the figure that says so."""
    rows = source.rows(
        """
        select
            customer_id, customer_name, risk_type, revenue, ai_cost_of_revenue, gross_margin, revenue_share,
            cost_share, revenue_per_1000_requests, break_even_price_per_1000_requests
        from {focus_ai__customers_at_risk} where accounting_period_start = $period
        order by risk_type, gross_margin, customer_id
        """
    )
    for row in rows:
        row["risk"] = _RISKS.get(str(row["risk_type"]), row["risk_type"])
        row["gross_margin_share"] = ratio(*_decimals(row, MARGIN_SHARE))
    return Table(
        sheet="At risk",
        title="Customers at risk",
        note="Negative or falling margins, and customers on whom much depends.",
        columns=[
            Column("risk", "Risk"),
            Column("customer", "Customer"),
            Column("revenue", "Revenue", "money"),
            Column("ai_cost_of_revenue", "AI cost of revenue", "money"),
            Column("gross_margin", "Gross margin", "money", formula="{revenue}-{ai_cost_of_revenue}"),
            Column("gross_margin_share", "Gross margin, %", "share", ratio=MARGIN_SHARE),
            Column("revenue_per_1000_requests", "Revenue per 1,000 requests", "money"),
            Column("break_even_price_per_1000_requests", "Break-even price per 1,000 requests", "money"),
            Column("revenue_share", "Share of revenue", "share"),
            Column("cost_share", "Share of AI cost", "share"),
        ],
        rows=rows,
        currency=source.currency,
        empty="No customer is at risk.",
    )


def _decimals(row: Row, names: Iterable[str]) -> list[Decimal | None]:
    return [None if row[name] is None else _decimal(row[name]) for name in names]


def _decimal(value: object) -> Decimal:
    assert isinstance(value, Decimal)
    return value
