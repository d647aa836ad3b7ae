{{ config(enabled=focus_ai.source_enabled('general_ledger')) }}

with raw_rows as (

    {{ focus_ai.select_raw(
        'general_ledger', 'gl_entries',
        required=['entry_id', 'posting_date', 'account', 'currency', 'amount'],
        optional=['cost_center', 'vendor', 'reference', 'posted_at'],
    ) }}

)

select
    entry_id,
    cast(posting_date as date) as posting_date,
    account,
    cost_center,
    vendor,
    upper(currency) as currency,
    {{ focus_ai.money('amount') }} as amount,
    reference,
    {{ focus_ai.parse_utc('posted_at') }} as posted_at
from raw_rows
