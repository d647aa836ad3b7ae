{#-
    Writes the decisions for a gateway to read before each call: `gateway_decisions.<format>`, one row a scope, id and
    stretch of time. examples/litellm/ reads the JSON.

        dbt run-operation focus_ai_export_gateway_decisions --args '{directory: /var/lib/focus_ai}'

    directory   an existing directory; a file of the same name in it is replaced once the new one is whole
    formats     any of json, csv, parquet (default: json)

    JSON is an array of objects; timestamps are YYYY-MM-DDTHH:MM:SSZ, amounts decimals in their full scale.
-#}
{% macro focus_ai_export_gateway_decisions(directory, formats=['json']) %}
    {%- set operation = 'focus_ai_export_gateway_decisions' -%}
    {%- set formats = [formats] if formats is string else formats -%}
    {%- for format in formats if format not in ['json', 'csv', 'parquet'] -%}
        {{ exceptions.raise_compiler_error(
            operation ~ ": format '" ~ format ~ "' is unknown; choose from json, csv, parquet"
        ) }}
    {%- endfor -%}
    {%- set dataset = {
        'name': 'gateway_decisions',
        'relation': focus_ai.built_relation('focus_ai__gateway_decisions', operation),
        'key': ['scope', 'scope_id', 'valid_from'],
    } -%}
    {%- do focus_ai.check_export_key(dataset) -%}
    {%- for format in formats -%}
        {%- set path = directory.rstrip('/') ~ '/' ~ dataset.name ~ '.' ~ format -%}
        {%- set rows = focus_ai.export_dataset(dataset, path, format) -%}
        {%- do log(path ~ ': ' ~ '{:,}'.format(rows) ~ ' rows', info=true) -%}
    {%- endfor -%}
{% endmacro %}
