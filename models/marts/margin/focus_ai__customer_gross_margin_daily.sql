{{ config(enabled=focus_ai.any_cost_source()) }}


with

entries as (

    select * from {{ ref('int_focus_ai__margin_entries') }}

),

accounting_periods as (

    select
        accounting_period_start,
        accounting_period_end,
        closed_at
    from {{ ref('int_focus_ai__accounting_periods') }}

),

bills as (

    select min(complete_through) as complete_through
    from {{ ref('int_focus_ai__complete_through') }}

),

summed as (

    select
        accounting_period_start,
        day_start,
        customer_id,
        product_line,
        {{ focus_ai.margin_sums('reporting_amount', focus_ai.margin_measures()) }},
        sum(case when measure = 'estimated_ai_cost' then 1 else 0 end) as estimate_count
    from entries
    group by accounting_period_start, day_start, customer_id, product_line

),

reasoned as (

    select
        summed.*,
        case
            when
                accounting_periods.closed_at is null
                and not coalesce(
                    bills.complete_through >= least(
                        {{ dbt.dateadd('day', 1, 'summed.day_start') }},
                        {{ focus_ai.bills_until('accounting_periods.accounting_period_end') }}
                    ),
                    false
                )
                then 'BillIncomplete'
            when summed.revenue is null then '{{ focus_ai.no_revenue_reason() }}'
            when summed.ai_cost_of_revenue is null then 'MissingRate'
        end as gross_margin_null_reason
    from summed
    cross join bills
    left join accounting_periods
        on summed.accounting_period_start = accounting_periods.accounting_period_start

),

final as (

    select
        {{ focus_ai.hash_id([
            focus_ai.utc_text('accounting_period_start'), focus_ai.utc_text('day_start'), 'customer_id', 'product_line'
        ]) }} as margin_daily_id,
        accounting_period_start,
        day_start,
        customer_id,
        product_line,
        '{{ focus_ai.reporting_currency() }}' as reporting_currency,
        revenue,
        ai_cost_of_revenue,
        case
            when gross_margin_null_reason is null then {{ focus_ai.money('revenue - ai_cost_of_revenue') }}
        end as gross_margin,
        other_cost_of_revenue,
        case when estimate_count > 0 then estimated_ai_cost end as estimated_ai_cost,
        prior_period_revenue,
        prior_period_ai_cost,
        unclassified_ai_cost,
        operating_ai_cost,
        prior_period_other_ai_cost,
        prior_period_other_cost_of_revenue,
        excluded_tax,
        gross_margin_null_reason
    from reasoned

)

select * from final
