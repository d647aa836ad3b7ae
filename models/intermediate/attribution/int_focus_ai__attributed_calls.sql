{{ config(enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('observed_calls', ['litellm'])) }}

with

calls as (

    select * from {{ ref('focus_ai__observed_calls') }}

),

subjects as (

    select
        subject_id,
        gateway_source_relation,
        request_id
    from {{ ref('int_focus_ai__attribution_subjects') }}
    where request_id is not null and not is_remapped

),

attributions as (

    select * from {{ ref('int_focus_ai__attributions') }}

),

-- What the call itself says of its agent, workflow and cost center goes before what a rule says.
final as (

    select
        calls.source_relation,
        calls.request_id,
        calls.session_id,
        calls.called_at,
        calls.ended_at,
        calls.provider_source_relation,
        calls.credential_id,
        calls.gateway_key_id,
        calls.model_id,
        calls.processing_tier,
        calls.principal_id,
        calls.end_user_id,
        calls.team_id,
        calls.request_tags,
        calls.status,
        calls.is_cache_hit,
        calls.uncached_input_tokens,
        calls.cache_read_tokens,
        calls.cache_write_tokens,
        calls.output_tokens,
        calls.estimated_cost,
        calls.estimated_cost_currency,
        calls.loaded_at,
        attributions.customer_id,
        attributions.product_line,
        coalesce(calls.agent_id, attributions.agent_id) as agent_id,
        coalesce(calls.workflow_id, attributions.workflow_id) as workflow_id,
        coalesce(calls.cost_center, attributions.cost_center) as cost_center,
        attributions.cost_class,
        attributions.attribution_rule_id,
        attributions.attribution_method_id,
        case when attributions.attribution_rule_id is not null then 'Medium' end as attribution_confidence,
        attributions.is_boundary_bucket,
        attributions.leftover_reason
    from calls
    left join subjects
        on
            calls.source_relation = subjects.gateway_source_relation
            and calls.request_id = subjects.request_id
    left join attributions
        on subjects.subject_id = attributions.subject_id

)

select * from final
