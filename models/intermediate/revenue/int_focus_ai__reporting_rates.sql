{{ config(enabled=focus_ai.any_cost_source()) }}

with

closed_fx_rates as (

    select * from {{ ref('focus_ai__closed_fx_rates') }}

),

accounting_periods as (

    select
        accounting_period_start,
        closed_at,
        close_id
    from {{ ref('int_focus_ai__accounting_periods') }}

),

{%- if focus_ai.input_enabled('fx_rates') %}

average_rates as (

    select
        {{ focus_ai.accounting_period_of_date('month') }} as accounting_period_start,
        from_currency as currency,
        rate,
        recorded_at
    from {{ ref('focus_ai__fx_rates') }}
    where
        rate_type = 'average'
        and rate > 0
        and to_currency = '{{ focus_ai.reporting_currency() }}'
        and from_currency <> '{{ focus_ai.reporting_currency() }}'

),

-- A closed month keeps the rates that were known at its close (R15).
known_rates as (

    select
        average_rates.accounting_period_start,
        average_rates.currency,
        average_rates.rate,
        row_number() over (
            partition by average_rates.accounting_period_start, average_rates.currency
            order by average_rates.recorded_at desc, average_rates.rate desc
        ) as newest_first
    from average_rates
    left join accounting_periods
        on average_rates.accounting_period_start = accounting_periods.accounting_period_start
    where
        accounting_periods.closed_at is null
        or average_rates.recorded_at <= accounting_periods.closed_at

),

latest_rates as (

    select
        accounting_period_start,
        currency,
        rate
    from known_rates
    where newest_first = 1

),
{%- else %}

latest_rates as (

    select
        accounting_period_start,
        {{ focus_ai.typed_null('text') }} as currency,
        {{ focus_ai.typed_null('price') }} as rate
    from accounting_periods
    where 1 = 0

),
{%- endif %}

-- Frozen rates go before all (R15); another reporting currency was frozen nowhere.
frozen_rates as (

    select
        closed_fx_rates.accounting_period_start,
        closed_fx_rates.currency,
        closed_fx_rates.rate
    from closed_fx_rates
    inner join accounting_periods
        on closed_fx_rates.close_id = accounting_periods.close_id
    where closed_fx_rates.reporting_currency = '{{ focus_ai.reporting_currency() }}'

),

rates as (

    select
        accounting_period_start,
        currency,
        rate
    from frozen_rates

    union all

    select
        latest_rates.accounting_period_start,
        latest_rates.currency,
        latest_rates.rate
    from latest_rates
    left join frozen_rates
        on
            latest_rates.accounting_period_start = frozen_rates.accounting_period_start
            and latest_rates.currency = frozen_rates.currency
    where frozen_rates.accounting_period_start is null

),

final as (

    select
        accounting_period_start,
        currency,
        '{{ focus_ai.reporting_currency() }}' as reporting_currency,
        cast(rate as {{ focus_ai.type_price() }}) as rate
    from rates

)

select * from final
