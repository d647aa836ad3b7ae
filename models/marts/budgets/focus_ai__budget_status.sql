{{ config(enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('budgets')) }}

{%- set has_calls = focus_ai.input_enabled('observed_calls') %}
{#- Whole weeks, so that a week's end does not tilt the average. -#}
{%- set trailing_days = 14 %}

with

budgets as (

    select * from {{ ref('int_focus_ai__budgets') }}

),

budget_days as (

    select * from {{ ref('int_focus_ai__budget_days') }}

),

bills as (

    select min(complete_through) as billed_through
    from {{ ref('int_focus_ai__complete_through') }}

),

calls as (

    {% if has_calls -%}
    select max(called_at) as estimated_through
    from {{ ref('int_focus_ai__attributed_calls') }}
    {%- else -%}
    select {{ focus_ai.typed_null('timestamp') }} as estimated_through
    {%- endif %}

),

-- No clock: figures are as of what was loaded, and say so.
figures as (

    select
        bills.billed_through,
        calls.estimated_through,
        case
            when calls.estimated_through > bills.billed_through then calls.estimated_through
            else coalesce(bills.billed_through, calls.estimated_through)
        end as figures_as_of
    from bills
    cross join calls

),

windows as (

    select
        *,
        {{ focus_ai.period_start('day', 'figures_as_of') }} as trailing_end,
        cast(
            {{ dbt.dateadd('day', -trailing_days, focus_ai.period_start('day', 'figures_as_of')) }}
            as {{ focus_ai.type_timestamp() }}
        ) as trailing_start
    from figures

),

spent as (

    select
        budgets.budget_id,
        {{ focus_ai.known_sum('budget_days.billed_cost', 'budget_days.day_start >= budgets.period_start') }}
            as spent,
        {{ focus_ai.known_sum(
            'budget_days.estimated_unbilled_cost', 'budget_days.day_start >= budgets.period_start'
        ) }} as estimated_unbilled_cost,
        sum(
            case
                when budget_days.day_start >= budgets.period_start then budget_days.unpriced_call_count
                else 0
            end
        ) as unpriced_call_count,
        {{ focus_ai.known_sum(
            'budget_days.billed_cost + budget_days.estimated_unbilled_cost',
            'budget_days.day_start >= windows.trailing_start and budget_days.day_start < windows.trailing_end'
        ) }} as trailing_cost,
        min(budget_days.day_start) as first_day,
        max(budget_days.day_start) as last_cost_day
    from budgets
    cross join windows
    inner join budget_days
        on budgets.budget_id = budget_days.budget_id
    group by budgets.budget_id

),

-- A scope that nothing was spent on has spent 0.
measured as (

    select
        budgets.*,
        case when spent.budget_id is null then 0 else spent.spent end as spent,
        case when spent.budget_id is null then 0 else spent.estimated_unbilled_cost end
            as estimated_unbilled_cost,
        coalesce(spent.unpriced_call_count, 0) as unpriced_call_count,
        spent.last_cost_day,
        case when spent.budget_id is null then 0 else spent.trailing_cost end as trailing_cost,
        -- What is younger than the window is averaged over its own days.
        {{ dbt.datediff(
            'greatest(windows.trailing_start, coalesce(spent.first_day, windows.trailing_start))',
            'windows.trailing_end',
            'day'
        ) }} as trailing_days,
        case
            when windows.figures_as_of < budgets.period_end
                then {{ dbt.datediff(
                    'greatest(windows.figures_as_of, budgets.period_start)', 'budgets.period_end', 'second'
                ) }}
            else 0
        end as remaining_seconds,
        windows.billed_through,
        windows.estimated_through,
        windows.figures_as_of
    from budgets
    cross join windows
    left join spent
        on budgets.budget_id = spent.budget_id

),

paced as (

    select
        *,
        spent + estimated_unbilled_cost as used,
        case
            when trailing_days > 0 then {{ focus_ai.divide('trailing_cost', 'trailing_days') }}
            else 0
        end as average_daily_cost
    from measured

),

forecast as (

    select
        *,
        case
            when remaining_seconds > 0
                then used + {{ focus_ai.divide('average_daily_cost * remaining_seconds', '86400') }}
            else used
        end as forecast_cost,
        case when amount > 0 then {{ focus_ai.divide('used', 'amount') }} end as used_ratio,
        used >= {{ focus_ai.multiply('amount', 'deny_at_ratio') }} as is_to_deny,
        used >= {{ focus_ai.multiply('amount', 'warn_at_ratio') }} as is_to_warn
    from paced

),

final as (

    select
        budget_id,
        scope,
        scope_id,
        period_start,
        period_end,
        case
            when figures_as_of < period_start then 'NotStarted'
            when figures_as_of >= period_end then 'Ended'
            else 'Running'
        end as period_status,
        currency,
        amount,
        warn_at_ratio,
        deny_at_ratio,
        {{ focus_ai.money('spent') }} as spent,
        {{ focus_ai.money('estimated_unbilled_cost') }} as estimated_unbilled_cost,
        cast(unpriced_call_count as {{ focus_ai.type_count() }}) as unpriced_call_count,
        last_cost_day,
        used_ratio,
        {{ focus_ai.money('amount - used') }} as remaining_amount,
        case when figures_as_of < period_end then average_daily_cost end as average_daily_cost,
        {{ focus_ai.money('forecast_cost') }} as forecast_cost,
        case
            when used is null then 'Unknown'
            when used > amount then 'Exceeded'
            when is_to_warn or is_to_deny then 'Warning'
            when forecast_cost is null then 'Unknown'
            when forecast_cost > amount then 'AtRisk'
            else 'OnTrack'
        end as state,
        case
            when used is null then 'warn'
            when is_to_deny then 'deny'
            when is_to_warn then 'warn'
            else 'allow'
        end as decision,
        case
            when used is null then 'SpendUnknown'
            when is_to_deny then 'DenyThresholdReached'
            when is_to_warn then 'WarnThresholdReached'
            else 'WithinBudget'
        end as decision_reason,
        billed_through,
        estimated_through,
        figures_as_of,
        case when forecast_cost is null then 'MissingRate' end as null_reason,
        recorded_at
    from forecast

)

select * from final
