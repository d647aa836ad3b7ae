{#-
    The margin lines by one dimension of int_focus_ai__margin_by_agent_and_model: agent_id or model_id. A select.
-#}
{% macro margin_by(dimension) %}
    {%- set key = ['accounting_period_start', 'customer_id', 'product_line', dimension] -%}
    {%- set measures = focus_ai.margin_cost_measures() -%}
with

parts as (

    select * from {{ ref('int_focus_ai__margin_by_agent_and_model') }}

),

summed as (

    select
        {{ focus_ai.column_list(key) }},
        {{ focus_ai.known_sum('revenue') }} as revenue,
        {%- for name in measures %}
        {{ focus_ai.known_sum(name) }} as {{ name }},
        {%- endfor %}
        sum(estimated_ai_cost) as estimated_ai_cost,
        sum(cost_of_revenue_request_count) as cost_of_revenue_request_count,
        max(gross_margin_null_reason) as gross_margin_null_reason
    from parts
    group by {{ focus_ai.column_list(key) }}

),

final as (

    select
        {{ focus_ai.hash_id([
            focus_ai.utc_text('accounting_period_start'), 'customer_id', 'product_line', dimension
        ]) }} as margin_part_id,
        {{ focus_ai.column_list(key) }},
        '{{ focus_ai.reporting_currency() }}' as reporting_currency,
        revenue,
        ai_cost_of_revenue,
        case
            when gross_margin_null_reason is null then {{ focus_ai.money('revenue - ai_cost_of_revenue') }}
        end as gross_margin,
        {{ focus_ai.money('estimated_ai_cost') }} as estimated_ai_cost,
        {%- for name in measures if name != 'ai_cost_of_revenue' %}
        {{ name }},
        {%- endfor %}
        cast(cost_of_revenue_request_count as {{ focus_ai.type_count() }}) as cost_of_revenue_request_count,
        case
            when gross_margin_null_reason is null
                then {{ focus_ai.divide('revenue * 1000', 'cost_of_revenue_request_count') }}
        end as revenue_per_1000_requests,
        {{ focus_ai.divide('ai_cost_of_revenue * 1000', 'cost_of_revenue_request_count') }} as cost_per_1000_requests,
        gross_margin_null_reason
    from summed

)

select * from final
{%- endmacro %}
