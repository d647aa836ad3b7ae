{{ config(enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('observed_calls')) }}

{%- set targets = [
    'customer_id', 'product_line', 'agent_id', 'workflow_id', 'cost_center', 'cost_class', 'principal_id',
    'attribution_method_id', 'attribution_rule_id', 'attribution_confidence', 'is_boundary_bucket', 'leftover_reason',
] %}
{%- set call_columns = [
    'called_at', 'provider_source_relation', 'credential_id', 'model_id', 'processing_tier', 'uncached_input_tokens',
    'cache_read_tokens', 'cache_write_tokens', 'output_tokens', 'loaded_at',
] + targets %}
{%- set bucket_columns = [
    'ledger_version', 'source_relation', 'credential_id', 'model_id', 'processing_tier', 'usage_period_start',
    'usage_period_end',
] %}

with

-- Nothing reached the provider where the gateway's cache answered, or the call failed without a token.
calls as (

    select * from {{ ref('int_focus_ai__attributed_calls') }}
    where
        not coalesce(is_cache_hit, false)
        and (
            coalesce(status, 'success') = 'success'
            or uncached_input_tokens + cache_read_tokens + cache_write_tokens + output_tokens > 0
        )

),

ledger_versions as (

    select * from {{ ref('int_focus_ai__ledger_versions') }}

),

metered_usage as (

    select * from {{ ref('int_focus_ai__metered_usage') }}

),

charge_usage as (

    select * from {{ ref('int_focus_ai__charge_usage') }}
    where not is_metered

),

call_versions as (

    {{ focus_ai.ledger_versions(
        'calls', call_columns, 'called_at', source_column='provider_source_relation', restated=false
    ) }}

),

-- The finest buckets that the provider's evidence of a key comes in.
buckets as (

    {%- for usage in ['metered_usage', 'charge_usage'] %}
    select
        {{ bucket_columns | join(', ') }},
        {{ focus_ai.period_start('day', 'usage_period_start') }} as usage_day
    from {{ usage }}
    where credential_id is not null
    {{ 'union distinct' if not loop.last }}
    {%- endfor %}

),

final as (

    select
        {{ focus_ai.column_list(bucket_columns, 'buckets') }},
        {{ focus_ai.column_list(targets, 'call_versions') }},
        cast(sum(call_versions.uncached_input_tokens) as {{ focus_ai.type_count() }})
            as uncached_input_tokens,
        cast(sum(call_versions.cache_read_tokens) as {{ focus_ai.type_count() }}) as cache_read_tokens,
        cast(sum(call_versions.cache_write_tokens) as {{ focus_ai.type_count() }}) as cache_write_tokens,
        cast(sum(call_versions.output_tokens) as {{ focus_ai.type_count() }}) as output_tokens,
        cast(count(*) as {{ focus_ai.type_count() }}) as calls,
        max(call_versions.loaded_at) as loaded_at
    from call_versions
    inner join buckets
        on
            call_versions.ledger_version = buckets.ledger_version
            and call_versions.provider_source_relation = buckets.source_relation
            and call_versions.credential_id = buckets.credential_id
            and call_versions.model_id = buckets.model_id
            and call_versions.processing_tier = buckets.processing_tier
            and {{ focus_ai.period_start('day', 'call_versions.called_at') }} = buckets.usage_day
            and call_versions.called_at >= buckets.usage_period_start
            and call_versions.called_at < buckets.usage_period_end
    group by
        {{ focus_ai.column_list(bucket_columns, 'buckets') }},
        {{ focus_ai.column_list(targets, 'call_versions') }}

)

select * from final
