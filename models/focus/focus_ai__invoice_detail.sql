{{ config(enabled=focus_ai.input_enabled('provider_invoices')) }}

with

invoice_lines as (

    select * from {{ ref('int_focus_ai__invoice_lines') }}

),

final as (

    select
        case
            when invoice_status = 'Voided' then {{ focus_ai.money('0') }}
            else line_amount
        end as "BilledCost",
        billing_account_id as "BillingAccountId",
        billing_currency as "BillingCurrency",
        billing_period_end as "BillingPeriodEnd",
        billing_period_start as "BillingPeriodStart",
        charge_category as "ChargeCategory",
        known_at as "InvoiceDetailCreated",
        line_description as "InvoiceDetailDescription",
        nullif({{ focus_ai.json_object([
            ('SkuMeter', focus_ai.json_string('sku_meter')),
            ('SubAccountId', focus_ai.json_string('sub_account_id')),
            ('x_ModelId', focus_ai.json_string('model_id')),
        ]) }}, '{}') as "InvoiceDetailGrain",
        invoice_line_id as "InvoiceDetailId",
        last_updated_at as "InvoiceDetailLastUpdated",
        invoice_id as "InvoiceId",
        issue_date as "InvoiceIssueDate",
        invoice_status as "InvoiceIssueStatus",
        invoice_issuer_name as "InvoiceIssuerName",
        billing_currency as "PaymentCurrency",
        case
            when invoice_status = 'Voided' then {{ focus_ai.money('0') }}
            else line_amount
        end as "PaymentCurrencyBilledCost",
        invoice_line_id as "PaymentCurrencyInvoiceDetailId",
        due_date as "PaymentDueDate",
        coalesce(
            nullif(trim(payment_terms), ''),
            cast({{ focus_ai.payment_terms('invoice_issuer_name') }} as {{ focus_ai.type_text() }})
        ) as "PaymentTerms",
        purchase_order_number as "PurchaseOrderNumber",
        reference_invoice_id as "ReferenceInvoiceId"
    from invoice_lines

)

select * from final
