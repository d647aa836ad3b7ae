{{ config(enabled=focus_ai.input_enabled('prepaid_grants')) }}

{{ focus_ai.union_input('prepaid_grants', {
    'grant_id': 'text',
    'source_relation': 'text',
    'billing_account_id': 'text',
    'purchased_at': 'timestamp',
    'expires_at': 'timestamp',
    'face_amount': 'money',
    'currency': 'text',
    'paid_amount': 'money',
    'invoice_id': 'text',
    'invoice_line_id': 'text',
    'recorded_at': 'timestamp',
}) }}
