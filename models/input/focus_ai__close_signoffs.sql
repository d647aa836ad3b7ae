{{ config(enabled=focus_ai.input_enabled('close_signoffs')) }}

{{ focus_ai.union_input('close_signoffs', {
    'accounting_period_start': 'timestamp',
    'check_name': 'text',
    'prepared_by': 'text',
    'prepared_at': 'timestamp',
    'reviewed_by': 'text',
    'reviewed_at': 'timestamp',
    'note': 'text',
}) }}
