{#-
    The import of a raw table: every named column as text under its lower-case name, whatever type it was landed in. Rows
    that the connector marks as deleted are left out.

    required   columns that must be there; a missing one stops the run and names table and column
    optional   columns that may be missing; a missing one becomes a null
    renamed    {raw name: name here}, for reserved words and camelCase names (these need quotes on some warehouses)
    if_missing 'error' (default), or 'empty' for a table a loader need not keep: no rows then

    Columns are found whatever their case. The warehouse is asked at run time only; under a unit test
    the fixture stands in for the table and must have all columns.
-#}
{% macro select_raw(source_name, table_name, required, optional=[], renamed={}, if_missing='error') %}
    {%- set relation = source('focus_ai_' ~ source_name, table_name) -%}
    {%- set is_fixture = relation.is_cte -%}
    {%- set found = {} -%}
    {%- if execute and not is_fixture -%}
        {%- do found.update(focus_ai.quoted_columns(relation)) -%}
        {%- do focus_ai._check_raw_table(source_name, relation, found, required, if_missing) -%}
    {%- endif -%}
    {%- set table_is_known = found | length > 0 -%}
    select
    {%- for name in required + optional %}
        {%- if table_is_known -%}
            {%- set expression = found.get(name | lower, 'null') -%}
        {%- elif if_missing == 'empty' and not is_fixture -%}
            {%- set expression = 'null' -%}
        {%- else -%}
            {%- set expression = adapter.quote(name) if name in renamed else name -%}
        {%- endif %}
        cast({{ expression }} as {{ dbt.type_string() }}) as {{ renamed.get(name, name) }}
        {%- if not loop.last %},{% endif %}
    {%- endfor %}
    {% if table_is_known or is_fixture or if_missing == 'error' -%}
    from {{ relation }}
    {%- set live_rows = focus_ai.live_rows(found) %}
    {{- '\n    where ' ~ live_rows if live_rows }}
    {%- else -%}
    where 1 = 0
    {%- endif %}
{%- endmacro %}


{% macro _check_raw_table(source_name, relation, found, required, if_missing) %}
    {%- if found | length == 0 -%}
        {#- `dbt compile` and linters may run before anything is loaded. -#}
        {%- if if_missing == 'error' and flags.WHICH in ['run', 'build'] -%}
            {{ exceptions.raise_compiler_error(
                "focus_ai: source '" ~ source_name ~ "' is on, but table " ~ relation ~ " does not exist. "
                ~ "Point vars focus_ai_" ~ source_name ~ "_schema and focus_ai_" ~ source_name
                ~ "_database to it, or take '" ~ source_name ~ "' out of var focus_ai_sources."
            ) }}
        {%- endif -%}
    {%- else -%}
        {%- set missing = [] -%}
        {%- for name in required if name | lower not in found -%}
            {%- do missing.append(name) -%}
        {%- endfor -%}
        {%- if missing -%}
            {{ exceptions.raise_compiler_error(
                "focus_ai: table " ~ relation ~ " lacks required column " ~ missing | join(', ')
                ~ "; it has: " ~ found.keys() | sort | join(', ')
            ) }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
