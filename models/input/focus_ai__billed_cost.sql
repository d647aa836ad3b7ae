{{ config(enabled=focus_ai.any_cost_source()) }}

{% set columns = {
    'source_relation': focus_ai.type_text(),
    'charge_key': focus_ai.type_text(),
    'endpoint': focus_ai.type_text(),
    'group_by': focus_ai.type_text(),
    'charge_category': focus_ai.type_text(),
    'charge_frequency': focus_ai.type_text(),
    'charge_description': focus_ai.type_text(),
    'billing_account_id': focus_ai.type_text(),
    'sub_account_id': focus_ai.type_text(),
    'sub_account_name': focus_ai.type_text(),
    'sub_account_type': focus_ai.type_text(),
    'credential_id': focus_ai.type_text(),
    'charge_period_start': focus_ai.type_timestamp(),
    'charge_period_end': focus_ai.type_timestamp(),
    'billing_period_start': focus_ai.type_timestamp(),
    'billing_period_end': focus_ai.type_timestamp(),
    'service_provider_name': focus_ai.type_text(),
    'host_provider_name': focus_ai.type_text(),
    'invoice_issuer_name': focus_ai.type_text(),
    'service_name': focus_ai.type_text(),
    'billing_currency': focus_ai.type_text(),
    'provider_reported_cost': focus_ai.type_money(),
    'provider_quantity': focus_ai.type_quantity(),
    'provider_quantity_unit': focus_ai.type_text(),
    'model_id': focus_ai.type_text(),
    'token_class': focus_ai.type_text(),
    'processing_tier': focus_ai.type_text(),
    'context_window': focus_ai.type_text(),
    'region_scope': focus_ai.type_text(),
    'modality': focus_ai.type_text(),
    'raw_line_item': focus_ai.type_text(),
    'loaded_at': focus_ai.type_timestamp(),
    'superseded_at': focus_ai.type_timestamp(),
} %}

with unioned as (

    {{ focus_ai.union_input('billed_cost', {
        'openai': 'stg_focus_ai__openai_costs',
        'anthropic': 'stg_focus_ai__anthropic_cost_report',
    }, columns) }}

)

select
    {{ columns.keys() | join(',\n    ') }}
from unioned
