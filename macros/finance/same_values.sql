{#- Two relations agree in the columns, none of which is null: a join condition. -#}
{% macro same_values(left, right, columns) -%}
    {%- set equalities = [] -%}
    {%- for column in columns -%}
        {%- do equalities.append(left ~ '.' ~ column ~ ' = ' ~ right ~ '.' ~ column) -%}
    {%- endfor -%}
    {{- equalities | join(' and ') -}}
{%- endmacro %}
