{{ config(enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('general_ledger_entries')) }}

with

ledger_entries as (

    select * from {{ ref('focus_ai__general_ledger_entries') }}

),

cost_and_usage as (

    select * from {{ ref('focus_ai__cost_and_usage') }}

),

currency_subunits as (

    select
        currency,
        {{ focus_ai.money('subunit') }} as subunit
    from {{ ref('focus_ai_currency_subunits') }}

),

-- Only what the providers invoice: other vendors' entries are not this package's to explain.
issuers as (

    select distinct "InvoiceIssuerName" as vendor
    from cost_and_usage

),

issuer_entries as (

    select
        {{ focus_ai.accounting_period_of_date('ledger_entries.posting_date') }} as accounting_period_start,
        ledger_entries.vendor,
        ledger_entries.currency,
        ledger_entries.reference as invoice_id,
        ledger_entries.amount
    from ledger_entries
    inner join issuers
        on ledger_entries.vendor = issuers.vendor

),

booked as (

    select
        accounting_period_start,
        vendor,
        currency,
        invoice_id,
        count(*) as entry_count,
        sum(amount) as amount
    from issuer_entries
    group by accounting_period_start, vendor, currency, invoice_id

),

billed as (

    select
        "x_AccountingPeriodStart" as accounting_period_start,
        "InvoiceIssuerName" as vendor,
        "BillingCurrency" as currency,
        "InvoiceId" as invoice_id,
        count(*) as row_count,
        sum("BilledCost") as billed_cost,
        sum(case when "ChargeCategory" = 'Credit' then "BilledCost" else 0 end) as credit_cost,
        sum(case when "ChargeCategory" = 'Tax' then "BilledCost" else 0 end) as tax_cost
    from cost_and_usage
    group by "x_AccountingPeriodStart", "InvoiceIssuerName", "BillingCurrency", "InvoiceId"

),

compared as (

    select
        coalesce(booked.accounting_period_start, billed.accounting_period_start) as accounting_period_start,
        coalesce(booked.vendor, billed.vendor) as vendor,
        coalesce(booked.currency, billed.currency) as currency,
        coalesce(booked.invoice_id, billed.invoice_id) as invoice_id,
        coalesce(booked.entry_count, 0) as ledger_entry_count,
        coalesce(billed.row_count, 0) as focus_row_count,
        {{ focus_ai.money('coalesce(booked.amount, 0)') }} as ledger_amount,
        {{ focus_ai.money('coalesce(billed.billed_cost, 0)') }} as billed_cost,
        coalesce(billed.credit_cost, 0) as credit_cost,
        coalesce(billed.tax_cost, 0) as tax_cost
    from booked
    full outer join billed
        on
            booked.accounting_period_start = billed.accounting_period_start
            and booked.vendor = billed.vendor
            and booked.currency = billed.currency
            and coalesce(booked.invoice_id, '') = coalesce(billed.invoice_id, '')

),

differing as (

    select
        compared.*,
        compared.ledger_amount - compared.billed_cost as difference,
        sum(compared.ledger_amount - compared.billed_cost) over (
            partition by compared.vendor, compared.currency, compared.invoice_id
        ) as invoice_difference,
        sum(compared.ledger_entry_count) over (
            partition by compared.vendor, compared.currency, compared.invoice_id
        ) as invoice_entry_count,
        sum(compared.focus_row_count) over (
            partition by compared.vendor, compared.currency, compared.invoice_id
        ) as invoice_row_count,
        {{ focus_ai.invoice_line_tolerance('coalesce(currency_subunits.subunit, 0)') }} as tolerance
    from compared
    left join currency_subunits
        on compared.currency = currency_subunits.currency

),

final as (

    select
        accounting_period_start,
        vendor,
        currency,
        invoice_id,
        ledger_entry_count,
        focus_row_count,
        ledger_amount,
        billed_cost,
        {{ focus_ai.money('difference') }} as difference,
        case
            when difference = 0 then 'Tied'
            when abs(difference) <= tolerance then 'WithinTolerance'
            else 'Open'
        end as reconciliation_status,
        case
            when difference = 0 then null
            when abs(difference) <= tolerance then 'Rounding'
            when invoice_id is null and ledger_entry_count = 0 then 'NotInvoiced'
            when invoice_id is null then 'NoReference'
            when abs(invoice_difference) <= tolerance then 'Timing'
            when credit_cost <> 0 and abs(difference + credit_cost) <= tolerance then 'Credit'
            when tax_cost <> 0 and abs(difference + tax_cost) <= tolerance then 'Tax'
            when invoice_entry_count = 0 then 'NotInLedger'
            when invoice_row_count = 0 then 'NotInCost'
            else 'Unknown'
        end as difference_reason
    from differing

)

select * from final
