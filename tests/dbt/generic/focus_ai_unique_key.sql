{#-
    The columns together identify a row: no two rows agree in all of them (two nulls agree).
    dbt's own `unique` takes one column only.

    columns   SQL expressions, in the order of the model's grain

    Returns one row per repeated key with the number of rows that share it.
-#}
{% test focus_ai_unique_key(model, columns) %}

select
    {%- for expression in columns %}
    {{ expression }} as key_{{ loop.index }},
    {%- endfor %}
    count(*) as row_count
from {{ model }}
group by {% for _ in columns %}key_{{ loop.index }}{{ ', ' if not loop.last }}{% endfor %}
having count(*) > 1
{% endtest %}
