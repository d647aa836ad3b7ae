{{ config(enabled=focus_ai.source_enabled('anthropic')) }}

with raw_usage as (

    {{ focus_ai.select_raw(
        'anthropic', 'messages_usage',
        required=[
            'organization_id', 'starting_at', 'ending_at', 'uncached_input_tokens', 'cache_read_input_tokens',
            'output_tokens', 'loaded_at',
        ],
        optional=[
            'cache_creation_ephemeral_5m_input_tokens', 'cache_creation_ephemeral_1h_input_tokens',
            'server_tool_use_web_search_requests', 'api_key_id', 'workspace_id', 'account_id',
            'service_account_id', 'model', 'context_window', 'service_tier', 'inference_geo', 'group_by',
        ],
    ) }}

),

bucket_loads as (

    select * from {{ ref('stg_focus_ai__anthropic_bucket_loads') }}

),

typed as (

    select
        organization_id as billing_account_id,
        {{ focus_ai.default_workspace('workspace_id', 'group_by') }} as workspace_id,
        api_key_id,
        coalesce(account_id, service_account_id) as principal_id,
        model,
        context_window,
        nullif(inference_geo, 'not_available') as region_scope,
        service_tier,
        {{ focus_ai.processing_tier('service_tier') }} as processing_tier,
        {{ focus_ai.parse_utc('starting_at') }} as bucket_start,
        {{ focus_ai.parse_utc('ending_at') }} as bucket_end,
        cast(uncached_input_tokens as {{ focus_ai.type_count() }}) as uncached_input_tokens,
        cast(coalesce(cache_creation_ephemeral_5m_input_tokens, '0') as {{ focus_ai.type_count() }})
            as cache_write_5m_tokens,
        cast(coalesce(cache_creation_ephemeral_1h_input_tokens, '0') as {{ focus_ai.type_count() }})
            as cache_write_1h_tokens,
        cast(cache_read_input_tokens as {{ focus_ai.type_count() }}) as cache_read_tokens,
        cast(output_tokens as {{ focus_ai.type_count() }}) as output_tokens,
        cast(coalesce(server_tool_use_web_search_requests, '0') as {{ focus_ai.type_count() }})
            as web_search_requests,
        coalesce(group_by, '') as group_by,
        {{ focus_ai.parse_utc('loaded_at') }} as loaded_at
    from raw_usage

),

load_intervals as (

    {{ focus_ai.load_intervals('bucket_loads', 'typed', 'messages_usage') }}

),

numbered as (

    select
        typed.*,
        load_intervals.superseded_at,
        row_number() over (
            partition by
                typed.billing_account_id, typed.group_by, typed.bucket_start, typed.bucket_end,
                typed.workspace_id, typed.api_key_id, typed.principal_id, typed.model, typed.context_window,
                typed.region_scope, typed.service_tier, typed.loaded_at
            order by
                typed.uncached_input_tokens, typed.cache_read_tokens, typed.cache_write_5m_tokens,
                typed.cache_write_1h_tokens, typed.output_tokens, typed.web_search_requests
        ) as ordinal
    from typed
    inner join load_intervals
        on
            {{ focus_ai.same_columns(focus_ai.load_key(), 'typed', 'load_intervals') }}

),

final as (

    select
        'anthropic' as source_relation,
        {{ focus_ai.hash_id([
            "'anthropic'",
            "'messages_usage'",
            'billing_account_id',
            'group_by',
            focus_ai.utc_text('bucket_start'),
            focus_ai.utc_text('bucket_end'),
            'workspace_id',
            'api_key_id',
            'principal_id',
            'model',
            'context_window',
            'region_scope',
            'service_tier',
            focus_ai.count_text('ordinal'),
        ]) }} as usage_record_key,
        group_by,
        billing_account_id,
        workspace_id as sub_account_id,
        api_key_id as credential_id,
        principal_id,
        bucket_start as usage_period_start,
        bucket_end as usage_period_end,
        model as model_id,
        processing_tier,
        context_window,
        region_scope,
        uncached_input_tokens,
        cache_read_tokens,
        cache_write_5m_tokens,
        cache_write_1h_tokens,
        output_tokens,
        web_search_requests,
        loaded_at,
        superseded_at
    from numbered

)

select * from final
