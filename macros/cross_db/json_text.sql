{#- The value at a dotted path of a JSON text, as text; null when the path, or valid JSON, is not there. -#}
{% macro json_text(json, path) %}
    {{ return(adapter.dispatch('json_text', 'focus_ai')(json, path)) }}
{% endmacro %}

{% macro default__json_text(json, path) -%}
    get_json_object({{ json }}, '$.{{ path }}')
{%- endmacro %}

{% macro duckdb__json_text(json, path) -%}
    case when json_valid({{ json }}) then json_extract_string({{ json }}, '$.{{ path }}') end
{%- endmacro %}

{% macro snowflake__json_text(json, path) -%}
    cast(get_path(try_parse_json({{ json }}), '{{ path }}') as varchar)
{%- endmacro %}
