{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set has_calls = focus_ai.input_enabled('observed_calls') %}
{%- set usage_columns = [
    'ledger_version', 'usage_key', 'is_metered', 'known_at', 'source_relation', 'billing_account_id', 'sub_account_id',
    'credential_id', 'principal_id', 'usage_period_start', 'usage_period_end', 'model_id', 'processing_tier',
    'token_class', 'quantity', 'loaded_at',
] %}
{%- set bucket_columns = [
    'ledger_version', 'source_relation', 'credential_id', 'model_id', 'processing_tier', 'usage_period_start',
    'usage_period_end',
] %}

with

charge_usage as (

    select * from {{ ref('int_focus_ai__charge_usage') }}

),

metered_usage as (

    select * from {{ ref('int_focus_ai__metered_usage') }}

),

attributions as (

    select * from {{ ref('int_focus_ai__attributions') }}

),

billed_usage as (

    select distinct {{ usage_columns | join(', ') }}
    from charge_usage

),

counted_requests as (

    select
        ledger_version,
        usage_key,
        true as is_metered,
        known_at,
        source_relation,
        billing_account_id,
        sub_account_id,
        credential_id,
        principal_id,
        usage_period_start,
        usage_period_end,
        model_id,
        processing_tier,
        token_class,
        quantity,
        loaded_at
    from metered_usage
    where token_class = 'request'

),
{%- if has_calls %}

gateway_buckets as (

    select
        {{ bucket_columns | join(', ') }},
        cast(sum(calls) as {{ focus_ai.type_count() }}) as calls,
        max(loaded_at) as loaded_at
    from {{ ref('int_focus_ai__gateway_buckets') }}
    group by {{ bucket_columns | join(', ') }}

),

-- A provider that does not count requests leaves the gateway's count of its calls.
uncounted_buckets as (

    select
        {{ focus_ai.column_list(bucket_columns, 'billed_usage') }},
        max(billed_usage.known_at) as known_at,
        min(billed_usage.billing_account_id) as billing_account_id,
        min(billed_usage.sub_account_id) as sub_account_id
    from billed_usage
    left join counted_requests
        on
            {{ focus_ai.same_columns(bucket_columns, 'billed_usage', 'counted_requests') }}
    where
        billed_usage.is_metered
        and counted_requests.usage_key is null
    group by
        {{ focus_ai.column_list(bucket_columns, 'billed_usage') }}

),

observed_requests as (

    select
        uncounted_buckets.ledger_version,
        {{ focus_ai.hash_id([
            "'gateway calls'",
            'uncounted_buckets.source_relation',
            'uncounted_buckets.credential_id',
            'uncounted_buckets.model_id',
            'uncounted_buckets.processing_tier',
            focus_ai.utc_text('uncounted_buckets.usage_period_start'),
            focus_ai.utc_text('uncounted_buckets.usage_period_end'),
        ]) }} as usage_key,
        true as is_metered,
        uncounted_buckets.known_at,
        uncounted_buckets.source_relation,
        uncounted_buckets.billing_account_id,
        uncounted_buckets.sub_account_id,
        uncounted_buckets.credential_id,
        {{ focus_ai.typed_null('text') }} as principal_id,
        uncounted_buckets.usage_period_start,
        uncounted_buckets.usage_period_end,
        uncounted_buckets.model_id,
        uncounted_buckets.processing_tier,
        'request' as token_class,
        gateway_buckets.calls as quantity,
        gateway_buckets.loaded_at
    from uncounted_buckets
    inner join gateway_buckets
        on
            {{ focus_ai.same_columns(bucket_columns, 'uncounted_buckets', 'gateway_buckets') }}

),
{%- endif %}

usage as (

    {%- for name in ['billed_usage', 'counted_requests'] + (['observed_requests'] if has_calls else []) %}
    select
        *,
        usage_period_start as evaluated_at,
        usage_period_end as evaluated_until
    from {{ name }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

-- What the key itself is attributed to: all of its usage, or what went past the gateway.
final as (

    select
        {{ focus_ai.column_list(usage_columns, 'usage') }},
        attributions.customer_id,
        attributions.product_line,
        attributions.agent_id,
        attributions.workflow_id,
        attributions.cost_center,
        coalesce(attributions.cost_class, 'Unclassified') as cost_class,
        attributions.attribution_method_id,
        attributions.attribution_rule_id,
        coalesce(attributions.is_boundary_bucket, false) as is_boundary_bucket,
        case
            when attributions.leftover_reason = 'NoCredential' and not usage.is_metered then 'NoUsageEvidence'
            else attributions.leftover_reason
        end as leftover_reason
    from usage
    left join attributions
        on {{ focus_ai.attribution_subject_id('usage') }} = attributions.subject_id

)

select * from final
