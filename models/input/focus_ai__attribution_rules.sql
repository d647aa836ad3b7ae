{{ config(enabled=focus_ai.input_enabled('attribution_rules', ['attribution'])) }}

{% set columns = {
    'rule_id': focus_ai.type_text(),
    'priority': focus_ai.type_count(),
    'match_type': focus_ai.type_text(),
    'match_value': focus_ai.type_text(),
    'source_relation': focus_ai.type_text(),
    'customer_id': focus_ai.type_text(),
    'product_line': focus_ai.type_text(),
    'agent_id': focus_ai.type_text(),
    'workflow_id': focus_ai.type_text(),
    'cost_center': focus_ai.type_text(),
    'cost_class': focus_ai.type_text(),
    'effective_from': focus_ai.type_timestamp(),
    'effective_to': focus_ai.type_timestamp(),
    'recorded_at': focus_ai.type_timestamp(),
} %}

with unioned as (

    {{ focus_ai.union_input('attribution_rules', {
        'attribution': 'stg_focus_ai__attribution_rules',
    }, columns) }}

)

select
    {{ columns.keys() | join(',\n    ') }}
from unioned
