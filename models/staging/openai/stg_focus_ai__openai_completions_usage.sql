{{ config(enabled=focus_ai.source_enabled('openai')) }}

with raw_usage as (

    {{ focus_ai.select_raw(
        'openai', 'completions_usage',
        required=[
            'organization_id', 'start_time', 'end_time', 'input_tokens', 'output_tokens', 'num_model_requests',
            'loaded_at',
        ],
        optional=[
            'input_cached_tokens', 'input_cache_write_tokens', 'project_id', 'user_id', 'api_key_id', 'model',
            'batch', 'service_tier', 'group_by',
        ],
    ) }}

),

bucket_loads as (

    select * from {{ ref('stg_focus_ai__openai_bucket_loads') }}

),

typed as (

    select
        organization_id as billing_account_id,
        project_id,
        user_id,
        api_key_id,
        model,
        {{ focus_ai.from_epoch_seconds('start_time') }} as bucket_start,
        {{ focus_ai.from_epoch_seconds('end_time') }} as bucket_end,
        cast(input_tokens as {{ focus_ai.type_count() }}) as input_total_tokens,
        cast(coalesce(input_cached_tokens, '0') as {{ focus_ai.type_count() }}) as cache_read_tokens,
        cast(coalesce(input_cache_write_tokens, '0') as {{ focus_ai.type_count() }}) as cache_write_tokens,
        cast(output_tokens as {{ focus_ai.type_count() }}) as output_tokens,
        cast(num_model_requests as {{ focus_ai.type_count() }}) as requests,
        case
            when lower(batch) in ('true', '1', 't') then 'batch'
            else {{ focus_ai.processing_tier('service_tier') }}
        end as processing_tier,
        lower(service_tier) as service_tier,
        coalesce(group_by, '') as group_by,
        {{ focus_ai.parse_utc('loaded_at') }} as loaded_at
    from raw_usage

),

load_intervals as (

    {{ focus_ai.load_intervals('bucket_loads', 'typed', 'completions_usage') }}

),

numbered as (

    select
        typed.*,
        load_intervals.superseded_at,
        row_number() over (
            partition by
                typed.billing_account_id, typed.group_by, typed.bucket_start, typed.bucket_end,
                typed.project_id, typed.user_id, typed.api_key_id, typed.model, typed.processing_tier,
                typed.service_tier, typed.loaded_at
            order by typed.input_total_tokens, typed.output_tokens, typed.requests
        ) as ordinal
    from typed
    inner join load_intervals
        on
            {{ focus_ai.same_columns(focus_ai.load_key(), 'typed', 'load_intervals') }}

),

final as (

    select
        'openai' as source_relation,
        {{ focus_ai.hash_id([
            "'openai'",
            "'completions_usage'",
            'billing_account_id',
            'group_by',
            focus_ai.utc_text('bucket_start'),
            focus_ai.utc_text('bucket_end'),
            'project_id',
            'user_id',
            'api_key_id',
            'model',
            'processing_tier',
            'service_tier',
            focus_ai.count_text('ordinal'),
        ]) }} as usage_record_key,
        group_by,
        billing_account_id,
        project_id as sub_account_id,
        api_key_id as credential_id,
        user_id as principal_id,
        bucket_start as usage_period_start,
        bucket_end as usage_period_end,
        model as model_id,
        processing_tier,
        {{ focus_ai.typed_null('text') }} as context_window,
        {{ focus_ai.typed_null('text') }} as region_scope,
        input_total_tokens,
        -- The raw figure includes what was read from and written to the cache.
        cast(input_total_tokens - cache_read_tokens - cache_write_tokens as {{ focus_ai.type_count() }})
            as uncached_input_tokens,
        cache_read_tokens,
        cache_write_tokens,
        output_tokens,
        requests,
        loaded_at,
        superseded_at
    from numbered

)

select * from final
