{#- The table of a model that an operation reads; one that is not built yet stops the operation. -#}
{% macro built_relation(model, operation) %}
    {%- set named = ref(model) -%}
    {%- set relation = adapter.get_relation(named.database, named.schema, named.identifier) -%}
    {%- if not relation -%}
        {{ exceptions.raise_compiler_error(
            operation ~ ": " ~ model ~ " is not built yet; run `dbt build --select +" ~ model ~ "` first"
        ) }}
    {%- endif -%}
    {{ return(relation) }}
{% endmacro %}
