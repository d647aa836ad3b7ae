{%- set has_log = focus_ai.input_enabled('close_log', ['finance']) %}
{%- set has_ledger = focus_ai.any_cost_source() %}
{{ config(enabled=has_log or has_ledger) }}

{% set columns = {
    'company_id': focus_ai.type_text(),
    'accounting_period_start': focus_ai.type_timestamp(),
    'invoice_issuer_name': focus_ai.type_text(),
    'billing_period_start': focus_ai.type_timestamp(),
    'action': focus_ai.type_text(),
    'closed_at': focus_ai.type_timestamp(),
    'closed_by': focus_ai.type_text(),
    'reviewed_by': focus_ai.type_text(),
    'reason': focus_ai.type_text(),
} %}

with

{% if has_log -%}
logged as (

    {{ focus_ai.union_input('close_log', {
        'finance': 'stg_focus_ai__finance_close_log',
    }, columns) }}

),
{%- endif %}

{% if has_ledger -%}
closes as (

    select * from {{ ref('focus_ai__closes') }}

),
{%- endif %}

final as (

    {% if has_log -%}
    select
        {{ columns.keys() | join(',\n        ') }},
        {{ focus_ai.typed_null('text') }} as close_id
    from logged
    {%- endif %}
    {{ 'union all' if has_log and has_ledger }}
    {% if has_ledger -%}
    select
        company_id,
        accounting_period_start,
        {{ focus_ai.typed_null('text') }} as invoice_issuer_name,
        {{ focus_ai.typed_null('timestamp') }} as billing_period_start,
        action,
        closed_at,
        closed_by,
        reviewed_by,
        reason,
        close_id
    from closes
    {%- endif %}

)

select * from final
