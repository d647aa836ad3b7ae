{{ config(
    enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('budgets'),
    tags=['focus_ai_conservation'],
) }}

{#-
    What a budget in the reporting currency has spent is the cost of its scope in the margin marts, no more and no less. A
    budget with cost that has no rate there is left out.
-#}

with

budgets as (

    select * from {{ ref('focus_ai__budget_status') }}
    where currency = '{{ focus_ai.reporting_currency() }}'

),

scope_cost as (

    select
        budgets.budget_id,
        {{ focus_ai.known_sum('cost.reporting_effective_cost') }} as cost
    from budgets
    inner join {{ ref('int_focus_ai__cost_in_reporting_currency') }} as cost
        on
            budgets.scope_id = case budgets.scope
                when 'customer' then cost.customer_id
                when 'agent' then cost.agent_id
                when 'cost_center' then cost.cost_center
                when 'model' then cost.model_id
            end
            and cost.charge_period_start >= budgets.period_start
            and cost.charge_period_start < budgets.period_end
    where cost.charge_category <> 'Tax'
    group by budgets.budget_id

)

select
    budgets.budget_id,
    budgets.spent,
    scope_cost.cost
from budgets
left join scope_cost
    on budgets.budget_id = scope_cost.budget_id
where budgets.spent <> case when scope_cost.budget_id is null then 0 else scope_cost.cost end
