{#- Months in a row in which a margin must fall to be at risk (var, whole number from 1 to 24, default 2). -#}
{% macro falling_margin_months() %}
    {%- set months = var('focus_ai_falling_margin_months', 2) | string -%}
    {%- if not modules.re.fullmatch('[1-9]|1[0-9]|2[0-4]', months) -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai: var focus_ai_falling_margin_months must be a whole number from 1 to 24; it is: " ~ months
        ) }}
    {%- endif -%}
    {{ return(months | int) }}
{% endmacro %}


{#- Share of all revenue or cost of revenue from which one customer is a risk (var, above 0 to 1, default 0.2). -#}
{% macro concentration_share() %}
    {%- set share = var('focus_ai_concentration_share', 0.2) | string -%}
    {%- if not modules.re.fullmatch('1|0?\\.[0-9]{0,5}[1-9]0*', share) -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai: var focus_ai_concentration_share must be a number above 0, at most 1, with up to 6 decimals; it is: " ~ share
        ) }}
    {%- endif -%}
    {{ return(share) }}
{% endmacro %}
