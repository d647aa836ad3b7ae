{#-
    The select list of a FOCUS dataset: each column cast to its type, under its exact, quoted name.

    columns      list of (name, type as in typed_null, SQL expression)
    expressions  {name: SQL expression}: what stands in for a column's own expression
    absent       names of columns that are null
-#}
{% macro cast_columns(columns, expressions={}, absent=[], indent=8) -%}
    {%- set casts = [] -%}
    {%- for name, type, expression in columns -%}
        {%- set sql_type = focus_ai['type_' ~ type]() -%}
        {%- set value = 'null' if name in absent else expressions.get(name, expression) -%}
        {%- do casts.append('cast(' ~ value ~ ' as ' ~ sql_type ~ ') as "' ~ name ~ '"') -%}
    {%- endfor -%}
{{ casts | join(',\n' ~ ' ' * indent) }}
{%- endmacro %}
