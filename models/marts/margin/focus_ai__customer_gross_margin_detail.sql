{{ config(enabled=focus_ai.any_cost_source()) }}

with

entries as (

    select * from {{ ref('int_focus_ai__margin_entries') }}

),

final as (

    select
        {{ focus_ai.hash_id([
            focus_ai.utc_text('accounting_period_start'), 'customer_id', 'product_line', 'currency'
        ]) }} as margin_detail_id,
        accounting_period_start,
        customer_id,
        product_line,
        currency,
        max(reporting_rate) as reporting_rate,
        sum(case when measure = 'estimated_ai_cost' then 1 else 0 end) as estimate_count,
        {{ focus_ai.margin_sums('amount', focus_ai.margin_measures()) }},
        {{ focus_ai.margin_sums('reporting_amount', focus_ai.margin_measures(), 'reporting_') }}
    from entries
    group by accounting_period_start, customer_id, product_line, currency

)

select * from final
