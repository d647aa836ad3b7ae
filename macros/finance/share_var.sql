{#- A var that is a share, 0 to 1; anything else stops the run before it is written into SQL. -#}
{% macro share_var(name, default) %}
    {%- set share = var(name, default) | string -%}
    {%- if not modules.re.fullmatch('0|1|[01]\\.0+|0?\\.[0-9]{1,6}', share) -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai: var " ~ name ~ " must be a number from 0 to 1 with up to 6 decimals; it is: " ~ share
        ) }}
    {%- endif -%}
    {{ return(share) }}
{% endmacro %}
