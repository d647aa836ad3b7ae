{{ config(enabled=focus_ai.input_enabled('attribution_overrides', ['attribution'])) }}

{% set columns = {
    'request_id': focus_ai.type_text(),
    'match_source_relation': focus_ai.type_text(),
    'match_credential_id': focus_ai.type_text(),
    'match_sub_account_id': focus_ai.type_text(),
    'match_agent_id': focus_ai.type_text(),
    'match_customer_id': focus_ai.type_text(),
    'match_model_id': focus_ai.type_text(),
    'charge_period_from': focus_ai.type_timestamp(),
    'charge_period_to': focus_ai.type_timestamp(),
    'customer_id': focus_ai.type_text(),
    'product_line': focus_ai.type_text(),
    'agent_id': focus_ai.type_text(),
    'workflow_id': focus_ai.type_text(),
    'cost_center': focus_ai.type_text(),
    'cost_class': focus_ai.type_text(),
    'is_reclass': focus_ai.type_boolean(),
    'reason': focus_ai.type_text(),
    'requested_by': focus_ai.type_text(),
    'requested_at': focus_ai.type_timestamp(),
    'approved_by': focus_ai.type_text(),
    'approved_at': focus_ai.type_timestamp(),
    'rejected_by': focus_ai.type_text(),
    'rejected_at': focus_ai.type_timestamp(),
    'rejection_reason': focus_ai.type_text(),
    'withdraws_request_id': focus_ai.type_text(),
    'recorded_at': focus_ai.type_timestamp(),
} %}

with unioned as (

    {{ focus_ai.union_input('attribution_overrides', {
        'attribution': 'stg_focus_ai__attribution_override_requests',
    }, columns) }}

)

select
    {{ columns.keys() | join(',\n    ') }}
from unioned
