{{ config(enabled=focus_ai.input_enabled('journal_accounts')) }}

{{ focus_ai.union_input('journal_accounts', {
    'account_map_id': 'text',
    'entity_id': 'text',
    'billing_account_id': 'text',
    'charge_category': 'text',
    'commitment_discount_status': 'text',
    'cost_class': 'text',
    'debit_account': 'text',
    'credit_account': 'text',
    'accrual_account': 'text',
    'effective_from': 'timestamp',
    'effective_to': 'timestamp',
    'recorded_at': 'timestamp',
}) }}
