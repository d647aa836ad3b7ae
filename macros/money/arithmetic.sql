{#- Exact arithmetic on money, prices and quantities. Nothing outside these macros multiplies or divides money. -#}

{#- An amount as money: decimal(38,12), half a unit of the last place away from zero. -#}
{% macro money(expression) -%}
cast({{ expression }} as {{ focus_ai.type_money() }})
{%- endmacro %}

{#- Product of two decimals of at most 12 decimals each, as money. Exact when their scales add up to 12 (R1). -#}
{% macro multiply(left, right) -%}
cast(
    cast({{ left }} as decimal(38,12)) * cast({{ right }} as decimal(38,12)) as {{ focus_ai.type_money() }}
)
{%- endmacro %}

{#-
    Quotient of two decimals, rounded half away from zero at `decimals` places; null where the divisor is 0 or null.

    Worked out in whole numbers: dividend and divisor may have up to 12 decimals, and
    |dividend| x 10^(12 + decimals) must stay below 10^37.
-#}
{% macro divide(dividend, divisor, decimals=6) -%}
    {%- set n = focus_ai.smallest_units('abs(' ~ dividend ~ ')', 12) ~ ' * ' ~ 10 ** decimals -%}
    {%- set d = focus_ai.smallest_units('abs(' ~ divisor ~ ')', 12) -%}
case
    when {{ divisor }} <> 0
        then cast(
            {{ focus_ai.from_smallest_units(
                focus_ai.integer_divide('(2 * ' ~ n ~ ' + ' ~ d ~ ')', '(2 * ' ~ d ~ ')'), decimals
            ) }}
            * case when ({{ dividend }} < 0) <> ({{ divisor }} < 0) then -1 else 1 end as {{ focus_ai.type_money() }}
        )
end
{%- endmacro %}

{#- A decimal of at most `decimals` decimals (a value below 10^13) in whole units of 10^-decimals: 1.25 at 2 is 125. -#}
{% macro smallest_units(expression, decimals) -%}
cast(
    cast({{ expression }} as decimal(38,{{ decimals }})) * {{ 10 ** decimals }} as {{ focus_ai.type_wide_integer() }}
)
{%- endmacro %}

{#- The decimal(38,decimals) that a whole number of units of 10^-decimals stands for. -#}
{% macro from_smallest_units(expression, decimals) -%}
    {%- set unit = '0.' ~ '0' * (decimals - 1) ~ '1' if decimals else '1' -%}
cast(
    cast({{ expression }} as decimal(38,1)) * cast({{ unit }} as decimal({{ decimals + 1 }},{{ decimals }}))
    as decimal(38,{{ decimals }})
)
{%- endmacro %}
