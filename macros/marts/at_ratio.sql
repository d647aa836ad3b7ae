{#-
    amount x part / whole as money, rounded at 12 decimals, for an amount of either sign; null unless part >= 0 and
    whole > 0. Exact as focus_ai.portion.
-#}
{% macro at_ratio(amount, part, whole) -%}
case
    when {{ part }} >= 0
        then {{ focus_ai.portion('abs(' ~ amount ~ ')', part, whole) }} * case when {{ amount }} < 0 then -1 else 1 end
end
{%- endmacro %}
