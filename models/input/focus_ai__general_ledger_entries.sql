{{ config(enabled=focus_ai.input_enabled('general_ledger_entries')) }}

{{ focus_ai.union_input('general_ledger_entries', {
    'entry_id': 'text',
    'posting_date': 'date',
    'account': 'text',
    'cost_center': 'text',
    'vendor': 'text',
    'currency': 'text',
    'amount': 'money',
    'reference': 'text',
    'posted_at': 'timestamp',
}) }}
