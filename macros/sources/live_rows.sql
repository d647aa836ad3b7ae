{#-
    Predicate for the rows of a raw table that are there at the source still: connectors keep what was deleted, and mark it
    (Fivetran; Stitch and Meltano; Airbyte).

    columns   {lower-case name: quoted name} of the table

    Returns '' for a table without such a mark.
-#}
{% macro live_rows(columns) %}
    {%- set conditions = [] -%}
    {%- if '_fivetran_deleted' in columns -%}
        {%- do conditions.append(
            'coalesce(lower(cast(' ~ columns['_fivetran_deleted'] ~ ' as ' ~ dbt.type_string()
            ~ ")), 'false') not in ('true', '1', 't')"
        ) -%}
    {%- endif -%}
    {%- for mark in ['_sdc_deleted_at', '_ab_cdc_deleted_at'] if mark in columns -%}
        {%- do conditions.append(columns[mark] ~ ' is null') -%}
    {%- endfor -%}
    {{ return(conditions | join(' and ')) }}
{% endmacro %}


{#- {lower-case name: quoted name} of a relation's columns. -#}
{% macro quoted_columns(relation) %}
    {%- set columns = {} -%}
    {%- for column in adapter.get_columns_in_relation(relation) -%}
        {%- do columns.update({column.name | lower: adapter.quote(column.name)}) -%}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}
