{{ config(enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('observed_calls')) }}

{%- set bucket = [
    'source_relation', 'provider_source_relation', 'credential_id', 'model_id', 'processing_tier', 'customer_id',
    'product_line', 'agent_id', 'workflow_id', 'cost_center', 'cost_class', 'currency',
] %}
{#- A gateway does not say how long a cache write is kept: 5 minutes is the provider's default. -#}
{%- set token_classes = {
    'uncached_input_tokens': ['uncached_input'],
    'cache_read_tokens': ['cache_read'],
    'cache_write_tokens': ['cache_write', 'cache_write_5m'],
    'output_tokens': ['output'],
} %}
{%- set token_columns = token_classes.keys() | list %}

with

calls as (

    select * from {{ ref('int_focus_ai__attributed_calls') }}

),

unit_prices as (

    select * from {{ ref('focus_ai__unit_prices') }}

),

reporting_rates as (

    select * from {{ ref('int_focus_ai__reporting_rates') }}

),

-- An answer from the gateway's own cache used no tokens of the provider.
usage as (

    select
        source_relation,
        provider_source_relation,
        credential_id,
        model_id,
        processing_tier,
        customer_id,
        product_line,
        agent_id,
        workflow_id,
        cost_center,
        cost_class,
        estimated_cost_currency as currency,
        {{ focus_ai.period_start('day', 'called_at') }} as day_start,
        {%- for column in token_columns %}
        case when is_cache_hit then 0 else {{ column }} end as {{ column }},
        {%- endfor %}
        estimated_cost
    from calls

),

buckets as (

    select
        {{ focus_ai.hash_id([focus_ai.utc_text('day_start')] + bucket) }} as estimated_cost_id,
        day_start,
        {{ bucket | join(',\n        ') }},
        count(*) as call_count,
        {%- for column in token_columns %}
        sum({{ column }}) as {{ column }},
        {%- endfor %}
        case when count(estimated_cost) = count(*) then sum(estimated_cost) end as gateway_estimated_cost
    from usage
    group by day_start, {{ bucket | join(', ') }}

),

-- One row per token class that may have a price; of the cache writes, whichever the provider's list names.
price_keys as (

    {%- for column, classes in token_classes.items() %}
    {%- set outer_last = loop.last %}
    {%- for token_class in classes %}
    select
        estimated_cost_id || ':{{ token_class }}' as price_key,
        estimated_cost_id,
        '{{ column }}' as token_column,
        {{ column }} as quantity,
        provider_source_relation as source_relation,
        {{ focus_ai.typed_null('text') }} as billing_account_id,
        model_id,
        '{{ token_class }}' as token_class,
        processing_tier,
        {{ focus_ai.typed_null('text') }} as context_window,
        {{ focus_ai.typed_null('text') }} as modality,
        currency as billing_currency,
        'Tokens' as consumed_unit,
        day_start as priced_at,
        {{ focus_ai.typed_null('timestamp') }} as known_at
    from buckets
    where {{ column }} > 0
    {{ 'union all' if not (outer_last and loop.last) }}
    {%- endfor %}
    {%- endfor %}

),

list_prices as (

    {{ focus_ai.unit_price_lookup('list', 'price_keys') | indent(4) }}

),

priced_tokens as (

    select
        price_keys.estimated_cost_id,
        price_keys.token_column,
        max({{ focus_ai.multiply(
            'list_prices.unit_price',
            focus_ai.divide('price_keys.quantity', 'list_prices.pricing_unit_size', 12)
        ) }}) as token_cost
    from price_keys
    left join list_prices
        on price_keys.price_key = list_prices.price_key
    group by price_keys.estimated_cost_id, price_keys.token_column

),

list_estimates as (

    select
        estimated_cost_id,
        {{ focus_ai.known_sum('token_cost') }} as list_price_estimated_cost
    from priced_tokens
    group by estimated_cost_id

),

-- The gateway priced each call as it happened; the price list fills in where it gave no price.
estimates as (

    select
        buckets.*,
        {{ focus_ai.accounting_period_of_day('buckets.day_start') }} as accounting_period_start,
        list_estimates.list_price_estimated_cost,
        coalesce(buckets.gateway_estimated_cost, list_estimates.list_price_estimated_cost) as estimated_cost,
        case
            when buckets.gateway_estimated_cost is not null then 'Gateway'
            when list_estimates.list_price_estimated_cost is not null then 'PriceList'
        end as estimate_basis
    from buckets
    left join list_estimates
        on buckets.estimated_cost_id = list_estimates.estimated_cost_id

),

rated as (

    select
        estimates.*,
        {{ focus_ai.reporting_rate('estimates.currency', 'reporting_rates.rate') }} as reporting_rate
    from estimates
    left join reporting_rates
        on
            estimates.accounting_period_start = reporting_rates.accounting_period_start
            and estimates.currency = reporting_rates.currency

),

final as (

    select
        estimated_cost_id,
        day_start,
        accounting_period_start,
        source_relation,
        provider_source_relation,
        credential_id,
        model_id,
        processing_tier,
        customer_id,
        product_line,
        agent_id,
        workflow_id,
        cost_center,
        cost_class,
        cast(call_count as {{ focus_ai.type_count() }}) as call_count,
        {%- for column in token_columns %}
        cast({{ column }} as {{ focus_ai.type_count() }}) as {{ column }},
        {%- endfor %}
        currency,
        estimated_cost,
        estimate_basis,
        {{ focus_ai.money('gateway_estimated_cost') }} as gateway_estimated_cost,
        list_price_estimated_cost,
        reporting_rate,
        {{ focus_ai.in_reporting_currency('estimated_cost', 'reporting_rate') }} as reporting_estimated_cost,
        case
            when estimated_cost is null then 'Unpriced'
            when reporting_rate is null and estimated_cost <> 0 then 'MissingRate'
        end as null_reason
    from rated

)

select * from final
