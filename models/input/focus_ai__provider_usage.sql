{{ config(enabled=focus_ai.input_enabled('provider_usage', ['openai', 'anthropic'])) }}

{% set columns = {
    'source_relation': focus_ai.type_text(),
    'usage_key': focus_ai.type_text(),
    'billing_account_id': focus_ai.type_text(),
    'sub_account_id': focus_ai.type_text(),
    'credential_id': focus_ai.type_text(),
    'principal_id': focus_ai.type_text(),
    'usage_period_start': focus_ai.type_timestamp(),
    'usage_period_end': focus_ai.type_timestamp(),
    'model_id': focus_ai.type_text(),
    'processing_tier': focus_ai.type_text(),
    'context_window': focus_ai.type_text(),
    'region_scope': focus_ai.type_text(),
    'token_class': focus_ai.type_text(),
    'quantity': focus_ai.type_count(),
    'loaded_at': focus_ai.type_timestamp(),
    'superseded_at': focus_ai.type_timestamp(),
} %}

with unioned as (

    {{ focus_ai.union_input('provider_usage', {
        'openai': 'stg_focus_ai__openai_token_usage',
        'anthropic': 'stg_focus_ai__anthropic_token_usage',
    }, columns) }}

)

select
    {{ columns.keys() | join(',\n    ') }}
from unioned
