{#- Days after the end of a month at which its first figures are taken (var, whole number from 0 to 60, default 1). -#}
{% macro flash_days() %}
    {%- set days = var('focus_ai_flash_days', 1) | string -%}
    {%- if not modules.re.fullmatch('[0-9]|[1-5][0-9]|60', days) -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai: var focus_ai_flash_days must be a whole number from 0 to 60; it is: " ~ days
        ) }}
    {%- endif -%}
    {{ return(days | int) }}
{% endmacro %}
