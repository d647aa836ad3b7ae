{{ config(enabled=focus_ai.any_cost_source()) }}

with

accounting_periods as (

    select
        accounting_period_start,
        closed_at
    from {{ ref('int_focus_ai__accounting_periods') }}

),

{%- if focus_ai.input_enabled('fx_rates', ['finance']) %}

average_rates as (

    select
        {{ focus_ai.accounting_period_start('month') }} as accounting_period_start,
        from_currency as currency,
        rate,
        recorded_at
    from {{ ref('focus_ai__fx_rates') }}
    where
        rate_type = 'average'
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

final as (

    select
        accounting_period_start,
        currency,
        '{{ focus_ai.reporting_currency() }}' as reporting_currency,
        cast(rate as {{ focus_ai.type_price() }}) as rate
    from latest_rates

)

select * from final
