{#-
    Whole quotient of two whole numbers >= 0, rounded down, exact at any size (the type is type_wide_integer).

    DuckDB divides decimals to DOUBLE and Snowflake to six more decimals, rounded; so the dividend is made an
    exact multiple first, or the division is one of integers. The divisor must not be 0.
-#}
{% macro integer_divide(dividend, divisor) %}{{ return(adapter.dispatch('integer_divide', 'focus_ai')(dividend, divisor)) }}{% endmacro %}
{% macro default__integer_divide(dividend, divisor) -%}
cast(
    ({{ dividend }} - mod({{ dividend }}, {{ divisor }})) / {{ divisor }} as {{ focus_ai.type_wide_integer() }}
)
{%- endmacro %}
{% macro duckdb__integer_divide(dividend, divisor) -%}
(cast({{ dividend }} as hugeint) // cast({{ divisor }} as hugeint))
{%- endmacro %}
