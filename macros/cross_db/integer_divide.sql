{#-
    Whole quotient of two whole numbers >= 0, rounded down, exact at any size (the type is type_wide_integer).

    No warehouse divides wide numbers exactly: DuckDB gives DOUBLE, Snowflake six more decimals, rounded. So the
    dividend is made an exact multiple first, or the division is one of integers; on Snowflake a first guess is put
    right by what it leaves, so that the guess may be off. The divisor must not be 0.
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
{% macro snowflake__integer_divide(dividend, divisor) -%}
    {%- set wide = focus_ai.type_wide_integer() -%}
    {%- set guess = 'cast(trunc(' ~ dividend ~ ' / ' ~ divisor ~ ') as ' ~ wide ~ ')' -%}
    {%- set rest = '(' ~ dividend ~ ' - ' ~ guess ~ ' * ' ~ divisor ~ ')' -%}
(
    {{ guess }}
    + cast(({{ rest }} - mod(mod({{ rest }}, {{ divisor }}) + {{ divisor }}, {{ divisor }})) / {{ divisor }} as {{ wide }})
)
{%- endmacro %}
