{{ config(enabled=focus_ai.any_cost_source()) }}

with

final as (

    {{ focus_ai.evidence_state() }}

)

select * from final
