{{ config(enabled=focus_ai.input_enabled('revenue_subledger', ['finance'])) }}

{% set columns = {
    'entry_id': focus_ai.type_text(),
    'posting_date': 'date',
    'billing_customer_id': focus_ai.type_text(),
    'invoice_id': focus_ai.type_text(),
    'currency': focus_ai.type_text(),
    'amount': focus_ai.type_money(),
    'posted_at': focus_ai.type_timestamp(),
} %}

with unioned as (

    {{ focus_ai.union_input('revenue_subledger', {
        'finance': 'stg_focus_ai__finance_revenue_subledger',
    }, columns) }}

)

select
    {{ columns.keys() | join(',\n    ') }}
from unioned
