{%- set has_log = focus_ai.input_enabled('close_log') %}
{%- set has_ledger = focus_ai.any_cost_source() %}
{{ config(enabled=has_log or has_ledger) }}

{% set columns = {
    'company_id': 'text',
    'accounting_period_start': 'timestamp',
    'invoice_issuer_name': 'text',
    'billing_period_start': 'timestamp',
    'action': 'text',
    'closed_at': 'timestamp',
    'closed_by': 'text',
    'reviewed_by': 'text',
    'reason': 'text',
} %}

with

{% if has_log -%}
logged as (

    {{ focus_ai.union_input('close_log', columns) }}

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
