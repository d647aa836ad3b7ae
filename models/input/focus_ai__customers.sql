{{ config(enabled=focus_ai.input_enabled('customers', ['attribution'])) }}

{% set columns = {
    'customer_id': focus_ai.type_text(),
    'customer_name': focus_ai.type_text(),
    'segment': focus_ai.type_text(),
    'is_internal': focus_ai.type_boolean(),
    'currency': focus_ai.type_text(),
    'recorded_at': focus_ai.type_timestamp(),
} %}

with unioned as (

    {{ focus_ai.union_input('customers', {
        'attribution': 'stg_focus_ai__attribution_customers',
    }, columns) }}

)

select
    {{ columns.keys() | join(',\n    ') }}
from unioned
