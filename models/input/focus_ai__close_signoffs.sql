{{ config(enabled=focus_ai.input_enabled('close_signoffs', ['finance'])) }}

{% set columns = {
    'accounting_period_start': focus_ai.type_timestamp(),
    'check_name': focus_ai.type_text(),
    'prepared_by': focus_ai.type_text(),
    'prepared_at': focus_ai.type_timestamp(),
    'reviewed_by': focus_ai.type_text(),
    'reviewed_at': focus_ai.type_timestamp(),
    'note': focus_ai.type_text(),
} %}

with unioned as (

    {{ focus_ai.union_input('close_signoffs', {
        'finance': 'stg_focus_ai__finance_close_signoffs',
    }, columns) }}

)

select
    {{ columns.keys() | join(',\n    ') }}
from unioned
