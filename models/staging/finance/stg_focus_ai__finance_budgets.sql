{{ config(enabled=focus_ai.source_enabled('finance')) }}

with raw_rows as (

    {{ focus_ai.select_raw(
        'finance', 'budgets',
        required=[
            'budget_id', 'scope', 'scope_id', 'period_start', 'period_end', 'currency', 'amount', 'recorded_at',
        ],
        optional=['warn_at_ratio', 'deny_at_ratio'],
        if_missing='empty',
    ) }}

)

select
    budget_id,
    scope,
    scope_id,
    {{ focus_ai.parse_utc('period_start') }} as period_start,
    {{ focus_ai.parse_utc('period_end') }} as period_end,
    upper(currency) as currency,
    {{ focus_ai.money('amount') }} as amount,
    cast(warn_at_ratio as {{ focus_ai.type_ratio() }}) as warn_at_ratio,
    cast(deny_at_ratio as {{ focus_ai.type_ratio() }}) as deny_at_ratio,
    {{ focus_ai.parse_utc('recorded_at') }} as recorded_at
from raw_rows
