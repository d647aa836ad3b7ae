{{ config(enabled=focus_ai.source_enabled('attribution')) }}

with raw_rows as (

    {{ focus_ai.select_raw(
        'attribution', 'override_requests',
        required=[
            'request_id', 'requested_by', 'requested_at', 'recorded_at',
        ],
        optional=[
            'match_source_relation', 'match_credential_id', 'match_sub_account_id',
            'match_agent_id', 'match_customer_id', 'match_model_id', 'charge_period_from',
            'charge_period_to', 'customer_id', 'product_line', 'agent_id', 'workflow_id',
            'cost_center', 'cost_class', 'is_reclass', 'reason', 'approved_by', 'approved_at',
            'rejected_by', 'rejected_at', 'rejection_reason', 'withdraws_request_id',
        ],
        if_missing='empty',
    ) }}

)

select
    request_id,
    match_source_relation,
    match_credential_id,
    match_sub_account_id,
    match_agent_id,
    match_customer_id,
    match_model_id,
    {{ focus_ai.parse_utc('charge_period_from') }} as charge_period_from,
    {{ focus_ai.parse_utc('charge_period_to') }} as charge_period_to,
    customer_id,
    product_line,
    agent_id,
    workflow_id,
    cost_center,
    cost_class,
    coalesce(lower(is_reclass) in ('true', 't', '1', 'yes'), false) as is_reclass,
    reason,
    requested_by,
    {{ focus_ai.parse_utc('requested_at') }} as requested_at,
    approved_by,
    {{ focus_ai.parse_utc('approved_at') }} as approved_at,
    rejected_by,
    {{ focus_ai.parse_utc('rejected_at') }} as rejected_at,
    rejection_reason,
    withdraws_request_id,
    {{ focus_ai.parse_utc('recorded_at') }} as recorded_at
from raw_rows
