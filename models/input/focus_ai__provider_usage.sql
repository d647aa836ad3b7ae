{{ config(enabled=focus_ai.input_enabled('provider_usage')) }}

{{ focus_ai.union_input('provider_usage', {
    'source_relation': 'text',
    'usage_key': 'text',
    'billing_account_id': 'text',
    'sub_account_id': 'text',
    'credential_id': 'text',
    'principal_id': 'text',
    'usage_period_start': 'timestamp',
    'usage_period_end': 'timestamp',
    'model_id': 'text',
    'processing_tier': 'text',
    'context_window': 'text',
    'region_scope': 'text',
    'token_class': 'text',
    'quantity': 'count',
    'loaded_at': 'timestamp',
    'superseded_at': 'timestamp',
}) }}
