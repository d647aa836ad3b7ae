{#-
    Columns of a charge that comes from the company's finance tables, not from a provider's cost API: prepaid grants,
    invoice lines, rounding. They are the columns of a provider charge and what finance adds to it: {name: type}.
-#}
{% macro charge_columns() %}
    {{ return({
        'ledger_version': 'text',
        'accounting_period_start': 'timestamp',
        'source_relation': 'text',
        'charge_key': 'text',
        'endpoint': 'text',
        'charge_category': 'text',
        'charge_class': 'text',
        'charge_frequency': 'text',
        'charge_description': 'text',
        'billing_account_id': 'text',
        'sub_account_id': 'text',
        'sub_account_name': 'text',
        'sub_account_type': 'text',
        'credential_id': 'text',
        'charge_period_start': 'timestamp',
        'charge_period_end': 'timestamp',
        'billing_period_start': 'timestamp',
        'billing_period_end': 'timestamp',
        'service_provider_name': 'text',
        'host_provider_name': 'text',
        'invoice_issuer_name': 'text',
        'service_name': 'text',
        'billing_currency': 'text',
        'provider_reported_cost': 'money',
        'provider_quantity': 'quantity',
        'provider_quantity_unit': 'text',
        'model_id': 'text',
        'token_class': 'text',
        'processing_tier': 'text',
        'context_window': 'text',
        'region_scope': 'text',
        'modality': 'text',
        'raw_line_item': 'text',
        'loaded_at': 'timestamp',
        'superseded_at': 'timestamp',
        'billed_cost': 'money',
        'effective_cost': 'money',
        'pricing_category': 'text',
        'commitment_discount_category': 'text',
        'commitment_discount_id': 'text',
        'commitment_discount_name': 'text',
        'commitment_discount_quantity': 'money',
        'commitment_discount_status': 'text',
        'commitment_discount_type': 'text',
        'commitment_discount_unit': 'text',
        'resource_id': 'text',
        'resource_name': 'text',
        'resource_type': 'text',
        'tax_rate': 'ratio',
        'origin_invoice_id': 'text',
        'origin_invoice_line_id': 'text',
        'corrected_billing_period_start': 'timestamp',
        'corrected_invoice_id': 'text',
        'correction_reason': 'text',
    }) }}
{% endmacro %}

{#-
    The select list of such charges: each column cast to its type, in the order above.

    values   {column: SQL expression}; a column that is not named is null, an unknown one stops the run
-#}
{% macro select_charge(values) -%}
    {%- set columns = focus_ai.charge_columns() -%}
    {%- for name in values if name not in columns -%}
        {{ exceptions.raise_compiler_error("focus_ai: select_charge does not know the column '" ~ name ~ "'") }}
    {%- endfor -%}
    {%- for name, type in columns.items() %}
        cast({{ values.get(name, 'null') }} as {{ focus_ai['type_' ~ type]() }}) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
