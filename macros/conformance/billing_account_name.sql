{#- Name of a billing account, from var focus_ai_billing_account_names ({id: name}); null for an account not named. -#}
{% macro billing_account_name(billing_account_id) -%}
    {%- set names = var('focus_ai_billing_account_names', {}) -%}
    {%- if names is not mapping -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai: var focus_ai_billing_account_names must be a mapping of account id to name; it is: " ~ names
        ) }}
    {%- endif -%}
    {%- if names -%}
case {{ billing_account_id }}
        {%- for id, name in names.items() %}
            when '{{ id | string | replace("'", "''") }}' then '{{ name | string | replace("'", "''") }}'
        {%- endfor %}
        end
    {%- else -%}
null
    {%- endif -%}
{%- endmacro %}
