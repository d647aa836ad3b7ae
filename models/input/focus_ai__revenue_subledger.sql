{{ config(enabled=focus_ai.input_enabled('revenue_subledger')) }}

{{ focus_ai.union_input('revenue_subledger', {
    'entry_id': 'text',
    'posting_date': 'date',
    'billing_customer_id': 'text',
    'invoice_id': 'text',
    'currency': 'text',
    'amount': 'money',
    'posted_at': 'timestamp',
}) }}
