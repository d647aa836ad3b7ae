{#-
    Sum of the rows where `condition` holds; 0 when there is none, null when one of them is unknown (a plain sum
    would leave the unknown out and pass a part for the whole).
-#}
{% macro known_sum(expression, condition='true') -%}
case
    when count(case when {{ condition }} and {{ expression }} is null then 1 end) = 0
        then cast(
            coalesce(sum(case when {{ condition }} then {{ expression }} end), 0) as {{ focus_ai.type_money() }}
        )
end
{%- endmacro %}
