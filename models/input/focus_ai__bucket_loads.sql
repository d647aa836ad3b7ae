{{ config(enabled=focus_ai.input_enabled('bucket_loads', ['openai', 'anthropic'])) }}

{% set columns = {
    'source_relation': focus_ai.type_text(),
    'billing_account_id': focus_ai.type_text(),
    'endpoint': focus_ai.type_text(),
    'group_by': focus_ai.type_text(),
    'bucket_start': focus_ai.type_timestamp(),
    'bucket_end': focus_ai.type_timestamp(),
    'result_count': focus_ai.type_count(),
    'loaded_at': focus_ai.type_timestamp(),
    'superseded_at': focus_ai.type_timestamp(),
} %}

with unioned as (

    {{ focus_ai.union_input('bucket_loads', {
        'openai': 'stg_focus_ai__openai_bucket_loads',
        'anthropic': 'stg_focus_ai__anthropic_bucket_loads',
    }, columns) }}

)

select
    {{ columns.keys() | join(',\n    ') }}
from unioned
