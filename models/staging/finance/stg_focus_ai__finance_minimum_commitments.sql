{{ config(enabled=focus_ai.source_enabled('finance')) }}

with raw_rows as (

    {{ focus_ai.select_raw(
        'finance', 'minimum_commitments',
        required=[
            'commitment_id', 'source_relation', 'currency', 'period_start', 'period_end',
            'minimum_amount', 'recorded_at',
        ],
        optional=['billing_account_id', 'measure', 'description'],
        if_missing='empty',
    ) }}

)

select
    commitment_id,
    source_relation,
    billing_account_id,
    upper(currency) as currency,
    {{ focus_ai.parse_utc('period_start') }} as period_start,
    {{ focus_ai.parse_utc('period_end') }} as period_end,
    {{ focus_ai.money('minimum_amount') }} as minimum_amount,
    coalesce(measure, 'BilledCost') as measure,
    description,
    {{ focus_ai.parse_utc('recorded_at') }} as recorded_at
from raw_rows
