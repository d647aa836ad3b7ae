{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set line = ['accounting_period_start', 'customer_id', 'product_line'] %}
{%- set measures = focus_ai.margin_cost_measures() + ['estimated_ai_cost'] %}

with

entries as (

    select
        accounting_period_start,
        customer_id,
        product_line,
        coalesce(agent_id, '(none)') as agent_id,
        coalesce(model_id, '(none)') as model_id,
        measure,
        reporting_amount,
        case when cost_class = 'CostOfRevenue' then request_count end as request_count
    from {{ ref('int_focus_ai__margin_entries') }}
    where
        measure in (
            {%- for name in measures %}
            '{{ name }}'{{ ',' if not loop.last }}
            {%- endfor %}
        )

),

lines as (

    select
        accounting_period_start,
        customer_id,
        product_line,
        revenue,
        cost_of_revenue_request_count,
        gross_margin_null_reason
    from {{ ref('focus_ai__customer_gross_margin_monthly') }}

),

summed as (

    select
        {{ focus_ai.column_list(line) }},
        agent_id,
        model_id,
        {{ focus_ai.margin_sums('reporting_amount', measures) }},
        sum(case when measure = 'estimated_ai_cost' then 1 else 0 end) as estimate_count,
        sum(request_count) as request_count
    from entries
    group by {{ focus_ai.column_list(line) }}, agent_id, model_id

),

-- A customer pays for what was done for it: its revenue is shared out by requests, where all were counted.
receivers as (

    select
        {{ focus_ai.column_list(line, 'summed') }},
        summed.agent_id,
        summed.model_id,
        summed.request_count as weight,
        lines.revenue
    from summed
    inner join lines
        on {{ focus_ai.same_columns(line, 'summed', 'lines') }}
    where summed.request_count > 0 and lines.cost_of_revenue_request_count > 0

    union all

    select
        {{ focus_ai.column_list(line) }},
        '(not allocated)' as agent_id,
        '(not allocated)' as model_id,
        1 as weight,
        revenue
    from lines
    where coalesce(cost_of_revenue_request_count, 0) = 0 and coalesce(revenue, 1) <> 0

),

shared as (

    {{ focus_ai.distribute(
        'receivers',
        columns=line + ['agent_id', 'model_id'],
        partition_by=line,
        order_by=['agent_id', 'model_id'],
        weight='weight',
        amounts=[('revenue', 12)],
    ) | indent(4) }}

),

keys as (

    select
        {{ focus_ai.column_list(line) }},
        agent_id,
        model_id
    from summed
    union distinct
    select
        {{ focus_ai.column_list(line) }},
        agent_id,
        model_id
    from shared

),

final as (

    select
        {{ focus_ai.column_list(line, 'keys') }},
        keys.agent_id,
        keys.model_id,
        -- On a line whose requests are not all counted, nobody knows whose the revenue is.
        case
            when
                keys.agent_id = '(not allocated)'
                or lines.cost_of_revenue_request_count > 0
                or lines.revenue = 0
                then coalesce(shared.revenue_share, {{ focus_ai.money('lines.revenue * 0') }})
        end as revenue,
        {%- for name in measures if name != 'estimated_ai_cost' %}
        case
            when summed.agent_id is null then {{ focus_ai.money('0') }}
            else summed.{{ name }}
        end as {{ name }},
        {%- endfor %}
        case when summed.estimate_count > 0 then summed.estimated_ai_cost end as estimated_ai_cost,
        cast(
            case when lines.cost_of_revenue_request_count is not null then summed.request_count end
            as {{ focus_ai.type_count() }}
        ) as cost_of_revenue_request_count,
        case
            when coalesce(lines.cost_of_revenue_request_count, 0) = 0 and lines.revenue <> 0
                then 'RevenueNotAllocated'
            else lines.gross_margin_null_reason
        end as gross_margin_null_reason
    from keys
    inner join lines
        on {{ focus_ai.same_columns(line, 'keys', 'lines') }}
    left join summed
        on {{ focus_ai.same_columns(line + ['agent_id', 'model_id'], 'keys', 'summed') }}
    left join shared
        on {{ focus_ai.same_columns(line + ['agent_id', 'model_id'], 'keys', 'shared') }}

)

select * from final
