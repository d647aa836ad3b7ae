{#- Tables for people (CSV that is opened in a spreadsheet), as opposed to the FOCUS datasets of focus_ai_export. -#}

{#- `yyyy-mm`, checked: it becomes part of a query and of a file name. -#}
{% macro report_month(operation, accounting_period) %}
    {%- if not modules.re.fullmatch('[0-9]{4}-(0[1-9]|1[0-2])', accounting_period | string) -%}
        {{ exceptions.raise_compiler_error(
            operation ~ ": accounting_period must be a month such as 2026-09; it is: " ~ accounting_period
        ) }}
    {%- endif -%}
    {{ return(accounting_period | string) }}
{% endmacro %}


{% macro month_condition(month) -%}
    accounting_period_start = cast('{{ month }}-01 00:00:00' as {{ focus_ai.type_timestamp() }})
{%- endmacro %}


{#-
    Writes a query's rows, ordered by `order`, to directory/name. A text that a spreadsheet would take for a formula gets an
    apostrophe in front (OWASP, CSV injection); numbers, dates and true/false are written as they are.
-#}
{% macro write_report(query, order, directory, name) %}
    {%- set path = directory.rstrip('/') ~ '/' ~ name -%}
    {%- set rows = focus_ai.copy_report(query, order, path) -%}
    {%- do log(path ~ ': ' ~ '{:,}'.format(rows) ~ ' rows', info=true) -%}
{% endmacro %}


{% macro copy_report(query, order, path) %}
    {{ return(adapter.dispatch('copy_report', 'focus_ai')(query, order, path)) }}
{% endmacro %}

{% macro default__copy_report(query, order, path) %}
    {{ exceptions.raise_compiler_error(
        "focus_ai writes files on duckdb only; on " ~ target.type ~ " unload this query with your warehouse's own command: "
        ~ query ~ " order by " ~ order
    ) }}
{% endmacro %}

{% macro duckdb__copy_report(query, order, path) %}
    {%- set expressions = [] -%}
    {%- for column in run_query("describe " ~ query).rows -%}
        {%- set name = adapter.quote(column[0]) -%}
        {%- if column[1] | upper == 'VARCHAR' -%}
            {%- do expressions.append(
                "case when regexp_matches(" ~ name ~ ", '^(\\s*[=+@\\-]|[\\t\\r\\n\\x00])') then '''' || "
                ~ name ~ " else " ~ name ~ " end as " ~ name
            ) -%}
        {%- elif (column[1] | upper).startswith('TIMESTAMP') -%}
            {%- do expressions.append("strftime(" ~ name ~ ", '%Y-%m-%d') as " ~ name) -%}
        {%- else -%}
            {%- do expressions.append(name) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set result = run_query(
        "copy (select " ~ expressions | join(', ') ~ " from (" ~ query ~ ") as report order by " ~ order ~ ") to '"
        ~ path | replace("'", "''") ~ "' (format csv, header true)"
    ) -%}
    {{ return(result.columns[0].values()[0] | int) }}
{% endmacro %}
