{#-
    Deterministic id of a natural key (MONEY.md R18): a hash over the fields' canonical text, in the order given.

    fields   SQL expressions of type text. Canonical text per type: timestamps through `utc_text`, decimals
             through `decimal_text`, whole numbers through `count_text`; null is written as U+2400.

    A value is preceded by its length, so that no two different keys have the same text.
-#}
{% macro hash_id(fields) %}
    {{ dbt.hash(focus_ai.canonical_text(fields)) }}
{%- endmacro %}

{#- The text that stands for a list of text fields: each as `length:value`, null as U+2400. -#}
{% macro canonical_text(fields) -%}
    {%- set parts = [] -%}
    {%- for field in fields -%}
        {%- do parts.append(
            "coalesce(cast(length(" ~ field ~ ") as " ~ focus_ai.type_text() ~ ") || ':' || " ~ field ~ ", '␀')"
        ) -%}
    {%- endfor -%}
    {{ parts | join(' || ') }}
{%- endmacro %}

{#- SHA-256 of a text's UTF-8 bytes: 64 lower-case hexadecimal digits. -#}
{% macro sha256(text) %}{{ return(adapter.dispatch('sha256', 'focus_ai')(text)) }}{% endmacro %}
{% macro default__sha256(text) %}sha2({{ text }}, 256){% endmacro %}
{% macro duckdb__sha256(text) %}sha256({{ text }}){% endmacro %}

{#- A decimal with 12 decimals, all written: `1.500000000000`. -#}
{% macro decimal_text(expression) -%}
cast(cast({{ expression }} as decimal(38,12)) as {{ focus_ai.type_text() }})
{%- endmacro %}

{#- A whole number without a point. -#}
{% macro count_text(expression) -%}
cast(cast({{ expression }} as {{ focus_ai.type_count() }}) as {{ focus_ai.type_text() }})
{%- endmacro %}
