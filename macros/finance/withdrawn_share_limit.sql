{#- Share of a closed month's cost whose evidence may be gone without failing a close (var, 0 to 1, default 0.01). -#}
{% macro withdrawn_share_limit() %}
    {%- set share = var('focus_ai_withdrawn_share_limit', 0.01) | string -%}
    {%- if not modules.re.fullmatch('0|1|[01]\\.0+|0?\\.[0-9]{1,6}', share) -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai: var focus_ai_withdrawn_share_limit must be a number from 0 to 1 with up to 6 decimals; it is: " ~ share
        ) }}
    {%- endif -%}
    {{ return(share) }}
{% endmacro %}
