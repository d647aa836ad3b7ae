{#- The staging models that feed each input: {input: {source: staging model}}. -#}
{% macro staged_inputs() %}
    {{ return({
        'agents': {'attribution': 'stg_focus_ai__attribution_agents'},
        'attribution_overrides': {'attribution': 'stg_focus_ai__attribution_override_requests'},
        'attribution_rules': {'attribution': 'stg_focus_ai__attribution_rules'},
        'billed_cost': {
            'openai': 'stg_focus_ai__openai_costs',
            'anthropic': 'stg_focus_ai__anthropic_cost_report',
        },
        'bucket_loads': {
            'openai': 'stg_focus_ai__openai_bucket_loads',
            'anthropic': 'stg_focus_ai__anthropic_bucket_loads',
        },
        'budgets': {'finance': 'stg_focus_ai__finance_budgets'},
        'close_log': {'finance': 'stg_focus_ai__finance_close_log'},
        'close_signoffs': {'finance': 'stg_focus_ai__finance_close_signoffs'},
        'customer_identifiers': {'attribution': 'stg_focus_ai__attribution_customer_identifiers'},
        'customers': {'attribution': 'stg_focus_ai__attribution_customers'},
        'fx_rates': {'finance': 'stg_focus_ai__finance_fx_rates'},
        'general_ledger_entries': {'general_ledger': 'stg_focus_ai__general_ledger_entries'},
        'journal_accounts': {'finance': 'stg_focus_ai__finance_journal_accounts'},
        'minimum_commitments': {'finance': 'stg_focus_ai__finance_minimum_commitments'},
        'observed_calls': {'litellm': 'stg_focus_ai__litellm_spend_logs'},
        'other_costs': {'finance': 'stg_focus_ai__finance_other_costs'},
        'prepaid_grants': {'finance': 'stg_focus_ai__finance_prepaid_grants'},
        'provider_invoice_lines': {'provider_invoices': 'stg_focus_ai__provider_invoice_lines'},
        'provider_invoices': {'provider_invoices': 'stg_focus_ai__provider_invoices'},
        'provider_usage': {
            'openai': 'stg_focus_ai__openai_token_usage',
            'anthropic': 'stg_focus_ai__anthropic_token_usage',
        },
        'revenue': {'stripe': 'stg_focus_ai__stripe_revenue'},
        'revenue_subledger': {'finance': 'stg_focus_ai__finance_revenue_subledger'},
        'shared_cost_rules': {'attribution': 'stg_focus_ai__attribution_shared_cost_rules'},
    }) }}
{% endmacro %}


{#- The user's own models that join an input: var focus_ai_extra_<input>_models. -#}
{% macro extra_models(input) %}
    {%- set name = 'focus_ai_extra_' ~ input ~ '_models' -%}
    {%- set models = var(name, []) -%}
    {%- if models is string or models is mapping -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai: var " ~ name ~ " must be a list of model names; it is: " ~ models
        ) }}
    {%- endif -%}
    {{ return(models) }}
{% endmacro %}


{#- The models that make up an input: the staging models of the sources that are on, and the user's own. -#}
{% macro input_models(input) %}
    {%- set models = [] -%}
    {%- for source_name, model in focus_ai.staged_inputs()[input].items() if focus_ai.source_enabled(source_name) -%}
        {%- do models.append(model) -%}
    {%- endfor -%}
    {{ return(models + focus_ai.extra_models(input)) }}
{% endmacro %}


{% macro input_enabled(input) %}
    {{ return(focus_ai.input_models(input) | length > 0) }}
{% endmacro %}


{#- Is there any bill to work on? Without one nothing of the charge chain is built. -#}
{% macro any_cost_source() %}
    {{ return(focus_ai.input_enabled('billed_cost')) }}
{% endmacro %}


{#- The body of an input contract, {column: type as in typed_null}: the models that make it up, one below the other. -#}
{% macro union_input(input, columns) %}
    {%- for model in focus_ai.input_models(input) %}
    {{ focus_ai.select_typed(ref(model), columns) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
{%- endmacro %}


{#- The columns of a contract, each cast to its type. -#}
{% macro select_typed(relation, columns) -%}
    select
        {%- for name, type in columns.items() %}
        cast({{ name }} as {{ focus_ai['type_' ~ type]() }}) as {{ name }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ relation }}
{%- endmacro %}
