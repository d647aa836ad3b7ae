{{ config(enabled=focus_ai.input_enabled('shared_cost_rules', ['attribution'])) }}

{% set columns = {
    'rule_id': focus_ai.type_text(),
    'priority': focus_ai.type_count(),
    'match_leftover_reason': focus_ai.type_text(),
    'match_customer_id': focus_ai.type_text(),
    'match_agent_id': focus_ai.type_text(),
    'match_cost_center': focus_ai.type_text(),
    'match_cost_class': focus_ai.type_text(),
    'match_source_relation': focus_ai.type_text(),
    'method': focus_ai.type_text(),
    'receivers': focus_ai.type_text(),
    'receiver_product_line': focus_ai.type_text(),
    'receiver_customer_ids': focus_ai.type_text(),
    'receiver_source_relation': focus_ai.type_text(),
    'target_cost_class': focus_ai.type_text(),
    'effective_from': focus_ai.type_timestamp(),
    'effective_to': focus_ai.type_timestamp(),
    'recorded_at': focus_ai.type_timestamp(),
} %}

with unioned as (

    {{ focus_ai.union_input('shared_cost_rules', {
        'attribution': 'stg_focus_ai__attribution_shared_cost_rules',
    }, columns) }}

)

select
    {{ columns.keys() | join(',\n    ') }}
from unioned
