{{ config(enabled=focus_ai.any_cost_source()) }}

with

billing_periods as (

    select * from {{ ref('int_focus_ai__billing_periods') }}

),

final as (

    select
        created_at as "BillingPeriodCreated",
        billing_period_end as "BillingPeriodEnd",
        last_updated_at as "BillingPeriodLastUpdated",
        billing_period_start as "BillingPeriodStart",
        status as "BillingPeriodStatus",
        invoice_issuer_name as "InvoiceIssuerName"
    from billing_periods

)

select * from final
