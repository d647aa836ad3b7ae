{{ config(enabled=focus_ai.any_cost_source()) }}

with

drawdown as (

    select * from {{ ref('int_focus_ai__prepaid_drawdown') }}

),

-- A closed period's draws are those that were known at its close; those of a later close are a later version.
final as (

    select
        case
            when is_current then 'current'
            when snapshot_period_start = accounting_period_start then 'as_closed'
            else {{ focus_ai.later_version('snapshot_period_start') }}
        end as ledger_version,
        source_relation,
        charge_key,
        grant_id,
        accounting_period_start,
        draw_sequence,
        draw_face_amount,
        draw_effective_cost
    from drawdown

)

select * from final
