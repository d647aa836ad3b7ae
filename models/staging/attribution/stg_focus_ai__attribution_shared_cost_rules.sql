{{ config(enabled=focus_ai.source_enabled('attribution')) }}

with raw_rows as (

    {{ focus_ai.select_raw(
        'attribution', 'shared_cost_rules',
        required=[
            'rule_id', 'method', 'recorded_at',
        ],
        optional=[
            'priority', 'match_leftover_reason', 'match_customer_id', 'match_agent_id',
            'match_cost_center', 'match_cost_class', 'match_source_relation', 'receivers',
            'receiver_product_line', 'receiver_customer_ids', 'receiver_source_relation',
            'target_cost_class', 'effective_from', 'effective_to',
        ],
        if_missing='empty',
    ) }}

)

select
    rule_id,
    cast(priority as {{ focus_ai.type_count() }}) as priority,
    match_leftover_reason,
    match_customer_id,
    match_agent_id,
    match_cost_center,
    match_cost_class,
    match_source_relation,
    method,
    coalesce(receivers, 'all_customers') as receivers,
    receiver_product_line,
    receiver_customer_ids,
    receiver_source_relation,
    target_cost_class,
    {{ focus_ai.parse_utc('effective_from') }} as effective_from,
    {{ focus_ai.parse_utc('effective_to') }} as effective_to,
    {{ focus_ai.parse_utc('recorded_at') }} as recorded_at
from raw_rows
