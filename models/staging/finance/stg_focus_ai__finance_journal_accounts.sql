{{ config(enabled=focus_ai.source_enabled('finance')) }}

with raw_rows as (

    {{ focus_ai.select_raw(
        'finance', 'journal_accounts',
        required=[
            'account_map_id', 'entity_id', 'debit_account', 'credit_account', 'accrual_account',
            'effective_from', 'recorded_at',
        ],
        optional=[
            'billing_account_id', 'charge_category', 'commitment_discount_status', 'cost_class',
            'effective_to',
        ],
        if_missing='empty',
    ) }}

)

select
    account_map_id,
    entity_id,
    billing_account_id,
    charge_category,
    commitment_discount_status,
    cost_class,
    debit_account,
    credit_account,
    accrual_account,
    {{ focus_ai.parse_utc('effective_from') }} as effective_from,
    {{ focus_ai.parse_utc('effective_to') }} as effective_to,
    {{ focus_ai.parse_utc('recorded_at') }} as recorded_at
from raw_rows
