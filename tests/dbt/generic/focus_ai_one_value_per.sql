{#-
    Within each key there is one value only, such as one grouping per pulled bucket.

    value     SQL expression
    columns   SQL expressions that identify a group

    Returns one row per group that has several values.
-#}
{% test focus_ai_one_value_per(model, value, columns) %}

select
    {%- for expression in columns %}
    {{ expression }} as key_{{ loop.index }},
    {%- endfor %}
    count(distinct {{ value }}) as number_of_values
from {{ model }}
group by {{ columns | join(', ') }}
having count(distinct {{ value }}) > 1
{% endtest %}
