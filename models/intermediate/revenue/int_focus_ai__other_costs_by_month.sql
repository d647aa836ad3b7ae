{{ config(enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('other_costs')) }}

with

other_costs as (

    select * from {{ ref('focus_ai__other_costs') }}

),

accounting_periods as (

    select * from {{ ref('int_focus_ai__accounting_periods') }}

),

reporting_rates as (

    select * from {{ ref('int_focus_ai__reporting_rates') }}

),

hashed as (

    select
        *,
        accounting_period_start as service_month,
        recorded_at as booked_at,
        {{ focus_ai.hash_id([
            'source_relation', 'other_cost_id', focus_ai.utc_text('accounting_period_start'), 'customer_id',
            'product_line', 'cost_type', 'currency', focus_ai.decimal_text('amount'), focus_ai.utc_text('recorded_at'),
        ]) }} as entry_hash
    from other_costs

),

numbered as (

    select
        *,
        entry_hash || ':' || {{ focus_ai.count_text(
            'row_number() over (partition by entry_hash order by entry_hash)'
        ) }} as other_cost_key
    from hashed

),

-- What was recorded after the close of its month is posted in the first later month that was open then (R11).
booked_after_close as (

    {{- focus_ai.booked_after_close('numbered', ['other_cost_key']) }}

),

posted as (

    select
        numbered.other_cost_key,
        numbered.source_relation,
        numbered.service_month,
        coalesce(booked_after_close.accounting_period_start, numbered.service_month)
            as accounting_period_start,
        booked_after_close.accounting_period_start is not null as is_prior_period,
        numbered.customer_id,
        numbered.product_line,
        numbered.cost_type,
        numbered.currency,
        numbered.amount
    from numbered
    left join booked_after_close
        on numbered.other_cost_key = booked_after_close.other_cost_key

),

rated as (

    select
        posted.*,
        {{ focus_ai.reporting_rate('posted.currency', 'reporting_rates.rate') }} as reporting_rate
    from posted
    left join reporting_rates
        on
            posted.accounting_period_start = reporting_rates.accounting_period_start
            and posted.currency = reporting_rates.currency

),

final as (

    select
        other_cost_key,
        source_relation,
        service_month,
        accounting_period_start,
        is_prior_period,
        customer_id,
        product_line,
        cost_type,
        currency,
        amount,
        reporting_rate,
        {{ focus_ai.in_reporting_currency('amount', 'reporting_rate') }} as reporting_amount
    from rated

)

select * from final
