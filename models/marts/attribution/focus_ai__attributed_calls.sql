{{ config(
    enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('observed_calls'),
    materialized='view',
) }}

with

calls as (

    select * from {{ ref('int_focus_ai__attributed_calls') }}

),

final as (

    select
        source_relation,
        session_id,
        request_id,
        called_at,
        provider_source_relation,
        model_id,
        status,
        is_cache_hit,
        customer_id,
        product_line,
        agent_id,
        workflow_id,
        cost_center,
        cost_class,
        credential_id,
        principal_id,
        end_user_id,
        team_id,
        request_tags,
        attribution_method_id,
        attribution_rule_id,
        attribution_confidence,
        leftover_reason,
        uncached_input_tokens,
        cache_read_tokens,
        cache_write_tokens,
        output_tokens,
        estimated_cost,
        estimated_cost_currency
    from calls

)

select * from final
