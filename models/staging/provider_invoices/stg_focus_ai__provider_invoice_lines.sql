{{ config(enabled=focus_ai.source_enabled('provider_invoices')) }}

with raw_rows as (

    {{ focus_ai.select_raw(
        'provider_invoices', 'invoice_lines',
        required=['invoice_line_id', 'invoice_id', 'line_type', 'amount', 'service_start', 'service_end'],
        optional=['description', 'sub_account_id', 'model_id', 'sku_meter', 'tax_rate', 'updated_at'],
    ) }}

)

select
    invoice_line_id,
    invoice_id,
    line_type,
    description,
    {{ focus_ai.money('amount') }} as amount,
    {{ focus_ai.parse_utc('service_start') }} as service_start,
    {{ focus_ai.parse_utc('service_end') }} as service_end,
    sub_account_id,
    model_id,
    sku_meter,
    cast(tax_rate as {{ focus_ai.type_ratio() }}) as tax_rate,
    {{ focus_ai.parse_utc('updated_at') }} as updated_at
from raw_rows
