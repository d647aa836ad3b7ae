{{ config(enabled=focus_ai.source_enabled('stripe')) }}

with raw_credit_notes as (

    {{ focus_ai.select_raw(
        'stripe', 'credit_note',
        required=['id', 'invoice_id', 'created'],
        optional=['status', 'reason', 'voided_at'],
        if_missing='empty',
    ) }}

)

select
    id as credit_note_id,
    invoice_id,
    lower(status) as credit_note_status,
    reason,
    {{ focus_ai.parse_utc('created') }} as created_at,
    {{ focus_ai.parse_utc('voided_at') }} as voided_at
from raw_credit_notes
