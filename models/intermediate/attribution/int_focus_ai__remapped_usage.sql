{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set has_calls = focus_ai.input_enabled('observed_calls') %}
{%- set attribution_columns = focus_ai.attribution_columns().keys() | list %}
{%- set call_columns = attribution_columns | reject('in', ['credential_id', 'principal_id']) | list %}
{%- set bucket_columns = [
    'source_relation', 'credential_id', 'model_id', 'processing_tier', 'usage_period_start', 'usage_period_end',
] %}
{%- set targets = [
    'customer_id', 'product_line', 'agent_id', 'workflow_id', 'cost_center', 'cost_class', 'attribution_rule_id',
    'leftover_reason',
] %}
{#- What a call says of itself goes before what a rule says. -#}
{%- set of_the_call = ['agent_id', 'workflow_id', 'cost_center'] %}
{%- set meters = {
    'uncached_input': 'uncached_input_tokens',
    'cache_read': 'cache_read_tokens',
    'cache_write': 'cache_write_tokens',
    'output': 'output_tokens',
} %}

with

attributions as (

    select * from {{ ref('int_focus_ai__attributions') }}

),

usage as (

    select
        *,
        usage_period_start as evaluated_at,
        usage_period_end as evaluated_until,
        case when token_class like 'cache_write%' then 'cache_write' else token_class end as meter
    from {{ ref('int_focus_ai__attributable_usage') }}
    where ledger_version = 'as_closed' and (token_class is null or token_class <> 'request')

),

consumption as (

    select * from {{ ref('int_focus_ai__consumption') }}
    where ledger_version = 'as_closed' and (token_class is null or token_class <> 'request')

),

-- The same keys and moment, under the rules of today.
usage_of_today as (

    select
        usage_key,
        {{ focus_ai.typed_null('timestamp') }} as known_at,
        evaluated_at,
        evaluated_until,
        source_relation,
        credential_id,
        principal_id,
        sub_account_id
    from usage

),

own as (

    select
        consumption.usage_key,
        consumption.consumer_id,
        coalesce(consumption.quantity, 1) as quantity,
        {{ focus_ai.column_list(targets, 'attributions') }}
    from consumption
    inner join usage_of_today
        on consumption.usage_key = usage_of_today.usage_key
    inner join attributions
        on {{ focus_ai.attribution_subject_id('usage_of_today') }} = attributions.subject_id
    where not consumption.is_observed

),
{%- if has_calls %}

gateway_buckets as (

    select
        *,
        {{ focus_ai.hash_id(
            call_columns | reject('eq', 'is_boundary_bucket') | list
            + ["case when is_boundary_bucket then 'true' else 'false' end", 'principal_id']
        ) }} as consumer_key
    from {{ ref('int_focus_ai__gateway_buckets') }}
    where ledger_version = 'as_closed'

),

calls as (

    select
        *,
        {{ focus_ai.hash_id(
            call_columns | reject('eq', 'is_boundary_bucket') | list
            + ["case when is_boundary_bucket then 'true' else 'false' end", 'principal_id']
        ) }} as consumer_key
    from {{ ref('int_focus_ai__attributed_calls') }}

),

remapped_calls as (

    select
        calls.called_at,
        calls.provider_source_relation,
        calls.credential_id,
        calls.model_id,
        calls.processing_tier,
        calls.consumer_key,
        calls.uncached_input_tokens,
        calls.cache_read_tokens,
        calls.cache_write_tokens,
        calls.output_tokens,
        {%- for column in of_the_call %}
        coalesce(observed_calls.{{ column }}, attributions.{{ column }}) as {{ column }},
        {%- endfor %}
        {{ focus_ai.column_list(targets | reject('in', of_the_call) | list, 'attributions') }}
    from {{ ref('int_focus_ai__attribution_subjects') }} as subjects
    inner join calls
        on
            subjects.gateway_source_relation = calls.source_relation
            and subjects.request_id = calls.request_id
    inner join {{ ref('focus_ai__observed_calls') }} as observed_calls
        on
            calls.source_relation = observed_calls.source_relation
            and calls.request_id = observed_calls.request_id
    inner join attributions
        on subjects.subject_id = attributions.subject_id
    where subjects.is_remapped and not coalesce(calls.is_cache_hit, false)

),

observed_usage as (

    select
        usage.usage_key,
        usage.meter,
        usage.credential_id,
        coalesce(gateway_buckets.principal_id, usage.principal_id) as principal_id,
        {{ focus_ai.column_list(call_columns, 'gateway_buckets') }},
        gateway_buckets.consumer_key,
        {{ focus_ai.column_list(bucket_columns | reject('eq', 'credential_id') | list, 'usage') }},
        case usage.meter
            {%- for meter, column in meters.items() %}
            when '{{ meter }}' then gateway_buckets.{{ column }}
            {%- endfor %}
        end as metered_tokens
    from usage
    inner join gateway_buckets
        on
            {{ focus_ai.same_columns(bucket_columns, 'usage', 'gateway_buckets') }}

),

-- Of what the calls of one consumer took in a bucket, the part of those that are someone else's today.
observed_parts as (

    select
        observed_usage.usage_key,
        {{ focus_ai.consumer_id('observed_usage') }} as consumer_id,
        observed_usage.metered_tokens,
        {{ focus_ai.column_list(targets, 'remapped_calls') }},
        case observed_usage.meter
            {%- for meter, column in meters.items() %}
            when '{{ meter }}' then remapped_calls.{{ column }}
            {%- endfor %}
        end as remapped_tokens
    from observed_usage
    inner join remapped_calls
        on
            observed_usage.source_relation = remapped_calls.provider_source_relation
            and observed_usage.credential_id = remapped_calls.credential_id
            and observed_usage.model_id = remapped_calls.model_id
            and observed_usage.processing_tier = remapped_calls.processing_tier
            and observed_usage.consumer_key = remapped_calls.consumer_key
            and observed_usage.usage_period_start <= remapped_calls.called_at
            and observed_usage.usage_period_end > remapped_calls.called_at

),

observed as (

    select
        consumption.usage_key,
        consumption.consumer_id,
        {{ focus_ai.integer_divide(
            'max(consumption.quantity) * sum(observed_parts.remapped_tokens)', 'max(observed_parts.metered_tokens)'
        ) }} as quantity,
        {{ focus_ai.column_list(targets, 'observed_parts') }}
    from consumption
    inner join observed_parts
        on
            consumption.usage_key = observed_parts.usage_key
            and consumption.consumer_id = observed_parts.consumer_id
    where observed_parts.metered_tokens > 0
    group by
        consumption.usage_key, consumption.consumer_id,
        {{ focus_ai.column_list(targets, 'observed_parts') }}

),
{%- endif %}

final as (

    {%- for name in ['own'] + (['observed'] if has_calls else []) %}
    select
        usage_key,
        consumer_id,
        cast(quantity as {{ focus_ai.type_count() }}) as quantity,
        {{ focus_ai.column_list(targets) }}
    from {{ name }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select * from final
