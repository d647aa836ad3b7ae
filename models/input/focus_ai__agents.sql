{{ config(enabled=focus_ai.input_enabled('agents', ['attribution'])) }}

{% set columns = {
    'agent_id': focus_ai.type_text(),
    'agent_name': focus_ai.type_text(),
    'product_line': focus_ai.type_text(),
    'workflow_id': focus_ai.type_text(),
    'cost_center': focus_ai.type_text(),
    'recorded_at': focus_ai.type_timestamp(),
} %}

with unioned as (

    {{ focus_ai.union_input('agents', {
        'attribution': 'stg_focus_ai__attribution_agents',
    }, columns) }}

)

select
    {{ columns.keys() | join(',\n    ') }}
from unioned
