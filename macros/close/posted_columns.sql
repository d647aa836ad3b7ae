{#- Columns of the ledger's rows, {name: type}: what int_focus_ai__posted posts and a close freezes. -#}

{#- Amounts and quantities: a reversal turns their sign. -#}
{% macro reversed_columns() %}
    {{ return({
        'provider_reported_cost': 'money',
        'billed_cost': 'money',
        'effective_cost': 'money',
        'list_cost': 'money',
        'contracted_cost': 'money',
        'commitment_discount_quantity': 'money',
        'consumed_quantity': 'quantity',
        'pricing_quantity': 'quantity',
        'request_count': 'count',
    }) }}
{% endmacro %}

{#- What a correction says of its charge as the charge says it. -#}
{% macro carried_columns() %}
    {%- set columns = {} -%}
    {%- for name in [
        'sku_charge_id', 'charge_key', 'source_relation', 'endpoint', 'charge_category', 'charge_frequency',
        'charge_description', 'billing_account_id', 'sub_account_id', 'sub_account_name', 'sub_account_type',
    ] -%}
        {%- do columns.update({name: 'text'}) -%}
    {%- endfor -%}
    {%- do columns.update({'charge_period_start': 'timestamp', 'charge_period_end': 'timestamp'}) -%}
    {%- for name in [
        'service_provider_name', 'host_provider_name', 'invoice_issuer_name', 'service_name', 'billing_currency',
        'processing_tier', 'context_window', 'region_scope', 'modality', 'pricing_category',
        'commitment_discount_category', 'commitment_discount_id', 'commitment_discount_name',
        'commitment_discount_status', 'commitment_discount_type', 'commitment_discount_unit', 'resource_id',
        'resource_name', 'resource_type', 'origin_invoice_id', 'origin_invoice_line_id', 'model_id',
        'model_developer', 'model_family', 'model_version', 'token_class', 'token_direction', 'token_cache_action',
        'cache_retention', 'quantity_basis', 'consumed_unit', 'pricing_unit', 'sku_id', 'sku_meter', 'sku_price_id',
    ] -%}
        {%- do columns.update({name: 'text'}) -%}
    {%- endfor -%}
    {%- do columns.update({
        'list_unit_price': 'price',
        'contracted_unit_price': 'price',
        'list_price_basis': 'text',
        'contracted_price_basis': 'text',
        'allocated_method_id': 'text',
        'allocated_ratio': 'ratio',
        'allocated_usage_quantity': 'count',
        'allocated_usage_unit': 'text',
        'customer_name': 'text',
    }) -%}
    {%- do columns.update(focus_ai.attribution_columns()) -%}
    {{ return(columns) }}
{% endmacro %}

{#- All of a posted row. -#}
{% macro posted_columns() %}
    {%- set columns = {
        'posted_charge_id': 'text',
        'allocated_charge_id': 'text',
        'posting_kind': 'text',
        'charge_class': 'text',
        'accounting_period_start': 'timestamp',
        'billing_period_start': 'timestamp',
        'billing_period_end': 'timestamp',
        'original_accounting_period_start': 'timestamp',
        'original_billing_period_start': 'timestamp',
        'corrected_billing_period_start': 'timestamp',
        'corrected_invoice_id': 'text',
        'correction_reason': 'text',
    } -%}
    {%- do columns.update(focus_ai.carried_columns()) -%}
    {%- do columns.update(focus_ai.reversed_columns()) -%}
    {{ return(columns) }}
{% endmacro %}
