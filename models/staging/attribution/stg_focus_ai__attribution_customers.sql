{{ config(enabled=focus_ai.source_enabled('attribution')) }}

with raw_rows as (

    {{ focus_ai.select_raw(
        'attribution', 'customers',
        required=['customer_id', 'customer_name', 'recorded_at'],
        optional=['segment', 'is_internal', 'currency'],
    ) }}

)

select
    customer_id,
    customer_name,
    segment,
    lower(is_internal) in ('true', '1', 't') as is_internal,
    upper(currency) as currency,
    {{ focus_ai.parse_utc('recorded_at') }} as recorded_at
from raw_rows
