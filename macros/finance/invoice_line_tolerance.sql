{#- The close tolerance of one line of an invoice, of the currency's smallest unit (var, default half of it; R8). -#}
{% macro invoice_line_tolerance(currency_subunit) -%}
    {{- focus_ai.multiply(
        currency_subunit, "'" ~ focus_ai.close_tolerance_per_line() ~ "'"
    ) -}}
{%- endmacro %}
