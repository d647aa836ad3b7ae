{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set has_revenue = focus_ai.input_enabled('revenue') %}
{%- set flash_at = dbt.dateadd('day', focus_ai.flash_days(), 'accounting_periods.accounting_period_end') %}
{%- set key = ['measure', 'accounting_period_start', 'source_relation', 'billing_account_id', 'currency'] %}
{%- set amounts = [
    'flash_amount', 'late_amount', 'restated_amount', 'withdrawn_amount', 'final_amount',
] %}

with

billed_cost as (

    select * from {{ ref('focus_ai__billed_cost') }}

),

accounting_periods as (

    select * from {{ ref('int_focus_ai__accounting_periods') }}

),

latest_load as (

    select max(loaded_at) as known_at
    from billed_cost

),

-- The figures of a month that ended: first as known some days after its end, at last as known at its close.
moments as (

    select
        accounting_periods.accounting_period_start,
        accounting_periods.status,
        case
            when accounting_periods.closed_at < {{ flash_at }} then accounting_periods.closed_at
            else {{ flash_at }}
        end as flash_at,
        accounting_periods.closed_at as final_at
    from accounting_periods
    cross join latest_load
    where accounting_periods.accounting_period_end <= latest_load.known_at

),

cells as (

    select
        moments.accounting_period_start,
        billed_cost.source_relation,
        billed_cost.billing_account_id,
        billed_cost.billing_currency as currency,
        billed_cost.charge_key,
        sum(
            case
                when
                    billed_cost.loaded_at <= moments.flash_at
                    and coalesce(billed_cost.superseded_at > moments.flash_at, true)
                    then billed_cost.provider_reported_cost
            end
        ) as flash_amount,
        sum(
            case
                when
                    coalesce(billed_cost.loaded_at <= moments.final_at, true)
                    and (billed_cost.superseded_at is null or billed_cost.superseded_at > moments.final_at)
                    then billed_cost.provider_reported_cost
            end
        ) as final_amount
    from billed_cost
    inner join moments
        on
            {{ focus_ai.accounting_period_of_day('billed_cost.charge_period_start') }}
            = moments.accounting_period_start
    group by
        moments.accounting_period_start,
        billed_cost.source_relation,
        billed_cost.billing_account_id,
        billed_cost.billing_currency,
        billed_cost.charge_key

),

entries as (

    select
        'ProviderReportedCost' as measure,
        accounting_period_start,
        source_relation,
        billing_account_id,
        currency,
        flash_amount,
        case when flash_amount is null then final_amount end as late_amount,
        final_amount - flash_amount as restated_amount,
        case when final_amount is null then -flash_amount end as withdrawn_amount,
        final_amount
    from cells
    {%- if has_revenue %}

    union all

    select
        'Revenue' as measure,
        moments.accounting_period_start,
        revenue.source_relation,
        {{ focus_ai.typed_null('text') }} as billing_account_id,
        revenue.currency,
        case when revenue.booked_at <= moments.flash_at then revenue.amount end as flash_amount,
        case when revenue.booked_at > moments.flash_at then revenue.amount end as late_amount,
        {{ focus_ai.typed_null('money') }} as restated_amount,
        {{ focus_ai.typed_null('money') }} as withdrawn_amount,
        revenue.amount as final_amount
    from {{ ref('int_focus_ai__revenue_by_month') }} as revenue
    inner join moments
        on revenue.service_month = moments.accounting_period_start
    where not revenue.is_prior_period
    {%- endif %}

),

summed as (

    select
        {{ key | join(',\n        ') }},
        {%- for amount in amounts %}
        {{ focus_ai.money('coalesce(sum(' ~ amount ~ '), 0)') }} as {{ amount }},
        {%- endfor %}
        count(*) as entry_count
    from entries
    group by
        {{ key | join(',\n        ') }}

),

final as (

    select
        {{ focus_ai.hash_id([
            'summed.measure', focus_ai.utc_text('summed.accounting_period_start'), 'summed.source_relation',
            'summed.billing_account_id', 'summed.currency',
        ]) }} as flash_id,
        {{ focus_ai.column_list(key, 'summed') }},
        moments.status as accounting_period_status,
        moments.flash_at,
        moments.final_at,
        {{ focus_ai.column_list(amounts, 'summed') }},
        summed.entry_count,
        {{ focus_ai.money('summed.final_amount - summed.flash_amount') }} as difference,
        {{ focus_ai.divide('summed.final_amount - summed.flash_amount', 'summed.flash_amount') }}
            as difference_share
    from summed
    inner join moments
        on summed.accounting_period_start = moments.accounting_period_start

)

select * from final
