{{ config(enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('budgets'), materialized='view') }}

with

budgets as (

    select
        *,
        row_number() over (partition by budget_id order by recorded_at desc) as newest_first
    from {{ ref('focus_ai__budgets') }}

),

final as (

    select
        budget_id,
        scope,
        scope_id,
        period_start,
        period_end,
        currency,
        amount,
        warn_at_ratio,
        deny_at_ratio,
        recorded_at
    from budgets
    where newest_first = 1

)

select * from final
