{{ config(enabled=focus_ai.input_enabled('customer_identifiers')) }}

{{ focus_ai.union_input('customer_identifiers', {
    'customer_id': 'text',
    'identifier_type': 'text',
    'identifier': 'text',
    'effective_from': 'timestamp',
    'effective_to': 'timestamp',
    'recorded_at': 'timestamp',
}) }}
