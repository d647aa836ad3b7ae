{{ config(enabled=focus_ai.source_enabled('provider_invoices')) }}

with raw_rows as (

    {{ focus_ai.select_raw(
        'provider_invoices', 'invoices',
        required=[
            'invoice_id', 'invoice_issuer_name', 'billing_account_id', 'currency', 'issue_date',
            'status', 'billing_period_start', 'billing_period_end',
        ],
        optional=[
            'due_date', 'payment_terms', 'reference_invoice_id', 'purchase_order_number', 'created_at',
            'updated_at', 'voided_at',
        ],
    ) }}

)

select
    invoice_id,
    invoice_issuer_name,
    billing_account_id,
    upper(currency) as currency,
    {{ focus_ai.parse_utc('issue_date') }} as issue_date,
    {{ focus_ai.parse_utc('due_date') }} as due_date,
    payment_terms,
    status,
    {{ focus_ai.parse_utc('billing_period_start') }} as billing_period_start,
    {{ focus_ai.parse_utc('billing_period_end') }} as billing_period_end,
    reference_invoice_id,
    purchase_order_number,
    {{ focus_ai.parse_utc('created_at') }} as created_at,
    {{ focus_ai.parse_utc('updated_at') }} as updated_at,
    {{ focus_ai.parse_utc('voided_at') }} as voided_at
from raw_rows
