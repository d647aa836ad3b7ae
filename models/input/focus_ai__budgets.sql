{{ config(enabled=focus_ai.input_enabled('budgets')) }}

{{ focus_ai.union_input('budgets', {
    'budget_id': 'text',
    'scope': 'text',
    'scope_id': 'text',
    'period_start': 'timestamp',
    'period_end': 'timestamp',
    'currency': 'text',
    'amount': 'money',
    'warn_at_ratio': 'ratio',
    'deny_at_ratio': 'ratio',
    'recorded_at': 'timestamp',
}) }}
