{#- JSON text with a fixed key order, so that the same facts always give the same bytes. -#}

{#- A text value as a JSON string, escaped; null stays null. -#}
{% macro json_string(text) %}{{ return(adapter.dispatch('json_string', 'focus_ai')(text)) }}{% endmacro %}
{% macro default__json_string(text) -%}
    {%- set escaped = [text] -%}
    {%- for code, escape in [(92, '\\\\\\\\'), (34, '\\\\"'), (8, '\\\\b'), (9, '\\\\t'), (10, '\\\\n'), (12, '\\\\f'), (13, '\\\\r')] -%}
        {%- do escaped.append('replace(' ~ escaped.pop() ~ ', chr(' ~ code ~ "), '" ~ escape ~ "')") -%}
    {%- endfor -%}
    ('"' || {{ escaped[0] }} || '"')
{%- endmacro %}
{% macro duckdb__json_string(text) -%}
cast(to_json({{ text }}) as varchar)
{%- endmacro %}
{% macro snowflake__json_string(text) -%}
to_json(to_variant({{ text }}))
{%- endmacro %}

{#-
    JSON object text.

    pairs   list of (key, SQL expression of JSON text); write strings through `json_string`, numbers through
            `decimal_text` or `count_text`. Keys keep the order of the list; a key whose value is null is left out.
-#}
{% macro json_object(pairs) -%}
    {%- set members = [] -%}
    {%- for key, value in pairs -%}
        {%- do members.append("coalesce(',\"" ~ key ~ "\":' || " ~ value ~ ", '')") -%}
    {%- endfor -%}
    ('{' || substr({{ members | join(' || ') }}, 2) || '}')
{%- endmacro %}

{#- Pairs for `json_object` of text columns, under their own names. -#}
{% macro json_texts(columns) %}
    {%- set pairs = [] -%}
    {%- for name in columns -%}
        {%- do pairs.append((name, focus_ai.json_string(name))) -%}
    {%- endfor -%}
    {{ return(pairs) }}
{% endmacro %}

{#- The same of timestamps, as `YYYY-MM-DDTHH:MM:SSZ`. -#}
{% macro json_moments(columns) %}
    {%- set pairs = [] -%}
    {%- for name in columns -%}
        {%- do pairs.append((name, focus_ai.json_string(focus_ai.utc_text(name)))) -%}
    {%- endfor -%}
    {{ return(pairs) }}
{% endmacro %}
