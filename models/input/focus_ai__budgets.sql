{{ config(enabled=focus_ai.input_enabled('budgets', ['finance'])) }}

{% set columns = {
    'budget_id': focus_ai.type_text(),
    'scope': focus_ai.type_text(),
    'scope_id': focus_ai.type_text(),
    'period_start': focus_ai.type_timestamp(),
    'period_end': focus_ai.type_timestamp(),
    'currency': focus_ai.type_text(),
    'amount': focus_ai.type_money(),
    'warn_at_ratio': focus_ai.type_ratio(),
    'deny_at_ratio': focus_ai.type_ratio(),
    'recorded_at': focus_ai.type_timestamp(),
} %}

with unioned as (

    {{ focus_ai.union_input('budgets', {
        'finance': 'stg_focus_ai__finance_budgets',
    }, columns) }}

)

select
    {{ columns.keys() | join(',\n    ') }}
from unioned
