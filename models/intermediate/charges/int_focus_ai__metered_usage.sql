{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set columns = {
    'source_relation': 'text',
    'usage_key': 'text',
    'billing_account_id': 'text',
    'sub_account_id': 'text',
    'credential_id': 'text',
    'principal_id': 'text',
    'usage_period_start': 'timestamp',
    'usage_period_end': 'timestamp',
    'model_id': 'text',
    'processing_tier': 'text',
    'context_window': 'text',
    'region_scope': 'text',
    'token_class': 'text',
    'quantity': 'count',
    'loaded_at': 'timestamp',
} %}

with

{% if focus_ai.input_enabled('provider_usage', ['openai', 'anthropic']) -%}
provider_usage as (

    select * from {{ ref('focus_ai__provider_usage') }}

),

ledger_versions as (

    select * from {{ ref('int_focus_ai__ledger_versions') }}

),

versions as (

    {{ focus_ai.ledger_versions('provider_usage', columns.keys() | list, 'usage_period_start') }}

),

final as (

    select
        ledger_version,
        known_at,
        {{ columns.keys() | join(',\n        ') }}
    from versions

)
{%- else -%}
final as (

    select
        {{ focus_ai.typed_null('text') }} as ledger_version,
        {{ focus_ai.typed_null('timestamp') }} as known_at,
        {{ focus_ai.null_columns(columns) }}
    where 1 = 0

)
{%- endif %}

select * from final
