{#-
    How corrections stand in FOCUS (var focus_ai_correction_style, R13): `ledger`, a reversal and a re-entry; or `delta`,
    the difference of both where one row can say it.
-#}
{% macro correction_style() %}
    {%- set style = var('focus_ai_correction_style', 'ledger') -%}
    {%- if style not in ['ledger', 'delta'] -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai: var focus_ai_correction_style must be ledger or delta; it is: " ~ style
        ) }}
    {%- endif -%}
    {{ return(style) }}
{% endmacro %}
