{#- A property of SkuPriceDetails as text: its key has an `x_` unless the FOCUS version written defines it. -#}
{% macro sku_detail(sku_price_details, key) -%}
coalesce({{ focus_ai.json_text(sku_price_details, 'x_' ~ key) }}, {{ focus_ai.json_text(sku_price_details, key) }})
{%- endmacro %}
