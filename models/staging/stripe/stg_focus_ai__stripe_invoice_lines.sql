{{ config(enabled=focus_ai.source_enabled('stripe')) }}

with raw_lines as (

    {{ focus_ai.select_raw(
        'stripe', 'invoice_line_item',
        required=['id', 'invoice_id', 'amount', 'currency', 'period_start', 'period_end'],
        optional=['invoice_item_id', 'description', 'type', 'metadata'],
    ) }}

)

select
    id as invoice_line_id,
    invoice_id,
    invoice_item_id,
    description,
    type as line_type,
    upper(currency) as currency,
    cast(amount as {{ focus_ai.type_count() }}) as amount_minor_units,
    {{ focus_ai.parse_utc('period_start') }} as service_period_start,
    {{ focus_ai.parse_utc('period_end') }} as service_period_end,
    {{ focus_ai.json_text('metadata', 'product_line') }} as product_line
from raw_lines
