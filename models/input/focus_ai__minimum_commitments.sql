{{ config(enabled=focus_ai.input_enabled('minimum_commitments', ['finance'])) }}

{% set columns = {
    'commitment_id': focus_ai.type_text(),
    'source_relation': focus_ai.type_text(),
    'billing_account_id': focus_ai.type_text(),
    'currency': focus_ai.type_text(),
    'period_start': focus_ai.type_timestamp(),
    'period_end': focus_ai.type_timestamp(),
    'minimum_amount': focus_ai.type_money(),
    'measure': focus_ai.type_text(),
    'description': focus_ai.type_text(),
    'recorded_at': focus_ai.type_timestamp(),
} %}

with unioned as (

    {{ focus_ai.union_input('minimum_commitments', {
        'finance': 'stg_focus_ai__finance_minimum_commitments',
    }, columns) }}

)

select
    {{ columns.keys() | join(',\n    ') }}
from unioned
