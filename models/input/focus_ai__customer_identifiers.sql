{{ config(enabled=focus_ai.input_enabled('customer_identifiers', ['attribution'])) }}

{% set columns = {
    'customer_id': focus_ai.type_text(),
    'identifier_type': focus_ai.type_text(),
    'identifier': focus_ai.type_text(),
    'effective_from': focus_ai.type_timestamp(),
    'effective_to': focus_ai.type_timestamp(),
    'recorded_at': focus_ai.type_timestamp(),
} %}

with unioned as (

    {{ focus_ai.union_input('customer_identifiers', {
        'attribution': 'stg_focus_ai__attribution_customer_identifiers',
    }, columns) }}

)

select
    {{ columns.keys() | join(',\n    ') }}
from unioned
