{{ config(
    enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('revenue'),
    tags=['focus_ai_conservation'],
) }}

{#- No revenue is lost or doubled on its way to the margin lines, in each currency and month with lines. -#}

with

margin_lines as (

    select * from {{ ref('focus_ai__customer_gross_margin_detail') }}

),

posted as (

    select
        accounting_period_start,
        currency,
        sum(amount) as revenue
    from {{ ref('int_focus_ai__revenue_by_month') }}
    where accounting_period_start in (select margin_lines.accounting_period_start from margin_lines)
    group by accounting_period_start, currency

),

margins as (

    select
        accounting_period_start,
        currency,
        sum(revenue + prior_period_revenue) as revenue
    from margin_lines
    group by accounting_period_start, currency

)

select
    coalesce(posted.accounting_period_start, margins.accounting_period_start) as accounting_period_start,
    coalesce(posted.currency, margins.currency) as currency,
    posted.revenue,
    margins.revenue as margin_revenue
from posted
full outer join margins
    on
        posted.accounting_period_start = margins.accounting_period_start
        and posted.currency = margins.currency
where coalesce(posted.revenue, 0) <> coalesce(margins.revenue, 0)
