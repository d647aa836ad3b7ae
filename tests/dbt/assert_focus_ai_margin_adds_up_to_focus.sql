{{ config(enabled=focus_ai.any_cost_source(), tags=['focus_ai_conservation']) }}

{#- The margin lines of a month add up to its FOCUS total; a month in which a rate is missing has none. -#}

with

focus_totals as (

    select
        accounting_period_start,
        sum(reporting_effective_cost) as total_cost
    from {{ ref('int_focus_ai__cost_in_reporting_currency') }}
    group by accounting_period_start
    having count(*) = count(reporting_effective_cost)

),

margin_totals as (

    select
        accounting_period_start,
        sum(
            ai_cost_of_revenue + prior_period_ai_cost + unclassified_ai_cost + operating_ai_cost
            + prior_period_other_ai_cost + excluded_tax
        ) as total_cost
    from {{ ref('focus_ai__customer_gross_margin_monthly') }}
    group by accounting_period_start

)

select
    focus_totals.accounting_period_start,
    focus_totals.total_cost,
    margin_totals.total_cost as margin_total_cost
from focus_totals
left join margin_totals
    on focus_totals.accounting_period_start = margin_totals.accounting_period_start
where focus_totals.total_cost <> coalesce(margin_totals.total_cost, 0)
