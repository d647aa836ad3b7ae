{#- Start of the company's accounting period that holds a UTC timestamp (R11): the calendar month in the company's time zone. -#}
{% macro accounting_period_start(timestamp) -%}
    {%- set time_zone = var('focus_ai_accounting_time_zone', 'UTC') -%}
    {%- if time_zone != 'UTC' -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai: var focus_ai_accounting_time_zone is '" ~ time_zone ~ "'; only 'UTC' is supported: provider bills come"
            ~ " in UTC days, which a month of another zone would cut in two"
        ) }}
    {%- endif -%}
{{ focus_ai.month_start(timestamp) }}
{%- endmacro %}
