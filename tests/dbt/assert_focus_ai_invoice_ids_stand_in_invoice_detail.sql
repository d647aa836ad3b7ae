{#-
    A FOCUS row that names an invoice line names one that Invoice Detail has, of its own issuer and account, in its own
    currency and billing period, and not voided (IND-BillingPeriodStart-C-005-M, CAU-InvoiceDetailId-C-007-M).
    Returns the rows that do not, summed by what they name.
-#}
{{ config(
    enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('provider_invoices')
) }}

select
    cost_and_usage."InvoiceIssuerName",
    cost_and_usage."InvoiceId",
    cost_and_usage."InvoiceDetailId",
    cost_and_usage."BillingPeriodStart",
    count(*) as row_count
from {{ ref('focus_ai__cost_and_usage') }} as cost_and_usage
left join {{ ref('focus_ai__invoice_detail') }} as invoice_detail
    on
        cost_and_usage."InvoiceIssuerName" = invoice_detail."InvoiceIssuerName"
        and cost_and_usage."BillingAccountId" = invoice_detail."BillingAccountId"
        and cost_and_usage."BillingCurrency" = invoice_detail."BillingCurrency"
        and cost_and_usage."BillingPeriodStart" = invoice_detail."BillingPeriodStart"
        and cost_and_usage."BillingPeriodEnd" = invoice_detail."BillingPeriodEnd"
        and cost_and_usage."InvoiceId" = invoice_detail."InvoiceId"
        and cost_and_usage."InvoiceDetailId" = invoice_detail."InvoiceDetailId"
        and invoice_detail."InvoiceIssueStatus" <> 'Voided'
where
    (cost_and_usage."InvoiceId" is not null or cost_and_usage."InvoiceDetailId" is not null)
    and invoice_detail."InvoiceDetailId" is null
group by
    cost_and_usage."InvoiceIssuerName",
    cost_and_usage."InvoiceId",
    cost_and_usage."InvoiceDetailId",
    cost_and_usage."BillingPeriodStart"
