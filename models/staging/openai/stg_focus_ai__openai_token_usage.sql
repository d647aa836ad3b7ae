{{ config(enabled=focus_ai.source_enabled('openai')) }}

with usage_records as (

    select * from {{ ref('stg_focus_ai__openai_completions_usage') }}

)

{{ focus_ai.token_classes_long('usage_records', {
    'uncached_input': 'uncached_input_tokens',
    'cache_read': 'cache_read_tokens',
    'cache_write': 'cache_write_tokens',
    'output': 'output_tokens',
    'request': 'requests',
}) }}
