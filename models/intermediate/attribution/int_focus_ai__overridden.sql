{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set attribution_columns = focus_ai.attribution_columns().keys() | list %}
{%- set leg_key = ['ledger_version', 'sku_charge_id', 'origin_consumer_id'] %}
{%- set targets = ['customer_id', 'product_line', 'agent_id', 'workflow_id', 'cost_center', 'cost_class'] %}
{#- Of what an override touched. -#}
{%- set of_override = {
    'attribution_method_id': "'Override'",
    'attribution_confidence': "'High'",
    'leftover_reason': "case when new_customer_id is null and new_cost_class = 'CostOfRevenue' then 'NoCustomer' end",
} %}

with

consumers as (

    select
        *,
        consumer_id as origin_consumer_id
    from {{ ref('int_focus_ai__attributed') }}

),

requests as (

    select * from {{ ref('int_focus_ai__override_requests') }}

),

matches as (

    select * from {{ ref('int_focus_ai__override_matches') }}
    where conflicting_request_id is null

),

-- A reclass comes after what was overridden before the close.
retargeted as (

    select
        consumers.*,
        {%- for target in targets %}
        coalesce(reclasses.{{ target }}, overrides.{{ target }}, consumers.{{ target }}) as new_{{ target }},
        {%- endfor %}
        coalesce(reclasses.request_id, overrides.request_id) as request_id
    from consumers
    left join matches as overrides_found
        on
            {{ focus_ai.same_columns(leg_key, 'consumers', 'overrides_found') }}
            and overrides_found.stage_name = 'attribution'
    left join requests as overrides
        on overrides_found.request_id = overrides.request_id
    left join matches as reclasses_found
        on
            {{ focus_ai.same_columns(leg_key, 'consumers', 'reclasses_found') }}
            and reclasses_found.stage_name = 'reclass'
    left join requests as reclasses
        on reclasses_found.request_id = reclasses.request_id

),

overridden as (

    select
        ledger_version,
        sku_charge_id,
        origin_consumer_id,
        consumer_id,
        request_id,
        {%- for column in attribution_columns %}
        {%- if column in targets %}
        new_{{ column }} as {{ column }},
        {%- elif column == 'attribution_rule_id' %}
        coalesce(request_id, attribution_rule_id) as attribution_rule_id,
        {%- elif column in of_override %}
        case when request_id is not null then {{ of_override[column] }} else {{ column }} end as {{ column }},
        {%- else %}
        {{ column }},
        {%- endif %}
        {%- endfor %}
        is_observed,
        weight,
        loaded_at
    from retargeted

),

-- The id of what was moved knows where it came from: two parts of a charge never become one row.
final as (

    select
        overridden.ledger_version,
        overridden.sku_charge_id,
        overridden.origin_consumer_id,
        case
            when overridden.request_id is null then overridden.consumer_id
            else {{ focus_ai.hash_id([focus_ai.consumer_id('overridden'), 'overridden.origin_consumer_id']) }}
        end as consumer_id,
        {{ focus_ai.column_list(attribution_columns, 'overridden') }},
        overridden.is_observed,
        overridden.weight,
        overridden.loaded_at
    from overridden

)

select * from final
