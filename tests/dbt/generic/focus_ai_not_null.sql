{#-
    None of the columns holds a null. One query for a whole model: a test a column costs a run far more.

    columns   SQL expressions

    Returns the name of each column that holds one, and in how many rows.
-#}
{% test focus_ai_not_null(model, columns) %}
{%- for column in columns %}
select
    '{{ column | replace("'", "''") }}' as column_name,
    count(*) as null_count
from {{ model }}
where {{ column }} is null
having count(*) > 0
{{ 'union all' if not loop.last }}
{%- endfor %}
{% endtest %}
