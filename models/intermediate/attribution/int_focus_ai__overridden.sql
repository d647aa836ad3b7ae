{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set attribution_columns = focus_ai.attribution_columns().keys() | list %}

with

consumers as (

    select * from {{ ref('int_focus_ai__attributed') }}

),

final as (

    select
        ledger_version,
        sku_charge_id,
        consumer_id as origin_consumer_id,
        consumer_id,
        {{ focus_ai.column_list(attribution_columns) }},
        is_observed,
        weight,
        loaded_at,
        {{ focus_ai.typed_null('timestamp') }} as reclassified_at
    from consumers

)

select * from final
