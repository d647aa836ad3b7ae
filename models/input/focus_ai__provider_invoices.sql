{{ config(enabled=focus_ai.input_enabled('provider_invoices', ['provider_invoices'])) }}

{% set columns = {
    'invoice_id': focus_ai.type_text(),
    'invoice_issuer_name': focus_ai.type_text(),
    'billing_account_id': focus_ai.type_text(),
    'currency': focus_ai.type_text(),
    'issue_date': focus_ai.type_timestamp(),
    'due_date': focus_ai.type_timestamp(),
    'payment_terms': focus_ai.type_text(),
    'status': focus_ai.type_text(),
    'billing_period_start': focus_ai.type_timestamp(),
    'billing_period_end': focus_ai.type_timestamp(),
    'reference_invoice_id': focus_ai.type_text(),
    'purchase_order_number': focus_ai.type_text(),
    'created_at': focus_ai.type_timestamp(),
    'updated_at': focus_ai.type_timestamp(),
    'voided_at': focus_ai.type_timestamp(),
} %}

with unioned as (

    {{ focus_ai.union_input('provider_invoices', {
        'provider_invoices': 'stg_focus_ai__provider_invoices',
    }, columns) }}

)

select
    {{ columns.keys() | join(',\n    ') }}
from unioned
