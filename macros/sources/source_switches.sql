{#- Every source this package can read. One list; the README table and the error below come from it. -#}
{% macro known_sources() %}
    {{ return([
        'openai', 'anthropic', 'litellm', 'stripe',
        'attribution', 'finance', 'provider_invoices', 'general_ledger',
    ]) }}
{% endmacro %}


{#- The sources switched on by the var focus_ai_sources; a wrong entry stops the run with what is allowed. -#}
{% macro enabled_sources() %}
    {%- set named = var('focus_ai_sources', []) -%}
    {%- set known = focus_ai.known_sources() -%}
    {%- if named is string or named is mapping or named is not iterable -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai: var focus_ai_sources must be a list, for example [" ~ known[0] ~ ", " ~ known[1]
            ~ "]; it is: " ~ named
        ) }}
    {%- endif -%}
    {%- for name in named if name not in known -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai: unknown source '" ~ name ~ "' in var focus_ai_sources; allowed: " ~ known | join(', ')
        ) }}
    {%- endfor -%}
    {{ return(named) }}
{% endmacro %}


{% macro source_enabled(name) %}
    {{ return(name in focus_ai.enabled_sources()) }}
{% endmacro %}
