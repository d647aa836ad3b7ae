{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set key = ['accounting_period_start', 'cost_class', 'cost_center', 'service_provider_name'] %}

with

cost as (

    select * from {{ ref('int_focus_ai__cost_in_reporting_currency') }}

),

summed as (

    select
        accounting_period_start,
        cost_class,
        coalesce(cost_center, '(none)') as cost_center,
        coalesce(service_provider_name, '(none)') as service_provider_name,
        {{ focus_ai.known_sum(
            'reporting_effective_cost', "charge_category <> 'Tax' and not is_prior_period"
        ) }} as ai_cost,
        {{ focus_ai.known_sum(
            'reporting_effective_cost', "charge_category <> 'Tax' and is_prior_period"
        ) }} as prior_period_ai_cost,
        {{ focus_ai.known_sum('reporting_effective_cost', "charge_category = 'Tax'") }} as tax,
        {{ focus_ai.known_sum('reporting_cost_of_revenue') }} as cost_of_revenue,
        sum(case when not is_prior_period then request_count end) as request_count
    from cost
    group by
        accounting_period_start,
        cost_class,
        coalesce(cost_center, '(none)'),
        coalesce(service_provider_name, '(none)')

),

month_totals as (

    select
        accounting_period_start,
        {{ focus_ai.known_sum('ai_cost') }} as ai_cost
    from summed
    group by accounting_period_start

),

final as (

    select
        {{ focus_ai.hash_id([
            focus_ai.utc_text('summed.accounting_period_start'), 'summed.cost_class', 'summed.cost_center',
            'summed.service_provider_name',
        ]) }} as cost_by_class_id,
        {{ focus_ai.column_list(key, 'summed') }},
        '{{ focus_ai.reporting_currency() }}' as reporting_currency,
        summed.ai_cost,
        case
            when month_totals.ai_cost > 0
                then {{ focus_ai.divide('summed.ai_cost', 'month_totals.ai_cost') }}
        end as ai_cost_share,
        summed.prior_period_ai_cost,
        summed.tax,
        summed.cost_of_revenue,
        cast(summed.request_count as {{ focus_ai.type_count() }}) as request_count,
        case when summed.ai_cost + summed.prior_period_ai_cost + summed.tax is null then 'MissingRate' end
            as cost_null_reason
    from summed
    inner join month_totals
        on summed.accounting_period_start = month_totals.accounting_period_start

)

select * from final
