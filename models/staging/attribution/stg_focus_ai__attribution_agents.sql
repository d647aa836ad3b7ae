{{ config(enabled=focus_ai.source_enabled('attribution')) }}

with raw_rows as (

    {{ focus_ai.select_raw(
        'attribution', 'agents',
        required=['agent_id', 'agent_name', 'recorded_at'],
        optional=['product_line', 'workflow_id', 'cost_center'],
    ) }}

)

select
    agent_id,
    agent_name,
    product_line,
    workflow_id,
    cost_center,
    {{ focus_ai.parse_utc('recorded_at') }} as recorded_at
from raw_rows
