{#-
    amount x part / whole as money, rounded half up at 12 decimals; null where whole is 0 or null.

    All three >= 0. `part` and `whole` are amounts of a currency: at most 4 decimals count. Exact below
    amount x part = 10^13: the work is done in whole numbers of 10^-12 x 10^-4.
-#}
{% macro portion(amount, part, whole) -%}
    {%- set numerator = focus_ai.smallest_units(amount, 12) ~ ' * ' ~ focus_ai.smallest_units(part, 4) -%}
    {%- set denominator = focus_ai.smallest_units(whole, 4) -%}
case
    when {{ whole }} > 0
        then {{ focus_ai.from_smallest_units(
            focus_ai.integer_divide('(2 * ' ~ numerator ~ ' + ' ~ denominator ~ ')', '(2 * ' ~ denominator ~ ')'), 12
        ) }}
end
{%- endmacro %}
