{{ config(enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('budgets')) }}

with

-- Of ended budgets there is nothing to decide.
budgets as (

    select * from {{ ref('focus_ai__budget_status') }}
    where period_end > figures_as_of

),

boundaries as (

    select
        scope,
        scope_id,
        period_start as valid_from
    from budgets
    union distinct
    select
        scope,
        scope_id,
        period_end as valid_from
    from budgets

),

-- Several budgets may cover a moment (a month's and a year's); between two boundaries these are the same.
stretches as (

    select
        *,
        lead(valid_from) over (partition by scope, scope_id order by valid_from) as valid_until
    from boundaries

),

ranked as (

    select
        budgets.*,
        stretches.valid_from,
        stretches.valid_until,
        row_number() over (
            partition by stretches.scope, stretches.scope_id, stretches.valid_from
            order by
                case budgets.decision when 'deny' then 1 when 'warn' then 2 else 3 end asc,
                budgets.used_ratio desc nulls last,
                budgets.budget_id asc
        ) as strictest_first
    from stretches
    inner join budgets
        on
            stretches.scope = budgets.scope
            and stretches.scope_id = budgets.scope_id
            and stretches.valid_from >= budgets.period_start
            and stretches.valid_until <= budgets.period_end
    where stretches.valid_until > budgets.figures_as_of

),

final as (

    select
        scope,
        scope_id,
        valid_from,
        valid_until,
        decision,
        decision_reason,
        budget_id,
        currency,
        amount as budget_amount,
        spent,
        estimated_unbilled_cost,
        unpriced_call_count,
        used_ratio,
        billed_through,
        estimated_through,
        figures_as_of
    from ranked
    where strictest_first = 1

)

select * from final
