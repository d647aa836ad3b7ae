{#-
    The body of an input contract: its enabled staging models and the user's own models, one below the other.

    input    name of the input, as in the var focus_ai_extra_<input>_models
    staged   {source: staging model}
    columns  {column: type}: the contract; each column is cast to its type
-#}
{% macro union_input(input, staged, columns) %}
    {%- set models = [] -%}
    {%- for source_name, model in staged.items() if focus_ai.source_enabled(source_name) -%}
        {%- do models.append(model) -%}
    {%- endfor -%}
    {%- for model in models + focus_ai.extra_models(input) %}
    {{ focus_ai.select_typed(ref(model), columns) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
{%- endmacro %}


{% macro select_typed(relation, columns) -%}
    select
        {%- for name, type in columns.items() %}
        cast({{ name }} as {{ type }}) as {{ name }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ relation }}
{%- endmacro %}
