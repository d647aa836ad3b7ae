{#- Quantities are shared out whole: in tokens or requests where they are whole numbers, in millionths where not. -#}

{#- The unit that a quantity is shared out in: 1, or 0.000001. -#}
{% macro quantity_unit(quantity) -%}
case when mod({{ quantity }}, 1) = 0 then cast(1 as decimal(7,6)) else cast(0.000001 as decimal(7,6)) end
{%- endmacro %}

{#- The quantity in that unit, a whole number. -#}
{% macro quantity_units(quantity) -%}
cast(
    case when mod({{ quantity }}, 1) = 0 then {{ quantity }} else {{ quantity }} * 1000000 end
    as {{ focus_ai.type_count() }}
)
{%- endmacro %}

{#- The whole number in a decimal, towards zero. -#}
{% macro whole_part(expression) -%}
cast({{ expression }} - mod({{ expression }}, 1) as {{ focus_ai.type_count() }})
{%- endmacro %}
