{{ config(enabled=focus_ai.input_enabled('close_log', ['finance'])) }}

{% set columns = {
    'company_id': focus_ai.type_text(),
    'accounting_period_start': focus_ai.type_timestamp(),
    'invoice_issuer_name': focus_ai.type_text(),
    'billing_period_start': focus_ai.type_timestamp(),
    'action': focus_ai.type_text(),
    'closed_at': focus_ai.type_timestamp(),
    'closed_by': focus_ai.type_text(),
    'reviewed_by': focus_ai.type_text(),
    'reason': focus_ai.type_text(),
} %}

with unioned as (

    {{ focus_ai.union_input('close_log', {
        'finance': 'stg_focus_ai__finance_close_log',
    }, columns) }}

)

select
    {{ columns.keys() | join(',\n    ') }}
from unioned
