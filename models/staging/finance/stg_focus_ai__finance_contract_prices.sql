{{ config(enabled=focus_ai.source_enabled('finance')) }}

with raw_rows as (

    {{ focus_ai.select_raw(
        'finance', 'contract_prices',
        required=[
            'price_id', 'source_relation', 'billing_account_id', 'model_id', 'token_class', 'currency',
            'pricing_unit', 'unit_price', 'effective_from', 'recorded_at',
        ],
        optional=['processing_tier', 'context_window', 'effective_to', 'recorded_by'],
    ) }}

)

select
    price_id,
    source_relation,
    billing_account_id,
    model_id,
    token_class,
    processing_tier,
    context_window,
    upper(currency) as currency,
    pricing_unit,
    cast(unit_price as {{ focus_ai.type_price() }}) as unit_price,
    {{ focus_ai.parse_utc('effective_from') }} as effective_from,
    {{ focus_ai.parse_utc('effective_to') }} as effective_to,
    {{ focus_ai.parse_utc('recorded_at') }} as recorded_at,
    recorded_by
from raw_rows
