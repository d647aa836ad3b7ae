{{ config(enabled=focus_ai.source_enabled('finance')) }}

with raw_rows as (

    {{ focus_ai.select_raw(
        'finance', 'close_signoffs',
        required=['accounting_period_start', 'check_name', 'prepared_by', 'prepared_at'],
        optional=['reviewed_by', 'reviewed_at', 'note'],
        if_missing='empty',
    ) }}

)

select
    {{ focus_ai.accounting_period_named_by(focus_ai.parse_utc('accounting_period_start')) }}
        as accounting_period_start,
    check_name,
    prepared_by,
    {{ focus_ai.parse_utc('prepared_at') }} as prepared_at,
    reviewed_by,
    {{ focus_ai.parse_utc('reviewed_at') }} as reviewed_at,
    note
from raw_rows
