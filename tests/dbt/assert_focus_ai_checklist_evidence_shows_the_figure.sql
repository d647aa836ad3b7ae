{{ config(enabled=focus_ai.any_cost_source()) }}

{#- The evidence query of each check in rows runs, and returns as many rows as the figure says. -#}

{%- set checklist = ref('focus_ai__close_checklist') %}
{%- set checks = [] %}
{%- if execute and load_relation(checklist) is not none %}
{%- set checks = run_query(
    "select close_check_id, figure, evidence_query from " ~ checklist
    ~ " where figure_unit = 'Rows' and evidence_query is not null order by close_check_id"
).rows %}
{%- endif %}

with

evidence as (

    {%- for close_check_id, figure, evidence_query in checks %}
    select
        '{{ close_check_id }}' as close_check_id,
        {{ figure }} as figure,
        count(*) as row_count
    from ({{ evidence_query }}) as shown
    union all
    {%- endfor %}
    select
        {{ focus_ai.typed_null('text') }} as close_check_id,
        0 as figure,
        0 as row_count

)

select
    close_check_id,
    figure,
    row_count
from evidence
where figure <> row_count
