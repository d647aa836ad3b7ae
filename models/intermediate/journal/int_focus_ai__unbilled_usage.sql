{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set has_calls = focus_ai.input_enabled('observed_calls') %}

with

billed_cost as (

    select * from {{ ref('focus_ai__billed_cost') }}

),

complete_through as (

    select * from {{ ref('int_focus_ai__complete_through') }}

),

accounting_periods as (

    select
        accounting_period_start,
        accounting_period_end,
        closed_at
    from {{ ref('int_focus_ai__accounting_periods') }}

),

-- An open period as of now, a closed one as of its close.
metered_usage as (

    select
        *,
        usage_period_start as evaluated_at,
        usage_period_end as evaluated_until
    from {{ ref('int_focus_ai__metered_usage') }}
    where ledger_version = case when known_at is null then 'current' else 'as_closed' end

),

charge_usage as (

    select
        ledger_version,
        source_relation,
        usage_key
    from {{ ref('int_focus_ai__charge_usage') }}
    where is_metered

),

attributions as (

    select * from {{ ref('int_focus_ai__attributions') }}

),

unit_prices as (

    select * from {{ ref('focus_ai__unit_prices') }}

),

reference_classes as (

    select
        token_class,
        max(consumed_unit) as consumed_unit
    from {{ ref('focus_ai_token_classes') }}
    group by token_class

),

{%- if has_calls %}

calls as (

    select * from {{ ref('int_focus_ai__attributed_calls') }}

),
{%- endif %}

accounts as (

    select
        source_relation,
        billing_account_id,
        max(invoice_issuer_name) as invoice_issuer_name,
        max(billing_currency) as billing_currency
    from billed_cost
    group by source_relation, billing_account_id

),

-- A day that was pulled before it ended will still grow.
known_at_close as (

    select
        accounting_periods.accounting_period_start,
        billed_cost.source_relation,
        billed_cost.billing_account_id,
        max(billed_cost.charge_period_end) as covered_until
    from billed_cost
    inner join accounting_periods
        on
            billed_cost.loaded_at <= accounting_periods.closed_at
            and billed_cost.loaded_at >= billed_cost.charge_period_end
    group by
        accounting_periods.accounting_period_start,
        billed_cost.source_relation,
        billed_cost.billing_account_id

),

coverage as (

    select
        accounting_periods.accounting_period_start,
        accounting_periods.accounting_period_end,
        accounting_periods.closed_at,
        accounts.*,
        coalesce(
            case
                when
                    accounting_periods.closed_at is null
                    or known_at_close.covered_until > complete_through.complete_through
                    then complete_through.complete_through
                else known_at_close.covered_until
            end,
            accounting_periods.accounting_period_start
        ) as covered_until
    from accounting_periods
    cross join accounts
    left join complete_through
        on
            accounts.source_relation = complete_through.source_relation
            and accounts.billing_account_id = complete_through.billing_account_id
    left join known_at_close
        on
            accounting_periods.accounting_period_start = known_at_close.accounting_period_start
            and accounts.source_relation = known_at_close.source_relation
            and accounts.billing_account_id = known_at_close.billing_account_id

),

-- Unbilled usage where the bill is complete is a finding of focus_ai__usage_price_reconciliation, no accrual.
unbilled as (

    select
        metered_usage.*,
        metered_usage.usage_key as price_key,
        metered_usage.usage_period_start as priced_at,
        {{ focus_ai.typed_null('text') }} as modality,
        coverage.accounting_period_start,
        coverage.invoice_issuer_name,
        coverage.billing_currency,
        reference_classes.consumed_unit
    from metered_usage
    inner join coverage
        on
            metered_usage.source_relation = coverage.source_relation
            and metered_usage.billing_account_id = coverage.billing_account_id
            and {{ focus_ai.accounting_period_of_day('metered_usage.usage_period_start') }}
            = coverage.accounting_period_start
            and metered_usage.usage_period_start >= coverage.covered_until
    left join charge_usage
        on
            metered_usage.ledger_version = charge_usage.ledger_version
            and metered_usage.source_relation = charge_usage.source_relation
            and metered_usage.usage_key = charge_usage.usage_key
    left join reference_classes
        on metered_usage.token_class = reference_classes.token_class
    where
        charge_usage.usage_key is null
        and metered_usage.token_class <> 'request'
        and metered_usage.quantity > 0

),

contract_prices as (

    {{ focus_ai.unit_price_lookup('contract', 'unbilled') }}

),

list_prices as (

    {{ focus_ai.unit_price_lookup('list', 'unbilled') }}

),

priced as (

    select
        unbilled.accounting_period_start,
        'ProviderUsage' as evidence,
        unbilled.source_relation,
        unbilled.invoice_issuer_name,
        unbilled.billing_account_id,
        unbilled.billing_currency,
        coalesce(attributions.cost_class, 'Unclassified') as cost_class,
        attributions.cost_center,
        unbilled.quantity,
        case
            when contract_prices.price_key is not null
                then {{ focus_ai.multiply(
                    'contract_prices.unit_price',
                    focus_ai.divide('unbilled.quantity', 'contract_prices.pricing_unit_size', 6)
                ) }}
            else {{ focus_ai.multiply(
                'list_prices.unit_price',
                focus_ai.divide('unbilled.quantity', 'list_prices.pricing_unit_size', 6)
            ) }}
        end as estimated_cost
    from unbilled
    left join contract_prices
        on unbilled.price_key = contract_prices.price_key
    left join list_prices
        on unbilled.price_key = list_prices.price_key
    left join attributions
        on {{ focus_ai.attribution_subject_id('unbilled') }} = attributions.subject_id

),

{%- if has_calls %}

metered_days as (

    select distinct
        source_relation,
        {{ focus_ai.period_start('day', 'usage_period_start') }} as usage_day
    from metered_usage

),

-- A gateway does not know the account: only days that no account of the provider is billed or metered for.
source_coverage as (

    select
        accounting_period_start,
        closed_at,
        source_relation,
        max(invoice_issuer_name) as invoice_issuer_name,
        max(covered_until) as covered_until
    from coverage
    group by accounting_period_start, closed_at, source_relation

),

unmetered_calls as (

    select
        source_coverage.accounting_period_start,
        'GatewayCalls' as evidence,
        calls.provider_source_relation as source_relation,
        source_coverage.invoice_issuer_name,
        {{ focus_ai.typed_null('text') }} as billing_account_id,
        calls.estimated_cost_currency as billing_currency,
        coalesce(calls.cost_class, 'Unclassified') as cost_class,
        calls.cost_center,
        1 as quantity,
        calls.estimated_cost
    from calls
    inner join source_coverage
        on
            calls.provider_source_relation = source_coverage.source_relation
            and {{ focus_ai.accounting_period_of_day('calls.called_at') }}
            = source_coverage.accounting_period_start
            and calls.called_at >= source_coverage.covered_until
            and (source_coverage.closed_at is null or calls.loaded_at <= source_coverage.closed_at)
    left join metered_days
        on
            calls.provider_source_relation = metered_days.source_relation
            and {{ focus_ai.period_start('day', 'calls.called_at') }} = metered_days.usage_day
    where
        metered_days.usage_day is null
        and not calls.is_cache_hit

),
{%- endif %}

unioned as (

    select * from priced
    {%- if has_calls %}
    union all
    select * from unmetered_calls
    {%- endif %}

),

final as (

    select
        accounting_period_start,
        evidence,
        source_relation,
        invoice_issuer_name,
        billing_account_id,
        billing_currency,
        cost_class,
        cost_center,
        estimated_cost is not null as is_priced,
        cast(sum(quantity) as {{ focus_ai.type_quantity() }}) as quantity,
        {{ focus_ai.money('sum(estimated_cost)') }} as estimated_cost
    from unioned
    group by
        accounting_period_start,
        evidence,
        source_relation,
        invoice_issuer_name,
        billing_account_id,
        billing_currency,
        cost_class,
        cost_center,
        estimated_cost is not null

)

select * from final
