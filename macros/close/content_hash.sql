{#-
    Row count and content hash of a dataset's rows, a row for each `group_by`: group_by, row_count, content_sha256.

    relation   the rows; a CTE or a relation
    columns    {name: type}: what is hashed
    group_by   column

    A row's text is `name:length:value` of its columns in the order of their names, nulls left out (a column added
    later does not change what was closed before). The rows' SHA-256, in their own order, are joined by 256 with a
    comma, those texts hashed, and so on four times: up to 256^4 rows, and no text longer than 16,639 characters,
    which any warehouse can aggregate. No order of rows or columns and no collation plays a part.
-#}
{% macro content_hashes(relation, columns, group_by) %}
    {%- set parts = [] -%}
    {%- for name, type in columns.items() | sort -%}
        {%- set value = focus_ai.type_text_of(name, type) -%}
        {%- do parts.append(
            "coalesce('" ~ name ~ ":' || cast(length(" ~ value ~ ") as " ~ focus_ai.type_text() ~ ") || ':' || "
            ~ value ~ ", '')"
        ) -%}
    {%- endfor -%}
with

row_hashes as (

    select
        {{ group_by }} as group_key,
        {{ focus_ai.sha256(parts | join('\n            || ')) }} as content_sha256
    from {{ relation }}

),

level_0 as (

    select
        group_key,
        content_sha256,
        row_number() over (partition by group_key order by content_sha256) - 1 as place
    from row_hashes

),

{%- for level in range(1, 5) %}

level_{{ level }} as (

    select
        group_key,
        {{ focus_ai.integer_divide('place', 256) }} as place,
        {{ focus_ai.sha256(dbt.listagg('content_sha256', "','", 'order by place')) }}
            as content_sha256
    from level_{{ level - 1 }}
    group by group_key, {{ focus_ai.integer_divide('place', 256) }}

),
{%- endfor %}

row_counts as (

    select
        group_key,
        count(*) as row_count
    from row_hashes
    group by group_key

)

select
    row_counts.group_key,
    row_counts.row_count,
    level_4.content_sha256
from row_counts
inner join level_4
    on row_counts.group_key = level_4.group_key
{%- endmacro %}


{#- A column as its canonical text. -#}
{% macro type_text_of(name, type) -%}
    {%- if type == 'text' -%}
        {{ name }}
    {%- elif type == 'timestamp' -%}
        {{ focus_ai.utc_text(name) }}
    {%- elif type == 'boolean' -%}
        case when {{ name }} then 'true' when not {{ name }} then 'false' end
    {%- elif type == 'count' -%}
        {{ focus_ai.count_text(name) }}
    {%- else -%}
        {{ focus_ai.decimal_text(name) }}
    {%- endif -%}
{%- endmacro %}
