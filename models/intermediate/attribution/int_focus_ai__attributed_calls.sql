{{ config(enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('observed_calls')) }}

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

-- An open period's evidence as of now, a closed one's as of its close.
provider_models as (

    {%- for usage in ['metered_usage', 'charge_usage'] %}
    select
        source_relation,
        credential_id,
        {{ focus_ai.period_start('day', 'usage_period_start') }} as usage_day,
        model_id,
        {{ focus_ai.model_alias('model_id') }} as model_alias
    from {{ ref('int_focus_ai__' ~ usage) }}
    where
        credential_id is not null
        and ledger_version = case when known_at is null then 'current' else 'as_closed' end
    {{ 'union distinct' if not loop.last }}
    {%- endfor %}

),

-- A call may name a model without its version: it is the one that the key used that day, of several the
-- newest.
dated_models as (

    select
        source_relation,
        credential_id,
        usage_day,
        model_alias,
        max(model_id) as model_id
    from provider_models
    group by source_relation, credential_id, usage_day, model_alias
    having max(case when model_id = model_alias then 1 else 0 end) = 0

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
        coalesce(dated_models.model_id, calls.model_id) as model_id,
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
    left join dated_models
        on
            calls.provider_source_relation = dated_models.source_relation
            and calls.credential_id = dated_models.credential_id
            and {{ focus_ai.period_start('day', 'calls.called_at') }} = dated_models.usage_day
            and calls.model_id = dated_models.model_alias

)

select * from final
