{{ config(enabled=focus_ai.input_enabled('provider_invoices')) }}

{{ focus_ai.union_input('provider_invoices', {
    'invoice_id': 'text',
    'invoice_issuer_name': 'text',
    'billing_account_id': 'text',
    'currency': 'text',
    'issue_date': 'timestamp',
    'due_date': 'timestamp',
    'payment_terms': 'text',
    'status': 'text',
    'billing_period_start': 'timestamp',
    'billing_period_end': 'timestamp',
    'reference_invoice_id': 'text',
    'purchase_order_number': 'text',
    'created_at': 'timestamp',
    'updated_at': 'timestamp',
    'voided_at': 'timestamp',
}) }}
