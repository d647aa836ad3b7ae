{{ config(enabled=focus_ai.input_enabled('observed_calls', ['litellm'])) }}

{% set columns = {
    'source_relation': focus_ai.type_text(),
    'request_id': focus_ai.type_text(),
    'session_id': focus_ai.type_text(),
    'called_at': focus_ai.type_timestamp(),
    'ended_at': focus_ai.type_timestamp(),
    'provider_source_relation': focus_ai.type_text(),
    'credential_id': focus_ai.type_text(),
    'gateway_key_id': focus_ai.type_text(),
    'model_id': focus_ai.type_text(),
    'processing_tier': focus_ai.type_text(),
    'principal_id': focus_ai.type_text(),
    'end_user_id': focus_ai.type_text(),
    'team_id': focus_ai.type_text(),
    'agent_id': focus_ai.type_text(),
    'workflow_id': focus_ai.type_text(),
    'cost_center': focus_ai.type_text(),
    'request_tags': focus_ai.type_text(),
    'status': focus_ai.type_text(),
    'is_cache_hit': focus_ai.type_boolean(),
    'uncached_input_tokens': focus_ai.type_count(),
    'cache_read_tokens': focus_ai.type_count(),
    'cache_write_tokens': focus_ai.type_count(),
    'output_tokens': focus_ai.type_count(),
    'estimated_cost': focus_ai.type_money(),
    'estimated_cost_currency': focus_ai.type_text(),
    'loaded_at': focus_ai.type_timestamp(),
} %}

with unioned as (

    {{ focus_ai.union_input('observed_calls', {
        'litellm': 'stg_focus_ai__litellm_spend_logs',
    }, columns) }}

)

select
    {{ columns.keys() | join(',\n    ') }}
from unioned
