{#- What no API says and a var does: an expression that looks a column's value up in {value: text}; null for any other. -#}

{#- Name of a billing account, from var focus_ai_billing_account_names ({id: name}). -#}
{% macro billing_account_name(billing_account_id) -%}
    {%- set names = var('focus_ai_billing_account_names', {}) -%}
{{ focus_ai._from_var('focus_ai_billing_account_names', names, 'account id to name', billing_account_id) }}
{%- endmacro %}

{#- Payment terms of an issuer's invoices, from var focus_ai_payment_terms ({issuer: terms}). -#}
{% macro payment_terms(invoice_issuer_name) -%}
    {%- set terms = var('focus_ai_payment_terms', {}) -%}
{{ focus_ai._from_var('focus_ai_payment_terms', terms, 'invoice issuer to payment terms', invoice_issuer_name) }}
{%- endmacro %}

{% macro _from_var(variable, texts, meaning, column) -%}
    {%- if texts is not mapping -%}
        {{ exceptions.raise_compiler_error(
            'focus_ai: var ' ~ variable ~ ' must be a mapping of ' ~ meaning ~ '; it is: ' ~ texts
        ) }}
    {%- endif -%}
    {%- if texts -%}
case {{ column }}
        {%- for value, text in texts.items() %}
            when '{{ value | string | replace("'", "''") }}' then '{{ text | string | replace("'", "''") }}'
        {%- endfor %}
        end
    {%- else -%}
null
    {%- endif -%}
{%- endmacro %}
