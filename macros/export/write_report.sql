{#- Tables for people (CSV that is opened in a spreadsheet), as opposed to the FOCUS datasets of focus_ai_export. -#}

{#- The accounting period of that name: {period, condition}, with the SQL condition that picks its rows. -#}
{% macro report_period(operation, accounting_period) %}
    {%- set named = focus_ai._period_argument(operation, accounting_period, focus_ai._built_periods(operation)) -%}
    {{ return({
        'period': named.period,
        'condition': 'accounting_period_start = ' ~ focus_ai._timestamp_literal(named.period_start),
    }) }}
{% endmacro %}


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
