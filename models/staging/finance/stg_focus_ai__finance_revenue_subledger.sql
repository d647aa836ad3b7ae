{{ config(enabled=focus_ai.source_enabled('finance')) }}

with raw_rows as (

    {{ focus_ai.select_raw(
        'finance', 'revenue_subledger',
        required=['entry_id', 'posting_date', 'currency', 'amount'],
        optional=['billing_customer_id', 'invoice_id', 'posted_at'],
        if_missing='empty',
    ) }}

)

select
    entry_id,
    cast(posting_date as date) as posting_date,
    billing_customer_id,
    invoice_id,
    upper(currency) as currency,
    {{ focus_ai.money('amount') }} as amount,
    {{ focus_ai.parse_utc('posted_at') }} as posted_at
from raw_rows
