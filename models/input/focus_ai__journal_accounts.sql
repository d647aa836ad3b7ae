{{ config(enabled=focus_ai.input_enabled('journal_accounts', ['finance'])) }}

{% set columns = {
    'account_map_id': focus_ai.type_text(),
    'entity_id': focus_ai.type_text(),
    'billing_account_id': focus_ai.type_text(),
    'charge_category': focus_ai.type_text(),
    'commitment_discount_status': focus_ai.type_text(),
    'cost_class': focus_ai.type_text(),
    'debit_account': focus_ai.type_text(),
    'credit_account': focus_ai.type_text(),
    'accrual_account': focus_ai.type_text(),
    'effective_from': focus_ai.type_timestamp(),
    'effective_to': focus_ai.type_timestamp(),
    'recorded_at': focus_ai.type_timestamp(),
} %}

with unioned as (

    {{ focus_ai.union_input('journal_accounts', {
        'finance': 'stg_focus_ai__finance_journal_accounts',
    }, columns) }}

)

select
    {{ columns.keys() | join(',\n    ') }}
from unioned
