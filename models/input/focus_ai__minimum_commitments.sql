{{ config(enabled=focus_ai.input_enabled('minimum_commitments')) }}

{{ focus_ai.union_input('minimum_commitments', {
    'commitment_id': 'text',
    'source_relation': 'text',
    'billing_account_id': 'text',
    'currency': 'text',
    'period_start': 'timestamp',
    'period_end': 'timestamp',
    'minimum_amount': 'money',
    'measure': 'text',
    'description': 'text',
    'recorded_at': 'timestamp',
}) }}
