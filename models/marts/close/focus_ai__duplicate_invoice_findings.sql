{{ config(enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('provider_invoices')) }}

{%- set has_ledger = focus_ai.input_enabled('general_ledger_entries') %}
{#- A number as people and systems retype it: without case and punctuation. -#}
{%- set plain_number = "upper(replace(replace(replace(invoice_id, '-', ''), ' ', ''), '/', ''))" %}

with

invoice_lines as (

    select * from {{ ref('int_focus_ai__invoice_lines') }}
    where invoice_status <> 'Voided'

),

{%- if has_ledger %}

ledger_entries as (

    select * from {{ ref('focus_ai__general_ledger_entries') }}

),
{%- endif %}

invoices as (

    select
        invoice_issuer_name,
        invoice_id,
        billing_account_id,
        billing_currency,
        billing_period_start,
        reference_invoice_id,
        min(accounting_period_start) as accounting_period_start,
        min({{ focus_ai.period_start('day', 'service_start') }}) as service_start,
        max({{ focus_ai.period_start('day', 'service_end') }}) as service_end,
        max(issue_date) as issue_date,
        sum(line_amount) as amount,
        {{ plain_number }} as plain_number
    from invoice_lines
    group by
        invoice_issuer_name,
        invoice_id,
        billing_account_id,
        billing_currency,
        billing_period_start,
        reference_invoice_id

),

-- Each pair once, the later invoice as the duplicate of the earlier.
pairs as (

    select
        case
            when later.reference_invoice_id = earlier.invoice_id and later.amount = earlier.amount
                then 'ReissuedNotVoided'
            when later.plain_number = earlier.plain_number then 'SameNumber'
            when
                later.billing_account_id = earlier.billing_account_id
                and later.billing_currency = earlier.billing_currency
                and later.amount = earlier.amount
                and later.amount <> 0
                and later.billing_period_start = earlier.billing_period_start
                and later.service_start = earlier.service_start
                and later.service_end = earlier.service_end
                then 'SameAmountAndService'
        end as finding_type,
        later.invoice_issuer_name,
        later.billing_account_id,
        later.invoice_id,
        earlier.invoice_id as duplicate_of_invoice_id,
        later.accounting_period_start,
        later.billing_currency as currency,
        later.amount
    from invoices as later
    inner join invoices as earlier
        on
            later.invoice_issuer_name = earlier.invoice_issuer_name
            and later.invoice_id <> earlier.invoice_id
            and (
                later.reference_invoice_id = earlier.invoice_id
                or (
                    later.invoice_id <> earlier.reference_invoice_id
                    and (
                        coalesce(later.issue_date > earlier.issue_date, false)
                        or (
                            coalesce(later.issue_date = earlier.issue_date, true)
                            and later.invoice_id > earlier.invoice_id
                        )
                    )
                )
            )

),

{%- if has_ledger %}

issuers as (

    select distinct invoice_issuer_name
    from invoices

),

issuer_entries as (

    select ledger_entries.*
    from ledger_entries
    inner join issuers
        on ledger_entries.vendor = issuers.invoice_issuer_name

),

-- The same amount of one invoice twice on one account.
booked_twice as (

    select
        'BookedTwice' as finding_type,
        vendor as invoice_issuer_name,
        {{ focus_ai.typed_null('text') }} as billing_account_id,
        reference as invoice_id,
        reference as duplicate_of_invoice_id,
        {{ focus_ai.accounting_period_of_date('max(posting_date)') }} as accounting_period_start,
        currency,
        amount * (count(*) - 1) as amount
    from issuer_entries
    group by vendor, reference, account, coalesce(cost_center, ''), currency, amount
    having count(*) > 1 and reference is not null and amount <> 0

),
{%- endif %}

unioned as (

    select * from pairs
    where finding_type is not null
    {%- if has_ledger %}
    union all
    select * from booked_twice
    {%- endif %}

),

final as (

    select
        finding_type,
        invoice_issuer_name,
        billing_account_id,
        invoice_id,
        duplicate_of_invoice_id,
        accounting_period_start,
        currency,
        {{ focus_ai.money('sum(amount)') }} as amount
    from unioned
    group by
        finding_type,
        invoice_issuer_name,
        billing_account_id,
        invoice_id,
        duplicate_of_invoice_id,
        accounting_period_start,
        currency

)

select * from final
