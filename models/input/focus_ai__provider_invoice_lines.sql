{{ config(enabled=focus_ai.input_enabled('provider_invoice_lines')) }}

{{ focus_ai.union_input('provider_invoice_lines', {
    'invoice_line_id': 'text',
    'invoice_id': 'text',
    'line_type': 'text',
    'description': 'text',
    'amount': 'money',
    'service_start': 'timestamp',
    'service_end': 'timestamp',
    'sub_account_id': 'text',
    'model_id': 'text',
    'sku_meter': 'text',
    'tax_rate': 'ratio',
    'updated_at': 'timestamp',
}) }}
