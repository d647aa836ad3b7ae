{#- Lists of columns in a select: written once, in a model's head, and used by name. -#}

{#- `relation.a, relation.b`, one a line. -#}
{% macro column_list(columns, relation=none, indent=8) -%}
    {%- set prefix = relation ~ '.' if relation else '' -%}
{{ prefix }}{{ columns | join(',\n' ~ ' ' * indent ~ prefix) }}
{%- endmacro %}

{#- A typed null for each column of {name: type}; types as in `typed_null`. -#}
{% macro null_columns(columns, indent=8) -%}
    {%- set expressions = [] -%}
    {%- for name, type in columns.items() -%}
        {%- do expressions.append(focus_ai.typed_null(type) ~ ' as ' ~ name) -%}
    {%- endfor -%}
{{ expressions | join(',\n' ~ ' ' * indent) }}
{%- endmacro %}

{#- `left.a = right.a and left.b = right.b`; a null equals nothing. -#}
{% macro same_columns(columns, left, right, indent=12) -%}
    {%- set conditions = [] -%}
    {%- for name in columns -%}
        {%- do conditions.append(left ~ '.' ~ name ~ ' = ' ~ right ~ '.' ~ name) -%}
    {%- endfor -%}
{{ conditions | join('\n' ~ ' ' * indent ~ 'and ') }}
{%- endmacro %}

{#- Amounts under their own names, with their sign ('-') turned or kept (''). -#}
{% macro signed_columns(columns, relation, sign, indent=8) -%}
    {%- set expressions = [] -%}
    {%- for name in columns -%}
        {%- do expressions.append(sign ~ relation ~ '.' ~ name ~ ' as ' ~ name) -%}
    {%- endfor -%}
{{ expressions | join(',\n' ~ ' ' * indent) }}
{%- endmacro %}
