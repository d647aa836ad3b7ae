{{ config(enabled=focus_ai.source_enabled('finance')) }}

with raw_rows as (

    {{ focus_ai.select_raw(
        'finance', 'other_costs',
        required=['accounting_period_start', 'cost_type', 'currency', 'amount', 'recorded_at'],
        optional=['other_cost_id', 'customer_id', 'product_line'],
        if_missing='empty',
    ) }}

)

select
    'finance' as source_relation,
    other_cost_id,
    {{ focus_ai.accounting_period_named_by(focus_ai.parse_utc('accounting_period_start')) }}
        as accounting_period_start,
    customer_id,
    product_line,
    cost_type,
    upper(currency) as currency,
    {{ focus_ai.money('amount') }} as amount,
    {{ focus_ai.parse_utc('recorded_at') }} as recorded_at
from raw_rows
