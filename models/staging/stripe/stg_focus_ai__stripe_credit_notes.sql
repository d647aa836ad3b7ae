{{ config(enabled=focus_ai.source_enabled('stripe')) }}

with raw_credit_notes as (

    {{ focus_ai.select_raw(
        'stripe', 'credit_note',
        required=['id', 'invoice_id', 'created'],
        optional=['status', 'reason', 'voided_at', 'amount', 'subtotal', 'discount_amount', 'total'],
        if_missing='empty',
    ) }}

)

select
    id as credit_note_id,
    invoice_id,
    lower(status) as credit_note_status,
    reason,
    -- Before tax and after discounts, as far as the note tells them apart.
    coalesce(
        cast(subtotal as {{ focus_ai.type_count() }})
        - cast(coalesce(discount_amount, '0') as {{ focus_ai.type_count() }}),
        cast(coalesce(total, amount) as {{ focus_ai.type_count() }})
    ) as amount_minor_units,
    {{ focus_ai.parse_utc('created') }} as created_at,
    {{ focus_ai.parse_utc('voided_at') }} as voided_at
from raw_credit_notes
