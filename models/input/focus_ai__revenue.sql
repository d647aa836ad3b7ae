{{ config(enabled=focus_ai.input_enabled('revenue')) }}

{{ focus_ai.union_input('revenue', {
    'source_relation': 'text',
    'revenue_line_id': 'text',
    'billing_customer_id': 'text',
    'product_line': 'text',
    'revenue_type': 'text',
    'service_period_start': 'timestamp',
    'service_period_end': 'timestamp',
    'currency': 'text',
    'amount': 'money',
    'invoice_id': 'text',
    'invoice_status': 'text',
    'booked_at': 'timestamp',
}) }}
