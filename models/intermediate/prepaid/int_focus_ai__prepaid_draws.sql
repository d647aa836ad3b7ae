{{ config(enabled=focus_ai.any_cost_source()) }}

with

drawdown as (

    select * from {{ ref('int_focus_ai__prepaid_drawdown') }}

),

-- A closed period's draws are those that were known at its close, not those of a later close.
final as (

    select
        case when is_current then 'current' else 'as_closed' end as ledger_version,
        source_relation,
        charge_key,
        grant_id,
        accounting_period_start,
        draw_sequence,
        draw_face_amount,
        draw_effective_cost
    from drawdown
    where is_current or snapshot_period_start = accounting_period_start

)

select * from final
