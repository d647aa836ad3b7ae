{{ config(enabled=focus_ai.source_enabled('stripe')) }}

with raw_lines as (

    {{ focus_ai.select_raw(
        'stripe', 'credit_note_line_item',
        required=['id', 'credit_note_id', 'amount'],
        optional=['discount_amount', 'invoice_line_item_id'],
        if_missing='empty',
    ) }}

)

select
    id as credit_note_line_id,
    credit_note_id,
    invoice_line_item_id as invoice_line_id,
    cast(amount as {{ focus_ai.type_count() }})
    - cast(coalesce(discount_amount, '0') as {{ focus_ai.type_count() }}) as amount_minor_units
from raw_lines
