{{ config(enabled=focus_ai.source_enabled('finance')) }}

with raw_rows as (

    {{ focus_ai.select_raw(
        'finance', 'fx_rates',
        required=['month', 'from_currency', 'to_currency', 'rate_type', 'rate', 'recorded_at'],
    ) }}

)

select
    cast(month as date) as month,
    upper(from_currency) as from_currency,
    upper(to_currency) as to_currency,
    lower(rate_type) as rate_type,
    cast(rate as {{ focus_ai.type_ratio() }}) as rate,
    {{ focus_ai.parse_utc('recorded_at') }} as recorded_at
from raw_rows
