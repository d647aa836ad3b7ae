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
        cast(
            coalesce({{ focus_ai.json_text('metadata', 'additional_usage_values.cache_read_input_tokens') }}, '0')
            as {{ focus_ai.type_count() }}
        ) as cache_read_token_count,
        cast(
            coalesce({{ focus_ai.json_text('metadata', 'additional_usage_values.cache_creation_input_tokens') }}, '0')
            as {{ focus_ai.type_count() }}
        ) as cache_write_token_count
    from raw_calls

),

final as (

    select
        'litellm' as source_relation,
        typed.request_id,
        typed.session_id,
        typed.called_at,
        typed.ended_at,
        typed.custom_llm_provider as provider_source_relation,
        deployments.credential_id,
        typed.api_key as gateway_key_id,
        -- LiteLLM may write the provider before the model: `openai/gpt-5`.
        case
            when typed.model like typed.custom_llm_provider || '/%'
                then substr(typed.model, length(typed.custom_llm_provider) + 2)
            else typed.model
        end as model_id,
        coalesce({{ focus_ai.json_text('typed.metadata', 'usage_object.service_tier') }}, 'standard')
            as processing_tier,
        typed.user_text as principal_id,
        typed.end_user as end_user_id,
        typed.team_id,
        typed.agent_id,
        {{ focus_ai.json_text('typed.metadata', 'spend_logs_metadata.workflow_id') }} as workflow_id,
        typed.request_tags,
        coalesce(typed.status, 'success') as status,
        coalesce(lower(typed.cache_hit), 'false') = 'true' as is_cache_hit,
        -- prompt_tokens includes the cached tokens; a gateway that says otherwise must not give negative weights.
        case
            when typed.prompt_token_count > typed.cache_read_token_count + typed.cache_write_token_count
                then cast(
                    typed.prompt_token_count - typed.cache_read_token_count - typed.cache_write_token_count
                    as {{ focus_ai.type_count() }}
                )
            else cast(0 as {{ focus_ai.type_count() }})
        end as uncached_input_tokens,
        typed.cache_read_token_count as cache_read_tokens,
        typed.cache_write_token_count as cache_write_tokens,
        typed.completion_token_count as output_tokens,
        {{ focus_ai.money('typed.spend') }} as estimated_cost,
        'USD' as estimated_cost_currency,
        coalesce({{ focus_ai.parse_utc('typed.loaded_at') }}, typed.ended_at) as loaded_at
    from typed
    left join deployments
        on typed.model_id = deployments.deployment_id

)

select * from final
