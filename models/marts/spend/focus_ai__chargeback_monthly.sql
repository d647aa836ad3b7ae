{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set key = [
    'accounting_period_start', 'cost_center', 'unassigned_reason', 'product_line', 'service_provider_name',
    'cost_class', 'charge_category', 'currency',
] %}
{%- set amounts = ['effective_cost', 'reporting_effective_cost'] %}

with

cost as (

    select * from {{ ref('int_focus_ai__cost_in_reporting_currency') }}

),

cost_and_usage as (

    select
        "x_ChargeId" as charge_id,
        "x_CostCenter" as cost_center
    from {{ ref('focus_ai__cost_and_usage') }}

),

accounting_periods as (

    select
        accounting_period_start,
        status
    from {{ ref('int_focus_ai__accounting_periods') }}

),

charges as (

    select
        cost.accounting_period_start,
        cost_and_usage.cost_center,
        case
            when cost_and_usage.cost_center is null then coalesce(cost.unattributed_reason, 'NoCostCenter')
        end as unassigned_reason,
        {{ focus_ai.margin_product_line('cost.product_line') }} as product_line,
        cost.service_provider_name,
        cost.cost_class,
        cost.charge_category,
        cost.currency,
        cost.is_prior_period,
        cost.effective_cost,
        cost.reporting_effective_cost,
        cost.request_count
    from cost
    inner join cost_and_usage
        on cost.charge_id = cost_and_usage.charge_id

),

summed as (

    select
        {{ key | join(',\n        ') }},
        count(*) as charge_count,
        {%- for amount in amounts %}
        {{ focus_ai.known_sum(amount, 'not is_prior_period') }} as {{ amount }},
        {{ focus_ai.known_sum(amount, 'is_prior_period') }} as prior_period_{{ amount }},
        {%- endfor %}
        sum(case when not is_prior_period then request_count end) as request_count
    from charges
    group by
        {{ key | join(',\n        ') }}

),

final as (

    select
        {{ focus_ai.hash_id([
            focus_ai.utc_text('summed.accounting_period_start'), 'summed.cost_center',
            'summed.unassigned_reason', 'summed.product_line', 'summed.service_provider_name',
            'summed.cost_class', 'summed.charge_category', 'summed.currency',
        ]) }} as chargeback_id,
        summed.accounting_period_start,
        coalesce(accounting_periods.status, 'Open') as accounting_period_status,
        coalesce(summed.cost_center, '(none)') as cost_center,
        summed.cost_center is not null as is_chargeable,
        summed.unassigned_reason,
        summed.product_line,
        summed.service_provider_name,
        summed.cost_class,
        summed.charge_category,
        summed.currency,
        summed.charge_count,
        summed.effective_cost,
        summed.prior_period_effective_cost,
        '{{ focus_ai.reporting_currency() }}' as reporting_currency,
        summed.reporting_effective_cost,
        summed.prior_period_reporting_effective_cost as reporting_prior_period_effective_cost,
        cast(summed.request_count as {{ focus_ai.type_count() }}) as request_count,
        case
            when summed.reporting_effective_cost + summed.prior_period_reporting_effective_cost is null
                then 'MissingRate'
        end as null_reason
    from summed
    left join accounting_periods
        on summed.accounting_period_start = accounting_periods.accounting_period_start

)

select * from final
