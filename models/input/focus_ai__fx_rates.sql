{{ config(enabled=focus_ai.input_enabled('fx_rates')) }}

{{ focus_ai.union_input('fx_rates', {
    'month': 'date',
    'from_currency': 'text',
    'to_currency': 'text',
    'rate_type': 'text',
    'rate': 'ratio',
    'recorded_at': 'timestamp',
}) }}
