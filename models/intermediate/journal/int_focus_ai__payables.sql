{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set key = [
    'accounting_period_start', 'source_relation', 'billing_account_id', 'invoice_issuer_name', 'billing_currency',
    'charge_category', 'commitment_discount_status', 'cost_class', 'cost_center', 'invoice_id', 'settlement',
] %}

with

cost_and_usage as (

    select * from {{ ref('focus_ai__cost_and_usage') }}

),

invoice_lines as (

    select * from {{ ref('int_focus_ai__invoice_lines') }}
    where invoice_status = 'Issued'

),

accounting_periods as (

    select
        accounting_period_start,
        closed_at
    from {{ ref('int_focus_ai__accounting_periods') }}

),

-- What prepaid credits pay is cost when drawn or expired; all else when it is billed. A reclass moves cost
-- from one owner to another, and no invoice will ever come for it.
charges as (

    select
        "x_AccountingPeriodStart" as accounting_period_start,
        "x_SourceRelation" as source_relation,
        "BillingAccountId" as billing_account_id,
        "InvoiceIssuerName" as invoice_issuer_name,
        "BillingCurrency" as billing_currency,
        "ChargeCategory" as charge_category,
        "CommitmentDiscountStatus" as commitment_discount_status,
        coalesce("x_CostClass", 'Unclassified') as cost_class,
        "x_CostCenter" as cost_center,
        case when "CommitmentDiscountStatus" is null then "InvoiceId" end as invoice_id,
        case
            when "CommitmentDiscountStatus" is not null then 'PrepaidCredits'
            when "x_CorrectionReason" = 'Reclass' then 'Reclass'
            else 'Invoice'
        end as settlement,
        case when "CommitmentDiscountStatus" is null then "BilledCost" else "EffectiveCost" end as amount
    from cost_and_usage

),

summed as (

    select
        {{ key | join(',\n        ') }},
        sum(amount) as amount
    from charges
    where amount <> 0
    group by
        {{ key | join(',\n        ') }}

),

issued_invoices as (

    select
        invoice_issuer_name,
        invoice_id,
        max(greatest(known_at, coalesce(issue_date, known_at))) as issued_at
    from invoice_lines
    group by invoice_issuer_name, invoice_id

),

invoiced_periods as (

    select distinct
        accounting_period_start,
        invoice_issuer_name,
        invoice_id
    from summed
    where invoice_id is not null

),

-- An invoice is booked in the first period, from that of its cost on, that was open when it was issued.
bookings as (

    select
        invoiced_periods.accounting_period_start,
        invoiced_periods.invoice_issuer_name,
        invoiced_periods.invoice_id,
        issued_invoices.issued_at,
        min(accounting_periods.accounting_period_start) as booked_period_start
    from invoiced_periods
    inner join issued_invoices
        on
            invoiced_periods.invoice_issuer_name = issued_invoices.invoice_issuer_name
            and invoiced_periods.invoice_id = issued_invoices.invoice_id
    inner join accounting_periods
        on
            invoiced_periods.accounting_period_start <= accounting_periods.accounting_period_start
            and (
                accounting_periods.closed_at is null
                or issued_invoices.issued_at <= accounting_periods.closed_at
            )
    group by
        invoiced_periods.accounting_period_start,
        invoiced_periods.invoice_issuer_name,
        invoiced_periods.invoice_id,
        issued_invoices.issued_at

),

final as (

    select
        {{ focus_ai.column_list(key, 'summed') }},
        bookings.issued_at,
        case
            when summed.settlement = 'Invoice' then bookings.booked_period_start
            else summed.accounting_period_start
        end as booked_period_start,
        {{ focus_ai.money('summed.amount') }} as amount
    from summed
    left join bookings
        on
            summed.accounting_period_start = bookings.accounting_period_start
            and summed.invoice_issuer_name = bookings.invoice_issuer_name
            and summed.invoice_id = bookings.invoice_id

)

select * from final
