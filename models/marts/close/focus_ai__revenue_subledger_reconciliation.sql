{{ config(
    enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('revenue')
    and focus_ai.input_enabled('revenue_subledger')
) }}

{%- set key = ['accounting_period_start', 'currency', 'billing_customer_id', 'invoice_id'] %}
{%- set invoice = ['currency', 'billing_customer_id', 'invoice_id'] %}

with

subledger as (

    select * from {{ ref('focus_ai__revenue_subledger') }}

),

revenue as (

    select * from {{ ref('int_focus_ai__revenue_by_month') }}

),

accounting_periods as (

    select
        accounting_period_start,
        has_ended
    from {{ ref('int_focus_ai__accounting_periods') }}

),

currency_subunits as (

    select
        currency,
        {{ focus_ai.money('subunit') }} as subunit
    from {{ ref('focus_ai_currency_subunits') }}

),

-- Months that have ended; nothing to tie where no subledger is kept.
ended_periods as (

    select accounting_periods.accounting_period_start
    from accounting_periods
    where
        accounting_periods.has_ended
        and exists (select 1 from subledger)

),

booked as (

    select
        {{ focus_ai.accounting_period_of_date('posting_date') }} as accounting_period_start,
        currency,
        coalesce(billing_customer_id, '') as billing_customer_id,
        coalesce(invoice_id, '') as invoice_id,
        1 as entry_count,
        0 as line_count,
        amount as subledger_amount,
        0 as revenue_amount,
        0 as reduction_amount
    from subledger

),

recognised as (

    select
        accounting_period_start,
        currency,
        coalesce(billing_customer_id, '') as billing_customer_id,
        coalesce(invoice_id, '') as invoice_id,
        0 as entry_count,
        1 as line_count,
        0 as subledger_amount,
        amount as revenue_amount,
        case when revenue_type = 'invoice_line' then 0 else amount end as reduction_amount
    from revenue

),

both_sides as (

    select * from booked
    union all
    select * from recognised

),

compared as (

    select
        {{ focus_ai.column_list(key, 'both_sides') }},
        sum(both_sides.entry_count) as entry_count,
        sum(both_sides.line_count) as line_count,
        sum(both_sides.subledger_amount) as subledger_amount,
        sum(both_sides.revenue_amount) as revenue_amount,
        sum(both_sides.reduction_amount) as reduction_amount
    from both_sides
    inner join ended_periods
        on both_sides.accounting_period_start = ended_periods.accounting_period_start
    group by {{ focus_ai.column_list(key, 'both_sides') }}

),

-- A month of a schedule lies between two rounded amounts, so each of its lines may be off twice as far.
differing as (

    select
        compared.*,
        compared.subledger_amount - compared.revenue_amount as difference,
        sum(compared.subledger_amount - compared.revenue_amount) over (
            partition by {{ focus_ai.column_list(invoice, 'compared', 16) }}
        ) as invoice_difference,
        greatest(compared.line_count, 1) * {{ focus_ai.multiply(
            'coalesce(currency_subunits.subunit, 0)',
            "'" ~ 2 * (focus_ai.close_tolerance_per_line() | float) ~ "'"
        ) }} as tolerance
    from compared
    left join currency_subunits
        on compared.currency = currency_subunits.currency

),

final as (

    select
        accounting_period_start,
        currency,
        nullif(billing_customer_id, '') as billing_customer_id,
        nullif(invoice_id, '') as invoice_id,
        entry_count as subledger_entry_count,
        line_count as revenue_line_count,
        {{ focus_ai.money('subledger_amount') }} as subledger_amount,
        {{ focus_ai.money('revenue_amount') }} as revenue_amount,
        {{ focus_ai.money('difference') }} as difference,
        {{ focus_ai.money('tolerance') }} as tolerance,
        case
            when difference = 0 then 'Tied'
            when abs(difference) <= tolerance then 'WithinTolerance'
            else 'Open'
        end as reconciliation_status,
        case
            when difference = 0 then null
            when abs(difference) <= tolerance then 'Rounding'
            when abs(invoice_difference) <= tolerance then 'Timing'
            when reduction_amount <> 0 and abs(difference + reduction_amount) <= tolerance then 'Credit'
            when entry_count = 0 then 'NotInSubledger'
            when line_count = 0 then 'NotInRevenue'
            else 'Unknown'
        end as difference_reason
    from differing

)

select * from final
