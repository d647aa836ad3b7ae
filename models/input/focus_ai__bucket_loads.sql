{{ config(enabled=focus_ai.input_enabled('bucket_loads')) }}

{{ focus_ai.union_input('bucket_loads', {
    'source_relation': 'text',
    'billing_account_id': 'text',
    'endpoint': 'text',
    'group_by': 'text',
    'bucket_start': 'timestamp',
    'bucket_end': 'timestamp',
    'result_count': 'count',
    'loaded_at': 'timestamp',
    'superseded_at': 'timestamp',
}) }}
