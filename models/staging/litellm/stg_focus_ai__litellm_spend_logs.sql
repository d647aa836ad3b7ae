{{ config(enabled=focus_ai.source_enabled('litellm')) }}

with raw_calls as (

    {{ focus_ai.select_raw(
        'litellm', 'spend_logs',
        required=[
            'request_id', 'api_key', 'spend', 'prompt_tokens', 'completion_tokens', 'startTime', 'endTime', 'model',
        ],
        optional=[
            'model_id', 'custom_llm_provider', 'user', 'metadata', 'cache_hit', 'request_tags', 'team_id',
            'end_user', 'session_id', 'status', 'agent_id', 'loaded_at',
        ],
        renamed={'startTime': 'started_text', 'endTime': 'ended_text', 'user': 'user_text'},
    ) }}

),

deployments as (

    select
        deployment_id,
        credential_id
    from {{ ref('stg_focus_ai__litellm_proxy_models') }}

),

typed as (

    select
        *,
        {{ focus_ai.parse_utc('started_text') }} as called_at,
        {{ focus_ai.parse_utc('ended_text') }} as ended_at,
        cast(prompt_tokens as {{ focus_ai.type_count() }}) as prompt_token_count,
        cast(completion_tokens as {{ focus_ai.type_count() }}) as completion_token_count,
        {{ focus_ai.json_text('metadata', 'usage_object.service_tier') }} as service_tier,
        -- Anthropic's answers count it by name, OpenAI's in the details of the prompt.
        coalesce(
            {{ focus_ai.json_text('metadata', 'additional_usage_values.cache_read_input_tokens') }},
            {{ focus_ai.json_text(
                'metadata', 'additional_usage_values.prompt_tokens_details.cached_tokens'
            ) }}
        ) as cache_read_text,
        {{ focus_ai.json_text('metadata', 'additional_usage_values.cache_creation_input_tokens') }}
            as cache_write_text
    from raw_calls

),

counted as (

    select
        *,
        cast(coalesce(cache_read_text, '0') as {{ focus_ai.type_count() }}) as cache_read_token_count,
        cast(coalesce(cache_write_text, '0') as {{ focus_ai.type_count() }}) as cache_write_token_count,
        cast(coalesce(cache_read_text, '0') as {{ focus_ai.type_count() }})
        + cast(coalesce(cache_write_text, '0') as {{ focus_ai.type_count() }}) as cached_token_count
    from typed

),

final as (

    select
        'litellm' as source_relation,
        counted.request_id,
        counted.session_id,
        counted.called_at,
        counted.ended_at,
        counted.custom_llm_provider as provider_source_relation,
        deployments.credential_id,
        counted.api_key as gateway_key_id,
        -- LiteLLM may write the provider before the model: `openai/gpt-5`.
        case
            when counted.model like counted.custom_llm_provider || '/%'
                then substr(counted.model, length(counted.custom_llm_provider) + 2)
            else counted.model
        end as model_id,
        {{ focus_ai.processing_tier('counted.service_tier') }} as processing_tier,
        counted.user_text as principal_id,
        counted.end_user as end_user_id,
        counted.team_id,
        -- What a hook stamped on the call is kept with it: see examples/litellm.
        coalesce(
            counted.agent_id, {{ focus_ai.json_text('counted.metadata', 'spend_logs_metadata.agent_id') }}
        ) as agent_id,
        {{ focus_ai.json_text('counted.metadata', 'spend_logs_metadata.workflow_id') }} as workflow_id,
        {{ focus_ai.json_text('counted.metadata', 'spend_logs_metadata.cost_center') }} as cost_center,
        counted.request_tags,
        coalesce(counted.status, 'success') as status,
        coalesce(lower(counted.cache_hit), 'false') = 'true' as is_cache_hit,
        -- prompt_tokens includes the cached tokens; should it not, weights must not turn negative.
        cast(
            greatest(counted.prompt_token_count - counted.cached_token_count, 0)
            as {{ focus_ai.type_count() }}
        ) as uncached_input_tokens,
        counted.cache_read_token_count as cache_read_tokens,
        counted.cache_write_token_count as cache_write_tokens,
        counted.completion_token_count as output_tokens,
        {{ focus_ai.money('counted.spend') }} as estimated_cost,
        'USD' as estimated_cost_currency,
        coalesce({{ focus_ai.parse_utc('counted.loaded_at') }}, counted.ended_at) as loaded_at
    from counted
    left join deployments
        on counted.model_id = deployments.deployment_id

)

select * from final
