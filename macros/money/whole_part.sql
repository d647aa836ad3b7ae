{#- The whole number in a decimal, towards zero; what is left is `x - whole_part(x)`. -#}
{% macro whole_part(expression) -%}
cast({{ expression }} - mod({{ expression }}, 1) as {{ focus_ai.type_count() }})
{%- endmacro %}
