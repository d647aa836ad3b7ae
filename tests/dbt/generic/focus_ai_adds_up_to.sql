{#-
    The rows of this model are the parts of what `compare_model` holds: for every value of the key the sum of each metric
    is the same in both, to the last decimal. A sum with an unknown (a null) in it is unknown: an unknown total says
    nothing about its parts, a known total has known parts. Where nulls count as zero, use focus_ai_conserves.

    compare_model    relation to compare with
    metrics          SQL expressions over this model
    compare_metrics  the same over compare_model, in the same order (default: metrics)
    key              columns of both that identify a group

    Returns one row per group that differs, with both sums.
-#}
{% test focus_ai_adds_up_to(model, compare_model, metrics, key, compare_metrics=none) %}
{{ config(tags=['focus_ai_conservation']) }}

{%- set compare_metrics = metrics if compare_metrics is none else compare_metrics %}
{%- set sides = [('part', model, metrics), ('total', compare_model, compare_metrics)] %}

with

{% for side, relation, expressions in sides %}
{{ side }}_sums as (

    select
        {{ key | join(',\n        ') }},
        count(*) as {{ side }}_rows
        {%- for expression in expressions %},
        {{ focus_ai.known_sum('(' ~ expression ~ ')') }} as {{ side }}_{{ loop.index }}
        {%- endfor %}
    from {{ relation }}
    group by {{ key | join(', ') }}

),
{% endfor %}
compared as (

    select
        {%- for column in key %}
        coalesce(part_sums.{{ column }}, total_sums.{{ column }}) as {{ column }},
        {%- endfor %}
        {%- for _ in metrics %}
        case when part_sums.part_rows is null then 0 else part_sums.part_{{ loop.index }} end as part_{{ loop.index }},
        case when total_sums.total_rows is null then 0 else total_sums.total_{{ loop.index }} end
            as total_{{ loop.index }}{{ ',' if not loop.last }}
        {%- endfor %}
    from part_sums
    full outer join total_sums
        on
            {%- for column in key %}
            {{ 'and ' if not loop.first }}part_sums.{{ column }} = total_sums.{{ column }}
            {%- endfor %}

)

select *
from compared
where
    {%- for _ in metrics %}
    {{ 'or ' if not loop.first }}(
        total_{{ loop.index }} is not null and coalesce(part_{{ loop.index }} <> total_{{ loop.index }}, true)
    )
    {%- endfor %}
{% endtest %}
