{{ config(enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('observed_calls', ['litellm'])) }}

{%- set bucket = [
    'source_relation', 'provider_source_relation', 'credential_id', 'model_id', 'processing_tier', 'customer_id',
    'product_line', 'agent_id', 'workflow_id', 'cost_class', 'gateway_currency',
] %}
{%- set token_columns = ['uncached_input_tokens', 'cache_read_tokens', 'cache_write_tokens', 'output_tokens'] %}
{#- A gateway does not say how long a cache write is kept: 5 minutes is the provider's default. -#}
{%- set token_classes = {
    'uncached_input_tokens': ['uncached_input'],
    'cache_read_tokens': ['cache_read'],
    'cache_write_tokens': ['cache_write', 'cache_write_5m'],
    'output_tokens': ['output'],
} %}

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
        cost_class,
        estimated_cost_currency as gateway_currency,
        {{ focus_ai.period_start('day', 'called_at') }} as day_start,
        estimated_cost,
        {%- for column in token_columns %}
        case when is_cache_hit then 0 else {{ column }} end as {{ column }}
        {{- ',' if not loop.last }}
        {%- endfor %}
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

bucket_tokens as (

    {%- for column, classes in token_classes.items() %}
    select
        estimated_cost_id,
        day_start,
        provider_source_relation,
        model_id,
        processing_tier,
        '{{ column }}' as token_column,
        {{ column }} as quantity
    from buckets
    where {{ column }} > 0
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

list_prices as (

    select
        source_relation,
        model_id,
        processing_tier,
        case
            {%- for column, classes in token_classes.items() %}
            when token_class in ('{{ classes | join("', '") }}') then '{{ column }}'
            {%- endfor %}
        end as token_column,
        currency,
        unit_price,
        pricing_unit_size,
        effective_from,
        effective_to
    from unit_prices
    where price_kind = 'list'

),

-- Priced at the start of the day, like the charges of the bill.
priced_tokens as (

    select
        bucket_tokens.estimated_cost_id,
        list_prices.currency,
        {{ focus_ai.multiply(
            'list_prices.unit_price',
            focus_ai.divide('bucket_tokens.quantity', 'list_prices.pricing_unit_size')
        ) }} as cost,
        row_number() over (
            partition by bucket_tokens.estimated_cost_id, bucket_tokens.token_column
            order by list_prices.effective_from desc, list_prices.unit_price desc, list_prices.currency
        ) as newest_first
    from bucket_tokens
    left join list_prices
        on
            bucket_tokens.provider_source_relation = list_prices.source_relation
            and bucket_tokens.model_id = list_prices.model_id
            and bucket_tokens.processing_tier = list_prices.processing_tier
            and bucket_tokens.token_column = list_prices.token_column
            and bucket_tokens.day_start >= list_prices.effective_from
            and (list_prices.effective_to is null or bucket_tokens.day_start < list_prices.effective_to)

),

list_estimates as (

    select
        estimated_cost_id,
        max(currency) as list_currency,
        {{ focus_ai.known_sum('cost') }} as list_price_estimated_cost
    from priced_tokens
    where newest_first = 1
    group by estimated_cost_id

),

-- The gateway priced each call as it happened; the price list fills in where it gave no price.
estimates as (

    select
        buckets.*,
        {{ focus_ai.accounting_period_start('buckets.day_start') }} as accounting_period_start,
        list_estimates.list_price_estimated_cost,
        coalesce(buckets.gateway_estimated_cost, list_estimates.list_price_estimated_cost) as estimated_cost,
        case
            when buckets.gateway_estimated_cost is not null then buckets.gateway_currency
            else list_estimates.list_currency
        end as currency,
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
        {{ focus_ai.multiply('estimated_cost', 'reporting_rate') }} as reporting_estimated_cost,
        case
            when estimated_cost is null then 'Unpriced'
            when reporting_rate is null then 'MissingRate'
        end as null_reason
    from rated

)

select * from final
