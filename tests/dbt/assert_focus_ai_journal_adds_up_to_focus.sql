{{ config(enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('journal_accounts')) }}

{#- In each period that has ended the journal, estimates apart, books what the FOCUS rows of the period cost, exactly. -#}

with

postings as (

    select * from {{ ref('int_focus_ai__journal_postings') }}

),

payables as (

    select * from {{ ref('int_focus_ai__payables') }}

),

periods as (

    select
        accounting_period_start,
        max(accounting_period_start) over () as running_period_start
    from {{ ref('int_focus_ai__accounting_periods') }}

),

both_sides as (

    select
        accounting_period_start,
        vendor,
        currency,
        exact_amount as booked_amount,
        0 as focus_amount
    from postings
    where reference is null or reference <> 'Estimate'

    union all

    select
        accounting_period_start,
        invoice_issuer_name as vendor,
        billing_currency as currency,
        0 as booked_amount,
        amount as focus_amount
    from payables
    where exists (select 1 from postings)

)

select
    both_sides.accounting_period_start,
    both_sides.vendor,
    both_sides.currency,
    sum(both_sides.booked_amount) as booked_amount,
    sum(both_sides.focus_amount) as focus_amount
from both_sides
inner join periods
    on
        both_sides.accounting_period_start = periods.accounting_period_start
        and both_sides.accounting_period_start < periods.running_period_start
group by both_sides.accounting_period_start, both_sides.vendor, both_sides.currency
having sum(both_sides.booked_amount) <> sum(both_sides.focus_amount)
