{#-
    A sum that is never larger than another: nothing is counted twice, though some of it may be missing.

    compare_model   relation to compare with
    metric          SQL expression over this model, >= 0
    compare_metric  SQL expression over compare_model, >= 0
    key             columns of both that identify a group

    Returns the groups whose sum of `metric` is larger than that of `compare_metric`.
-#}
{% test focus_ai_exceeds_nothing(model, compare_model, metric, compare_metric, key) %}

select *
from (
    select
        {{ key | join(', ') }},
        sum(metric) as metric,
        sum(compare_metric) as compare_metric
    from (
        select {{ key | join(', ') }}, {{ metric }} as metric, 0 as compare_metric
        from {{ model }}
        union all
        select {{ key | join(', ') }}, 0 as metric, {{ compare_metric }} as compare_metric
        from {{ compare_model }}
    ) as both_sides
    group by {{ key | join(', ') }}
) as summed
where metric > compare_metric
{% endtest %}
