{#- What the operations read of the ledger and of the last build. Moments are text, `YYYY-MM-DDTHH:MM:SSZ`. -#}

{#- Rows of a query as a list of {column: value}; moments are text. -#}
{% macro _rows(sql) %}
    {%- set table = run_query(sql) -%}
    {%- set rows = [] -%}
    {%- for row in table.rows -%}
        {%- set values = {} -%}
        {%- for name in table.column_names -%}
            {%- set value = row[name] -%}
            {%- set is_moment = value is not none and value.strftime is defined -%}
            {%- do values.update({name | lower: value.strftime('%Y-%m-%dT%H:%M:%SZ') if is_moment else value}) -%}
        {%- endfor -%}
        {%- do rows.append(values) -%}
    {%- endfor -%}
    {{ return(rows) }}
{% endmacro %}


{% macro _check_sources(operation) %}
    {%- if not focus_ai.any_cost_source() -%}
        {{ exceptions.raise_compiler_error(
            operation ~ ": no cost source is switched on; name your sources in the var focus_ai_sources"
        ) }}
    {%- endif -%}
{% endmacro %}


{#- Accounting periods of the last build, in order: period (its name), period_start, period_end, status, closed_at,
    closed_by, reviewed_by, reason, close_id. -#}
{% macro _built_periods(operation) %}
    {{ return(focus_ai._rows(
        'select accounting_period as period, accounting_period_start as period_start,'
        ~ ' accounting_period_end as period_end, status, closed_at, closed_by, reviewed_by,'
        ~ ' close_reason as reason, close_id from '
        ~ focus_ai.built_relation('int_focus_ai__accounting_periods', operation) ~ ' order by accounting_period_start'
    )) }}
{% endmacro %}


{#- The manifest, oldest version first: columns of focus_ai__closes and period_start. -#}
{% macro _manifests(operation) %}
    {{ return(focus_ai._rows(
        'select *, accounting_period_start as period_start from '
        ~ focus_ai.built_relation('focus_ai__closes', operation)
        ~ ' order by accounting_period_start, version_number, action'
    )) }}
{% endmacro %}


{#- Closes that no reopening cancels, {period_start: manifest}. -#}
{% macro _effective_closes(manifests) %}
    {%- set reopened = manifests | selectattr('action', 'equalto', 'reopen') | map(attribute='close_id') | list -%}
    {%- set effective = {} -%}
    {%- for manifest in manifests if manifest.action == 'close' and manifest.close_id not in reopened -%}
        {%- do effective.update({manifest.period_start: manifest}) -%}
    {%- endfor -%}
    {{ return(effective) }}
{% endmacro %}


{#- An error unless the last build was made of what the raw tables and the ledger hold now. -#}
{% macro _check_build_is_current(operation, periods, effective) %}
    {%- set stale = [] -%}
    {%- for period in periods if period.close_id != effective.get(period.period_start, {}).get('close_id') -%}
        {%- do stale.append(period.period ~ ' was closed or reopened') -%}
    {%- endfor -%}
    {%- set now = {} -%}
    {%- for row in focus_ai._rows(focus_ai.evidence_state()) -%}
        {%- do now.update({row.input_name: row}) -%}
    {%- endfor -%}
    {%- for built in focus_ai._rows(
        'select * from ' ~ focus_ai.built_relation('int_focus_ai__evidence_state', operation) ~ ' order by input_name'
    ) -%}
        {%- set row = now.get(built.input_name, {}) -%}
        {%- if row.row_count | int != built.row_count | int -%}
            {%- do stale.append(
                built.input_name ~ ' has ' ~ '{:,}'.format(row.row_count | int) ~ ' rows, the build saw '
                ~ '{:,}'.format(built.row_count | int)
            ) -%}
        {%- elif row.newest_at != built.newest_at -%}
            {%- do stale.append(built.input_name ~ ' was loaded or recorded at ' ~ row.newest_at ~ ', after the build') -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if stale -%}
        {{ exceptions.raise_compiler_error(
            operation ~ ": the last build is out of date. Run dbt build and read the checklist again.\n  "
            ~ stale | join('\n  ')
        ) }}
    {%- endif -%}
{% endmacro %}


{#- Runs statements in one transaction: all or none is written. dbt rolls an open transaction back when a run fails. -#}
{% macro _in_one_transaction(statements) %}
    {%- call statement('begin_if_not_begun', auto_begin=true) -%}
        select 1 as one
    {%- endcall -%}
    {%- for sql in statements if sql -%}
        {%- do run_query(sql) -%}
    {%- endfor -%}
    {%- do adapter.commit() -%}
{% endmacro %}
