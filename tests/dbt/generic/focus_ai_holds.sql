{#-
    A statement is true on every row; a statement that is neither true nor false (a null) fails.

    predicate   SQL predicate over the model's columns

    Returns the rows that break it.
-#}
{% test focus_ai_holds(model, predicate) %}
select *
from {{ model }}
where not coalesce(({{ predicate }}), false)
{% endtest %}
