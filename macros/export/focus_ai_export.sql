{#-
    Writes the FOCUS datasets to files: one `<dataset>.<format>` for each dataset and format.

        dbt run-operation focus_ai_export --args '{directory: /data/focus}'

    directory   an existing directory; files of the same name in it are replaced
    formats     any of csv, parquet (default: both)

    The same tables give the same bytes: rows stand in the total order of the dataset's key (an error if the
    key does not identify a row), columns in the order of the model. CSV is RFC 4180 with `\n` line ends: UTC
    timestamps as YYYY-MM-DDTHH:MM:SSZ, decimals as plain text in their full scale, nulls empty and unquoted.
-#}
{% macro focus_ai_export(directory, formats=['csv', 'parquet']) %}
    {%- set formats = [formats] if formats is string else formats -%}
    {%- for format in formats if format not in ['csv', 'parquet'] -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai_export: format '" ~ format ~ "' is unknown; choose from csv, parquet"
        ) }}
    {%- endfor -%}
    {%- for dataset in focus_ai.export_datasets() -%}
        {%- do focus_ai.check_export_key(dataset) -%}
        {%- for format in formats -%}
            {%- set path = directory.rstrip('/') ~ '/' ~ dataset.name ~ '.' ~ format -%}
            {%- set rows = focus_ai.export_dataset(dataset, path, format) -%}
            {%- do log(path ~ ': ' ~ '{:,}'.format(rows) ~ ' rows', info=true) -%}
        {%- endfor -%}
    {%- endfor -%}
{% endmacro %}


{#- The FOCUS datasets that this project builds: name, relation, key (columns that identify a row, in order). -#}
{% macro export_datasets() %}
    {%- set keys = {
        'focus_ai__cost_and_usage': ['BillingPeriodStart', 'ChargePeriodStart', 'x_ChargeId'],
        'focus_ai__invoice_detail': ['BillingPeriodStart', 'InvoiceId', 'InvoiceDetailId'],
        'focus_ai__billing_period': ['InvoiceIssuerName', 'BillingPeriodStart'],
        'focus_ai__contract_commitment': ['ContractCommitmentId'],
    } -%}
    {%- set datasets = [] -%}
    {%- for model, key in keys.items() -%}
        {%- for node in graph.nodes.values() if node.name == model and node.resource_type == 'model' -%}
            {%- set relation = focus_ai.built_relation(model, 'focus_ai_export') -%}
            {%- do datasets.append({'name': model | replace('focus_ai__', ''), 'relation': relation, 'key': key}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if not datasets -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai_export: no FOCUS dataset is switched on; name your sources in the var focus_ai_sources"
        ) }}
    {%- endif -%}
    {{ return(datasets) }}
{% endmacro %}


{% macro quoted_list(columns) %}
    {%- set quoted = [] -%}
    {%- for column in columns -%}
        {%- do quoted.append(adapter.quote(column)) -%}
    {%- endfor -%}
    {{ return(quoted | join(', ')) }}
{% endmacro %}


{#- Ties in the order would make the bytes depend on the number of threads. -#}
{% macro check_export_key(dataset) %}
    {%- set key = focus_ai.quoted_list(dataset.key) -%}
    {%- set repeated = run_query(
        'select count(*) from (select 1 from ' ~ dataset.relation ~ ' group by ' ~ key ~ ' having count(*) > 1) as ties'
    ).columns[0].values()[0] -%}
    {%- if repeated > 0 -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai_export: the key of " ~ dataset.relation ~ " (" ~ dataset.key | join(', ') ~ ") has "
            ~ repeated ~ " values on several rows; mend them first: the order of the file would not be defined"
        ) }}
    {%- endif -%}
{% endmacro %}


{#- Writes one dataset to one file; returns the number of rows. -#}
{% macro export_dataset(dataset, path, format) %}
    {{ return(adapter.dispatch('export_dataset', 'focus_ai')(dataset, path, format)) }}
{% endmacro %}

{% macro default__export_dataset(dataset, path, format) %}
    {{ exceptions.raise_compiler_error(
        "focus_ai_export writes files on duckdb only; on " ~ target.type ~ " unload " ~ dataset.relation
        ~ " with your warehouse's own command, ordered by " ~ dataset.key | join(', ')
    ) }}
{% endmacro %}

{% macro duckdb__export_dataset(dataset, path, format) %}
    {%- set expressions = [] -%}
    {%- for column in adapter.get_columns_in_relation(dataset.relation) -%}
        {%- set name = adapter.quote(column.name) -%}
        {%- if format != 'parquet' and column.dtype.upper().startswith('TIMESTAMP') -%}
            {%- do expressions.append("strftime(" ~ name ~ ", '%Y-%m-%dT%H:%M:%SZ') as " ~ name) -%}
        {%- else -%}
            {%- do expressions.append(name) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set options = {
        'csv': 'format csv, header true',
        'json': 'format json, array true',
        'parquet': 'format parquet, compression zstd',
    }[format] -%}
    {%- set result = run_query(
        "copy (select " ~ expressions | join(', ') ~ " from " ~ dataset.relation
        ~ " order by " ~ focus_ai.quoted_list(dataset.key) ~ ") to '" ~ path | replace("'", "''") ~ "' (" ~ options ~ ")"
    ) -%}
    {{ return(result.columns[0].values()[0] | int) }}
{% endmacro %}
