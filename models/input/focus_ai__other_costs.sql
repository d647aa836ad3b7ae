{{ config(enabled=focus_ai.input_enabled('other_costs')) }}

{{ focus_ai.union_input('other_costs', {
    'source_relation': 'text',
    'other_cost_id': 'text',
    'accounting_period_start': 'timestamp',
    'customer_id': 'text',
    'product_line': 'text',
    'cost_type': 'text',
    'currency': 'text',
    'amount': 'money',
    'recorded_at': 'timestamp',
}) }}
