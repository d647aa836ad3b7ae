{{ config(enabled=focus_ai.source_enabled('attribution')) }}

with raw_rows as (

    {{ focus_ai.select_raw(
        'attribution', 'customer_identifiers',
        required=['customer_id', 'identifier_type', 'identifier', 'effective_from', 'recorded_at'],
        optional=['effective_to'],
    ) }}

)

select
    customer_id,
    identifier_type,
    identifier,
    {{ focus_ai.parse_utc('effective_from') }} as effective_from,
    {{ focus_ai.parse_utc('effective_to') }} as effective_to,
    {{ focus_ai.parse_utc('recorded_at') }} as recorded_at
from raw_rows
