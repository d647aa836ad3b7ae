{{ config(enabled=focus_ai.input_enabled('provider_invoice_lines', ['provider_invoices'])) }}

{% set columns = {
    'invoice_line_id': focus_ai.type_text(),
    'invoice_id': focus_ai.type_text(),
    'line_type': focus_ai.type_text(),
    'description': focus_ai.type_text(),
    'amount': focus_ai.type_money(),
    'service_start': focus_ai.type_timestamp(),
    'service_end': focus_ai.type_timestamp(),
    'sub_account_id': focus_ai.type_text(),
    'model_id': focus_ai.type_text(),
    'sku_meter': focus_ai.type_text(),
    'tax_rate': focus_ai.type_ratio(),
    'updated_at': focus_ai.type_timestamp(),
} %}

with unioned as (

    {{ focus_ai.union_input('provider_invoice_lines', {
        'provider_invoices': 'stg_focus_ai__provider_invoice_lines',
    }, columns) }}

)

select
    {{ columns.keys() | join(',\n    ') }}
from unioned
