{{ config(enabled=focus_ai.source_enabled('finance')) }}

with raw_rows as (

    {{ focus_ai.select_raw(
        'finance', 'prepaid_grants',
        required=[
            'grant_id', 'source_relation', 'billing_account_id', 'purchased_at', 'face_amount',
            'currency', 'paid_amount', 'recorded_at',
        ],
        optional=['expires_at', 'invoice_id', 'invoice_line_id'],
    ) }}

)

select
    grant_id,
    source_relation,
    billing_account_id,
    {{ focus_ai.parse_utc('purchased_at') }} as purchased_at,
    {{ focus_ai.parse_utc('expires_at') }} as expires_at,
    {{ focus_ai.money('face_amount') }} as face_amount,
    upper(currency) as currency,
    {{ focus_ai.money('paid_amount') }} as paid_amount,
    invoice_id,
    invoice_line_id,
    {{ focus_ai.parse_utc('recorded_at') }} as recorded_at
from raw_rows
