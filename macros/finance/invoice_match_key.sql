{#-
    The facts of a posted row that decide which invoice line it stands on (R9), as one id: int_focus_ai__posted and
    int_focus_ai__invoice_matches are joined on it.

    relation   alias of the relation that carries the columns
-#}
{% macro invoice_match_key(relation) -%}
    {%- set texts = [
        'invoice_issuer_name', 'billing_account_id', 'billing_currency', 'charge_category', 'charge_class',
        'sub_account_id', 'model_id', 'sku_meter', 'commitment_discount_status', 'origin_invoice_id',
        'origin_invoice_line_id',
    ] -%}
    {%- set moments = ['charge_period_start', 'billing_period_start', 'corrected_billing_period_start'] -%}
    {%- set fields = [] -%}
    {%- for name in texts -%}
        {%- do fields.append(relation ~ '.' ~ name) -%}
    {%- endfor -%}
    {%- for name in moments -%}
        {%- do fields.append(focus_ai.utc_text(relation ~ '.' ~ name)) -%}
    {%- endfor -%}
{{ focus_ai.hash_id(fields) }}
{%- endmacro %}
