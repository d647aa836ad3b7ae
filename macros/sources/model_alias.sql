{#- A model's name without the date of its version: `gpt-5-2025-08-07` is `gpt-5`, `claude-sonnet-4-20250514`
    is `claude-sonnet-4`. Providers bill the version; callers may name the model alone. -#}
{% macro model_alias(model_id) -%}
case
    when {{ model_id }} like '%-20__-__-__' then substr({{ model_id }}, 1, length({{ model_id }}) - 11)
    when {{ model_id }} like '%-20______' then substr({{ model_id }}, 1, length({{ model_id }}) - 9)
    else {{ model_id }}
end
{%- endmacro %}
