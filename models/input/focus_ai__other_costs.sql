{{ config(enabled=focus_ai.input_enabled('other_costs', ['finance'])) }}

{% set columns = {
    'source_relation': focus_ai.type_text(),
    'other_cost_id': focus_ai.type_text(),
    'accounting_period_start': focus_ai.type_timestamp(),
    'customer_id': focus_ai.type_text(),
    'product_line': focus_ai.type_text(),
    'cost_type': focus_ai.type_text(),
    'currency': focus_ai.type_text(),
    'amount': focus_ai.type_money(),
    'recorded_at': focus_ai.type_timestamp(),
} %}

with unioned as (

    {{ focus_ai.union_input('other_costs', {
        'finance': 'stg_focus_ai__finance_other_costs',
    }, columns) }}

)

select
    {{ columns.keys() | join(',\n    ') }}
from unioned
