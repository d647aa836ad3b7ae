{{ config(enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('journal_accounts')) }}

{%- set account_key = [
    'accounting_period_start', 'billing_account_id', 'charge_category', 'commitment_discount_status', 'cost_class',
] %}
{%- set posting_key = [
    'journal_type', 'accounting_period_start', 'posting_date', 'vendor', 'reference', 'entity_id', 'currency',
    'debit_account', 'credit_account', 'cost_center',
] %}

with

payables as (

    select * from {{ ref('int_focus_ai__payables') }}
    where booked_period_start is not null

),

accruals as (

    select * from {{ ref('focus_ai__accruals') }}
    where entry_type = 'Accrual' and amount is not null

),

accounting_periods as (

    select * from {{ ref('int_focus_ai__accounting_periods') }}

),

journal_accounts as (

    select * from {{ ref('focus_ai__journal_accounts') }}

),

currency_subunits as (

    select
        currency,
        cast(
            case cast(decimals as integer)
                when 0 then 1
                when 3 then 1000
                when 4 then 10000
                else 100
            end as decimal(5, 0)
        ) as subunits_per_unit
    from {{ ref('focus_ai_currency_subunits') }}

),

-- The books start with the accounts: a company that names none keeps its journal elsewhere.
has_accounts as (

    select count(*) > 0 as is_kept
    from journal_accounts

),

booked_payables as (

    select
        case payables.settlement when 'PrepaidCredits' then 'PrepaidUsage' else payables.settlement end
            as journal_type,
        payables.booked_period_start as accounting_period_start,
        {{ focus_ai.posting_date('payables.occurred_at') }} as posting_date,
        payables.invoice_issuer_name as vendor,
        payables.invoice_id as reference,
        payables.billing_account_id,
        payables.billing_currency as currency,
        payables.charge_category,
        payables.commitment_discount_status,
        payables.cost_class,
        payables.cost_center,
        payables.amount
    from payables
    inner join accounting_periods
        on payables.booked_period_start = accounting_periods.accounting_period_start
    where not payables.is_void

),

voided_invoices as (

    select distinct
        payables.invoice_issuer_name as vendor,
        payables.invoice_id as reference,
        payables.booked_period_start as accounting_period_start,
        {{ focus_ai.posting_date('payables.occurred_at') }} as posting_date
    from payables
    inner join accounting_periods
        on payables.booked_period_start = accounting_periods.accounting_period_start
    where payables.is_void

),

entries as (

    select * from booked_payables

    union all

    select
        'Accrual' as journal_type,
        accounting_period_start,
        posting_date,
        invoice_issuer_name as vendor,
        accrual_basis as reference,
        billing_account_id,
        billing_currency as currency,
        charge_category,
        {{ focus_ai.typed_null('text') }} as commitment_discount_status,
        cost_class,
        cost_center,
        amount
    from accruals

),

account_keys as (

    select distinct
        {{ account_key | join(',\n        ') }}
    from entries

),

-- The most particular assignment wins; a closed period keeps those that were recorded at its close.
ranked_accounts as (

    select
        account_keys.*,
        journal_accounts.entity_id,
        journal_accounts.debit_account,
        journal_accounts.credit_account,
        journal_accounts.accrual_account,
        row_number() over (
            partition by {{ focus_ai.column_list(account_key, 'account_keys', 16) }}
            order by
                case when journal_accounts.billing_account_id is null then 1 else 0 end asc,
                case when journal_accounts.charge_category is null then 1 else 0 end asc,
                case when journal_accounts.commitment_discount_status is null then 1 else 0 end asc,
                case when journal_accounts.cost_class is null then 1 else 0 end asc,
                journal_accounts.effective_from desc nulls last,
                journal_accounts.recorded_at desc,
                journal_accounts.account_map_id asc
        ) as place
    from account_keys
    inner join accounting_periods
        on account_keys.accounting_period_start = accounting_periods.accounting_period_start
    inner join journal_accounts
        on
            account_keys.accounting_period_start >= journal_accounts.effective_from
            and coalesce(account_keys.accounting_period_start < journal_accounts.effective_to, true)
            and coalesce(accounting_periods.closed_at >= journal_accounts.recorded_at, true)
            and (
                journal_accounts.billing_account_id is null
                or account_keys.billing_account_id = journal_accounts.billing_account_id
            )
            and (
                journal_accounts.charge_category is null
                or account_keys.charge_category = journal_accounts.charge_category
            )
            and (
                journal_accounts.commitment_discount_status is null
                or account_keys.commitment_discount_status = journal_accounts.commitment_discount_status
            )
            and (
                journal_accounts.cost_class is null
                or account_keys.cost_class = journal_accounts.cost_class
            )

),

assigned as (

    select
        entries.journal_type,
        entries.accounting_period_start,
        entries.posting_date,
        entries.vendor,
        entries.reference,
        coalesce(ranked_accounts.entity_id, '(unmapped)') as entity_id,
        entries.currency,
        coalesce(ranked_accounts.debit_account, '(unmapped)') as debit_account,
        coalesce(
            case
                when entries.journal_type = 'Accrual' then ranked_accounts.accrual_account
                else ranked_accounts.credit_account
            end,
            '(unmapped)'
        ) as credit_account,
        entries.cost_center,
        entries.amount
    from entries
    cross join has_accounts
    left join ranked_accounts
        on
            entries.accounting_period_start = ranked_accounts.accounting_period_start
            and entries.billing_account_id is not distinct from ranked_accounts.billing_account_id
            and entries.charge_category = ranked_accounts.charge_category
            and entries.commitment_discount_status
            is not distinct from ranked_accounts.commitment_discount_status
            and entries.cost_class = ranked_accounts.cost_class
            and ranked_accounts.place = 1
    where has_accounts.is_kept

),

summed as (

    select
        {{ posting_key | join(',\n        ') }},
        sum(amount) as exact_amount
    from assigned
    group by
        {{ posting_key | join(',\n        ') }}

),

-- An accrual is rounded as a whole, an invoice and the draws on prepaid credit over all periods: a posting is
-- what is due up to it less what was due before, so none is off by a subunit and nothing is rounded away.
accumulated as (

    select
        summed.*,
        coalesce(currency_subunits.subunits_per_unit, 100) as subunits_per_unit,
        sum(summed.exact_amount) over (
            partition by
                summed.journal_type, summed.entity_id, summed.currency, summed.vendor, summed.reference,
                case when summed.journal_type = 'Accrual' then summed.accounting_period_start end
            order by
                summed.accounting_period_start,
                summed.debit_account,
                summed.credit_account,
                coalesce(summed.cost_center, '')
            rows between unbounded preceding and current row
        ) as amount_up_to_here
    from summed
    left join currency_subunits
        on summed.currency = currency_subunits.currency

),

rounded as (

    select
        *,
        cast(amount_up_to_here * subunits_per_unit as {{ focus_ai.type_count() }})
        - cast((amount_up_to_here - exact_amount) * subunits_per_unit as {{ focus_ai.type_count() }})
            as subunits
    from accumulated

),

-- A reversal is its accrual, and a void its invoice, with the sides exchanged, whatever the accounts of the
-- new month are.
with_reversals as (

    select
        {{ posting_key | join(',\n        ') }},
        subunits_per_unit,
        exact_amount,
        subunits
    from rounded

    union all

    select
        'AccrualReversal' as journal_type,
        accounting_periods.accounting_period_end as accounting_period_start,
        {{ focus_ai.accounting_date('accounting_periods.accounting_period_end') }} as posting_date,
        rounded.vendor,
        rounded.reference,
        rounded.entity_id,
        rounded.currency,
        rounded.debit_account,
        rounded.credit_account,
        rounded.cost_center,
        rounded.subunits_per_unit,
        -rounded.exact_amount as exact_amount,
        -rounded.subunits as subunits
    from rounded
    inner join accounting_periods
        on rounded.accounting_period_start = accounting_periods.accounting_period_start
    where rounded.journal_type = 'Accrual'

    union all

    select
        'InvoiceVoid' as journal_type,
        voided_invoices.accounting_period_start,
        voided_invoices.posting_date,
        rounded.vendor,
        rounded.reference,
        rounded.entity_id,
        rounded.currency,
        rounded.debit_account,
        rounded.credit_account,
        rounded.cost_center,
        rounded.subunits_per_unit,
        -rounded.exact_amount as exact_amount,
        -rounded.subunits as subunits
    from rounded
    inner join voided_invoices
        on
            rounded.vendor = voided_invoices.vendor
            and rounded.reference = voided_invoices.reference
    where rounded.journal_type = 'Invoice'

),

final as (

    select
        {{ focus_ai.hash_id([
            'journal_type', focus_ai.utc_text('accounting_period_start'), 'entity_id', 'currency', 'vendor', 'reference',
        ]) }} as journal_id,
        {{ posting_key | join(',\n        ') }},
        subunits_per_unit,
        {{ focus_ai.money('exact_amount') }} as exact_amount,
        cast(subunits as {{ focus_ai.type_count() }}) as subunits
    from with_reversals

)

select * from final
