{#- How far one line of an invoice may be off, in subunits of its currency (var, default 0.5; R8). -#}
{% macro close_tolerance_per_line() %}
    {%- set subunits = var('focus_ai_close_tolerance_per_line_subunits', 0.5) | string -%}
    {%- if not modules.re.fullmatch('[0-9]{1,6}(\\.[0-9]{1,6})?', subunits) -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai: var focus_ai_close_tolerance_per_line_subunits must be a number with up to 6 decimals; it is: "
            ~ subunits
        ) }}
    {%- endif -%}
    {{ return(subunits) }}
{% endmacro %}
