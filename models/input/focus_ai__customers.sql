{{ config(enabled=focus_ai.input_enabled('customers')) }}

{{ focus_ai.union_input('customers', {
    'customer_id': 'text',
    'customer_name': 'text',
    'segment': 'text',
    'is_internal': 'boolean',
    'currency': 'text',
    'recorded_at': 'timestamp',
}) }}
