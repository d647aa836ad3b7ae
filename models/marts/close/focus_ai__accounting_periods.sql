{{ config(enabled=focus_ai.any_cost_source(), materialized='view') }}

with

accounting_periods as (

    select * from {{ ref('int_focus_ai__accounting_periods') }}

),

final as (

    select
        accounting_period,
        accounting_period_start,
        accounting_period_end,
        {{ focus_ai.accounting_date('accounting_period_start') }} as first_day,
        {{ focus_ai.accounting_date(dbt.dateadd('second', -1, 'accounting_period_end')) }} as last_day,
        status as accounting_period_status,
        closed_at,
        closed_by,
        reviewed_by,
        close_reason,
        close_id
    from accounting_periods

)

select * from final
