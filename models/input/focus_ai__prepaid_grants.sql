{{ config(enabled=focus_ai.input_enabled('prepaid_grants', ['finance'])) }}

{% set columns = {
    'grant_id': focus_ai.type_text(),
    'source_relation': focus_ai.type_text(),
    'billing_account_id': focus_ai.type_text(),
    'purchased_at': focus_ai.type_timestamp(),
    'expires_at': focus_ai.type_timestamp(),
    'face_amount': focus_ai.type_money(),
    'currency': focus_ai.type_text(),
    'paid_amount': focus_ai.type_money(),
    'invoice_id': focus_ai.type_text(),
    'invoice_line_id': focus_ai.type_text(),
    'recorded_at': focus_ai.type_timestamp(),
} %}

with unioned as (

    {{ focus_ai.union_input('prepaid_grants', {
        'finance': 'stg_focus_ai__finance_prepaid_grants',
    }, columns) }}

)

select
    {{ columns.keys() | join(',\n    ') }}
from unioned
