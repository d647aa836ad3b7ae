{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set has_calls = focus_ai.input_enabled('observed_calls') %}
{%- set usage_columns = [
    'ledger_version', 'usage_key', 'source_relation', 'billing_account_id', 'sub_account_id', 'usage_period_start',
    'usage_period_end', 'model_id', 'processing_tier', 'token_class', 'quantity',
] %}
{%- set bucket_columns = [
    'ledger_version', 'source_relation', 'credential_id', 'model_id', 'processing_tier', 'usage_period_start',
    'usage_period_end',
] %}
{%- set attribution_columns = focus_ai.attribution_columns().keys() | list %}
{%- set own_columns = attribution_columns | reject('eq', 'attribution_confidence') | list %}
{%- set call_columns = attribution_columns | reject('in', ['credential_id', 'principal_id']) | list %}

with

-- The gateway does not tell the kinds of cache writes apart.
usage as (

    select
        *,
        case when token_class like 'cache_write%' then 'cache_write' else token_class end as meter
    from {{ ref('int_focus_ai__attributable_usage') }}

),
{%- if has_calls %}

gateway_buckets as (

    select * from {{ ref('int_focus_ai__gateway_buckets') }}

),

observed as (

    select
        {{ focus_ai.column_list(usage_columns, 'usage') }},
        greatest(usage.loaded_at, gateway_buckets.loaded_at) as loaded_at,
        {{ focus_ai.column_list(call_columns, 'gateway_buckets') }},
        usage.credential_id,
        coalesce(gateway_buckets.principal_id, usage.principal_id) as principal_id,
        case usage.meter
            when 'uncached_input' then gateway_buckets.uncached_input_tokens
            when 'cache_read' then gateway_buckets.cache_read_tokens
            when 'cache_write' then gateway_buckets.cache_write_tokens
            when 'output' then gateway_buckets.output_tokens
            when 'request' then gateway_buckets.calls
            else 0
        end as weight
    from usage
    inner join gateway_buckets
        on
            {{ focus_ai.same_columns(bucket_columns, 'usage', 'gateway_buckets') }}
    where usage.quantity > 0

),

observed_totals as (

    select
        ledger_version,
        usage_key,
        sum(weight) as observed_quantity
    from observed
    group by ledger_version, usage_key

),

-- What the provider counted on the key's meter in the bucket, over its principals and kinds of cache writes.
meter_totals as (

    select
        {{ bucket_columns | join(', ') }},
        meter,
        sum(quantity) as metered_quantity
    from usage
    where credential_id is not null
    group by {{ bucket_columns | join(', ') }}, meter

),

own as (

    select
        usage.*,
        coalesce(observed_totals.observed_quantity, 0) > 0 as is_gateway_served,
        case
            when coalesce(observed_totals.observed_quantity, 0) = 0 then coalesce(usage.quantity, 0)
            else greatest(meter_totals.metered_quantity - observed_totals.observed_quantity, 0)
        end as weight
    from usage
    left join observed_totals
        on
            usage.ledger_version = observed_totals.ledger_version
            and usage.usage_key = observed_totals.usage_key
    left join meter_totals
        on
            {{ focus_ai.same_columns(bucket_columns + ['meter'], 'usage', 'meter_totals') }}

),
{%- else %}

own as (

    select
        *,
        false as is_gateway_served,
        coalesce(quantity, 0) as weight
    from usage

),
{%- endif %}

-- Traffic that the gateway did not see stays on the key's own attribution, like all usage of other keys.
receivers as (

    select
        {{ focus_ai.column_list(usage_columns) }},
        loaded_at,
        {{ focus_ai.column_list(own_columns) }},
        case
            when attribution_rule_id is null then null
            when is_gateway_served or is_boundary_bucket then 'Low'
            else 'High'
        end as attribution_confidence,
        is_gateway_served,
        true as is_own,
        weight
    from own
    {%- if has_calls %}

    union all

    select
        {{ focus_ai.column_list(usage_columns) }},
        loaded_at,
        {{ focus_ai.column_list(own_columns) }},
        attribution_confidence,
        true as is_gateway_served,
        false as is_own,
        weight
    from observed
    where weight > 0
    {%- endif %}

),

receivers_named as (

    select
        *,
        {{ focus_ai.consumer_id('receivers') }} as consumer_id
    from receivers

),

-- In whole tokens, so that the usage stays what the provider counted.
split as (

    {{ focus_ai.distribute(
        'receivers_named',
        columns=usage_columns + ['loaded_at', 'consumer_id', 'is_own', 'is_gateway_served'] + attribution_columns,
        partition_by=['ledger_version', 'usage_key'],
        order_by=['is_own', 'consumer_id'],
        weight='weight',
        amounts=[('quantity', 0)],
        takes_all='is_own'
    ) }}

),

final as (

    select
        {{ usage_columns | reject('eq', 'quantity') | join(',\n        ') }},
        consumer_id,
        {{ focus_ai.column_list(attribution_columns) }},
        is_gateway_served and not is_own as is_observed,
        cast(quantity_share as {{ focus_ai.type_count() }}) as quantity,
        loaded_at
    from split
    where
        quantity_share <> 0
        or (is_own and coalesce(quantity, 0) = 0)

)

select * from final
