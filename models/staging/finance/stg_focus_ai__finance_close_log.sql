{{ config(enabled=focus_ai.source_enabled('finance')) }}

with raw_rows as (

    {{ focus_ai.select_raw(
        'finance', 'close_log',
        required=[
            'company_id', 'accounting_period_start', 'invoice_issuer_name', 'billing_period_start',
            'action', 'closed_at',
        ],
        optional=['closed_by', 'reviewed_by', 'reason'],
    ) }}

)

select
    company_id,
    {{ focus_ai.accounting_period_named_by(focus_ai.parse_utc('accounting_period_start')) }}
        as accounting_period_start,
    invoice_issuer_name,
    {{ focus_ai.parse_utc('billing_period_start') }} as billing_period_start,
    action,
    {{ focus_ai.parse_utc('closed_at') }} as closed_at,
    closed_by,
    reviewed_by,
    reason
from raw_rows
