{{ config(enabled=focus_ai.source_enabled('anthropic')) }}

with usage_records as (

    select * from {{ ref('stg_focus_ai__anthropic_messages_usage') }}

)

{{ focus_ai.token_classes_long('usage_records', {
    'uncached_input': 'uncached_input_tokens',
    'cache_read': 'cache_read_tokens',
    'cache_write_5m': 'cache_write_5m_tokens',
    'cache_write_1h': 'cache_write_1h_tokens',
    'output': 'output_tokens',
    'web_search': 'web_search_requests',
}) }}
