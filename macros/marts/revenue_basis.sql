{#-
    When revenue counts (var focus_ai_revenue_basis): `recognised` over the service period, or `billed` as a whole when
    the invoice was booked.
-#}
{% macro revenue_basis() %}
    {%- set basis = var('focus_ai_revenue_basis', 'recognised') -%}
    {%- if basis not in ['recognised', 'billed'] -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai: var focus_ai_revenue_basis must be recognised or billed; it is: " ~ basis
        ) }}
    {%- endif -%}
    {{ return(basis) }}
{% endmacro %}
