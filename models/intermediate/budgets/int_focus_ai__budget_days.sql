{{ config(enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('budgets')) }}

{%- set has_calls = focus_ai.input_enabled('observed_calls') %}
{%- set scopes = {
    'customer': 'customer_id', 'agent': 'agent_id', 'cost_center': 'cost_center', 'model': 'model_id',
} %}

with

budgets as (

    select * from {{ ref('int_focus_ai__budgets') }}

),

cost as (

    select
        source_relation,
        {{ focus_ai.period_start('day', 'charge_period_start') }} as day_start,
        currency,
        {{ focus_ai.column_list(scopes.values()) }},
        effective_cost as billed,
        reporting_effective_cost as reporting_billed,
        {{ focus_ai.typed_null('money') }} as estimated,
        0 as unpriced_calls
    from {{ ref('int_focus_ai__cost_in_reporting_currency') }}
    where charge_category <> 'Tax'

),

-- Every bill of the provider is complete up to here.
billed_through as (

    select
        source_relation,
        min(complete_through) as billed_through
    from {{ ref('int_focus_ai__complete_through') }}
    group by source_relation

),

{%- if has_calls %}

unbilled_calls as (

    select
        estimates.provider_source_relation as source_relation,
        estimates.day_start,
        estimates.currency,
        {{ focus_ai.column_list(scopes.values(), 'estimates') }},
        {{ focus_ai.typed_null('money') }} as billed,
        {{ focus_ai.typed_null('money') }} as reporting_billed,
        coalesce(estimates.estimated_cost, 0) as estimated,
        case when estimates.estimated_cost is null then estimates.call_count else 0 end as unpriced_calls
    from {{ ref('focus_ai__estimated_cost') }} as estimates
    left join billed_through
        on estimates.provider_source_relation = billed_through.source_relation
    where estimates.day_start >= billed_through.billed_through or billed_through.billed_through is null

),
{%- endif %}

spend as (

    select * from cost
    {%- if has_calls %}
    union all
    select * from unbilled_calls
    {%- endif %}

),

scoped as (

    {%- for scope, column in scopes.items() %}
    select
        '{{ scope }}' as scope,
        {{ column }} as scope_id,
        source_relation,
        day_start,
        currency,
        billed,
        reporting_billed,
        estimated,
        unpriced_calls
    from spend
    where {{ column }} is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

summed as (

    select
        budgets.budget_id,
        budgets.currency as budget_currency,
        scoped.source_relation,
        scoped.day_start,
        {{ focus_ai.accounting_period_of_day('scoped.day_start') }} as accounting_period_start,
        scoped.currency,
        sum(scoped.billed) as billed,
        case when count(scoped.reporting_billed) = count(scoped.billed) then sum(scoped.reporting_billed) end
            as reporting_billed,
        coalesce(sum(scoped.estimated), 0) as estimated,
        sum(scoped.unpriced_calls) as unpriced_calls
    from scoped
    inner join budgets
        on
            scoped.scope = budgets.scope
            and scoped.scope_id = budgets.scope_id
            and scoped.day_start < budgets.period_end
    group by
        budgets.budget_id,
        budgets.currency,
        scoped.source_relation,
        scoped.day_start,
        scoped.currency

),

-- A month's average rate is known when the month is over. Until then the last known one stands in, so that
-- a budget guards from the first day.
rates as (

    select
        currency,
        rate,
        accounting_period_start as valid_from,
        lead(accounting_period_start) over (partition by currency order by accounting_period_start)
            as valid_until
    from {{ ref('int_focus_ai__reporting_rates') }}

),

rated as (

    select
        summed.*,
        {{ focus_ai.reporting_rate('summed.currency', 'rates.rate') }} as rate,
        {{ focus_ai.reporting_rate('summed.budget_currency', 'budget_rates.rate') }} as budget_rate
    from summed
    left join rates
        on
            summed.currency = rates.currency
            and summed.accounting_period_start >= rates.valid_from
            and coalesce(summed.accounting_period_start < rates.valid_until, true)
    left join rates as budget_rates
        on
            summed.budget_currency = budget_rates.currency
            and summed.accounting_period_start >= budget_rates.valid_from
            and coalesce(summed.accounting_period_start < budget_rates.valid_until, true)

),

in_reporting_currency as (

    select
        *,
        coalesce(
            reporting_billed, {{ focus_ai.in_reporting_currency('billed', 'rate') }}
        ) as rated_billed,
        {{ focus_ai.in_reporting_currency('estimated', 'rate') }} as rated_estimated
    from rated

),

converted as (

    select
        budget_id,
        source_relation,
        day_start,
        {%- for amount in ['billed', 'estimated'] %}
        case
            when coalesce({{ amount }}, 0) = 0 then 0
            when currency = budget_currency then {{ amount }}
            when budget_currency = '{{ focus_ai.reporting_currency() }}' then rated_{{ amount }}
            else {{ focus_ai.divide('rated_' ~ amount, 'budget_rate') }}
        end as {{ amount }}_amount,
        {%- endfor %}
        unpriced_calls
    from in_reporting_currency

),

by_provider as (

    select
        budget_id,
        source_relation,
        day_start,
        {{ focus_ai.known_sum('billed_amount') }} as billed_cost,
        {{ focus_ai.known_sum('estimated_amount') }} as estimated_cost,
        sum(unpriced_calls) as unpriced_calls
    from converted
    group by budget_id, source_relation, day_start

),

-- A day may be billed in part, or by one of a provider's accounts: an estimate fills up what is not billed.
filled_up as (

    select
        *,
        case
            when estimated_cost > billed_cost then estimated_cost - billed_cost
            when estimated_cost <= billed_cost then 0
        end as estimated_unbilled_cost
    from by_provider

),

final as (

    select
        {{ focus_ai.hash_id(['budget_id', focus_ai.utc_text('day_start')]) }} as budget_day_id,
        budget_id,
        day_start,
        {{ focus_ai.known_sum('billed_cost') }} as billed_cost,
        {{ focus_ai.known_sum('estimated_unbilled_cost') }} as estimated_unbilled_cost,
        cast(sum(unpriced_calls) as {{ focus_ai.type_count() }}) as unpriced_call_count
    from filled_up
    group by budget_id, day_start

)

select * from final
