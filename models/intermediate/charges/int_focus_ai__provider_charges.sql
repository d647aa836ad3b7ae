{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set columns = [
    'source_relation', 'charge_key', 'endpoint', 'group_by', 'charge_category', 'charge_frequency',
    'charge_description', 'billing_account_id', 'sub_account_id', 'sub_account_name', 'sub_account_type',
    'credential_id', 'charge_period_start', 'charge_period_end', 'billing_period_start', 'billing_period_end',
    'service_provider_name', 'host_provider_name', 'invoice_issuer_name', 'service_name', 'billing_currency',
    'provider_reported_cost', 'provider_quantity', 'provider_quantity_unit', 'model_id', 'token_class',
    'processing_tier', 'context_window', 'region_scope', 'modality', 'raw_line_item', 'loaded_at', 'superseded_at',
] %}

with

billed_cost as (

    select * from {{ ref('focus_ai__billed_cost') }}

),

ledger_versions as (

    select * from {{ ref('int_focus_ai__ledger_versions') }}

),

versions as (

    {{ focus_ai.ledger_versions('billed_cost', columns, 'charge_period_start') }}

),

final as (

    select
        ledger_version,
        accounting_period_start,
        known_at,
        {{ focus_ai.column_list(columns) }}
    from versions

)

select * from final
