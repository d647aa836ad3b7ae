{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set key = [
    'accrual_basis', 'accrued_period_start', 'cost_period_start', 'source_relation', 'invoice_issuer_name',
    'billing_account_id', 'billing_currency', 'charge_category', 'cost_class', 'cost_center', 'evidence', 'null_reason',
] %}

with

payables as (

    select * from {{ ref('int_focus_ai__payables') }}

),

unbilled_usage as (

    select * from {{ ref('int_focus_ai__unbilled_usage') }}

),

accounting_periods as (

    select
        accounting_period_start,
        accounting_period_end,
        closed_at,
        has_ended
    from {{ ref('int_focus_ai__accounting_periods') }}

),

-- The running month, that of the newest load, has no month end to accrue for yet.
ended_periods as (

    select
        accounting_period_start,
        accounting_period_end
    from accounting_periods
    where has_ended or closed_at is not null

),

-- Cost that the provider has reported and not invoiced, at each month end until it is.
not_invoiced as (

    select
        'NotInvoiced' as accrual_basis,
        ended_periods.accounting_period_start as accrued_period_start,
        ended_periods.accounting_period_end as reversal_period_start,
        payables.accounting_period_start as cost_period_start,
        payables.source_relation,
        payables.invoice_issuer_name,
        payables.billing_account_id,
        payables.billing_currency,
        payables.charge_category,
        payables.cost_class,
        payables.cost_center,
        'ProviderReported' as evidence,
        {{ focus_ai.typed_null('text') }} as null_reason,
        payables.amount
    from payables
    inner join ended_periods
        on
            payables.accounting_period_start <= ended_periods.accounting_period_start
            and coalesce(payables.booked_period_start > ended_periods.accounting_period_start, true)

),

-- Usage that the provider has not even reported, at its estimate.
not_reported as (

    select
        'Estimate' as accrual_basis,
        ended_periods.accounting_period_start as accrued_period_start,
        ended_periods.accounting_period_end as reversal_period_start,
        unbilled_usage.accounting_period_start as cost_period_start,
        unbilled_usage.source_relation,
        unbilled_usage.invoice_issuer_name,
        unbilled_usage.billing_account_id,
        unbilled_usage.billing_currency,
        'Usage' as charge_category,
        unbilled_usage.cost_class,
        unbilled_usage.cost_center,
        unbilled_usage.evidence,
        case when not unbilled_usage.is_priced then 'Unpriced' end as null_reason,
        unbilled_usage.estimated_cost as amount
    from unbilled_usage
    inner join ended_periods
        on unbilled_usage.accounting_period_start = ended_periods.accounting_period_start

),

unioned as (

    select * from not_invoiced
    union all
    select * from not_reported

),

accrued as (

    select
        {{ key | join(',\n        ') }},
        reversal_period_start,
        sum(amount) as amount
    from unioned
    group by
        {{ key | join(',\n        ') }},
        reversal_period_start
    having sum(amount) <> 0 or sum(amount) is null

),

entries as (

    select
        'Accrual' as entry_type,
        accrued_period_start as accounting_period_start,
        {{ focus_ai.accounting_date(dbt.dateadd('second', -1, 'reversal_period_start')) }} as posting_date,
        {{ focus_ai.column_list(key) }},
        amount
    from accrued

    union all

    select
        'Reversal' as entry_type,
        reversal_period_start as accounting_period_start,
        {{ focus_ai.accounting_date('reversal_period_start') }} as posting_date,
        {{ focus_ai.column_list(key) }},
        -amount as amount
    from accrued

),

final as (

    select
        {{ focus_ai.hash_id([
            'entry_type', 'accrual_basis', focus_ai.utc_text('accrued_period_start'),
            focus_ai.utc_text('cost_period_start'), 'source_relation', 'invoice_issuer_name', 'billing_account_id',
            'billing_currency', 'charge_category', 'cost_class', 'cost_center', 'evidence', 'null_reason',
        ]) }} as accrual_entry_id,
        entry_type,
        accounting_period_start,
        posting_date,
        {{ focus_ai.column_list(key) }},
        {{ focus_ai.money('amount') }} as amount
    from entries

)

select * from final
