{{ config(enabled=focus_ai.input_enabled('fx_rates', ['finance'])) }}

{% set columns = {
    'month': 'date',
    'from_currency': focus_ai.type_text(),
    'to_currency': focus_ai.type_text(),
    'rate_type': focus_ai.type_text(),
    'rate': focus_ai.type_ratio(),
    'recorded_at': focus_ai.type_timestamp(),
} %}

with unioned as (

    {{ focus_ai.union_input('fx_rates', {
        'finance': 'stg_focus_ai__finance_fx_rates',
    }, columns) }}

)

select
    {{ columns.keys() | join(',\n    ') }}
from unioned
