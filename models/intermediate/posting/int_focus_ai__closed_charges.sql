{{ config(enabled=focus_ai.any_cost_source(), materialized='view') }}

with

costed as (

    select * from {{ ref('int_focus_ai__costed') }}

),

final as (

    select * from costed
    where ledger_version = 'as_closed'

)

select * from final
