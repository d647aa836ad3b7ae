{{ config(enabled=focus_ai.source_enabled('attribution')) }}

with raw_rows as (

    {{ focus_ai.select_raw(
        'attribution', 'attribution_rules',
        required=['rule_id', 'priority', 'match_type', 'match_value', 'effective_from', 'recorded_at'],
        optional=[
            'source_relation', 'customer_id', 'product_line', 'agent_id', 'workflow_id', 'cost_center',
            'cost_class', 'effective_to',
        ],
    ) }}

)

select
    rule_id,
    cast(priority as {{ focus_ai.type_count() }}) as priority,
    match_type,
    match_value,
    source_relation,
    customer_id,
    product_line,
    agent_id,
    workflow_id,
    cost_center,
    cost_class,
    {{ focus_ai.parse_utc('effective_from') }} as effective_from,
    {{ focus_ai.parse_utc('effective_to') }} as effective_to,
    {{ focus_ai.parse_utc('recorded_at') }} as recorded_at
from raw_rows
