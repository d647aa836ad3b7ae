{#- ISO 4217 code of the currency that margins are reported in (var focus_ai_reporting_currency, default USD). -#}
{% macro reporting_currency() %}
    {%- set currency = var('focus_ai_reporting_currency', 'USD') -%}
    {%- if not modules.re.fullmatch('[A-Z]{3}', currency | string) -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai: var focus_ai_reporting_currency must be an ISO 4217 code in capitals such as USD; it is: " ~ currency
        ) }}
    {%- endif -%}
    {{ return(currency) }}
{% endmacro %}


{#- Share of Tax rows that cannot be reclaimed and so is cost of revenue (var, 0 to 1, default 0; MONEY.md R17). -#}
{% macro irrecoverable_tax_share() %}
    {%- set share = var('focus_ai_tax_is_cost_of_revenue_share', 0) | string -%}
    {%- if not modules.re.fullmatch('0|1|0?\\.[0-9]{1,12}', share) -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai: var focus_ai_tax_is_cost_of_revenue_share must be a number from 0 to 1; it is: " ~ share
        ) }}
    {%- endif -%}
    {{ return(share) }}
{% endmacro %}


{#- Rate into the reporting currency: 1 for that currency itself, which needs no entry in the rate table. -#}
{% macro reporting_rate(currency, rate) -%}
cast(
    case when {{ currency }} = '{{ focus_ai.reporting_currency() }}' then 1 else {{ rate }} end
    as {{ focus_ai.type_price() }}
)
{%- endmacro %}


{#- An amount in the reporting currency, to 12 decimals; null without a rate, save that 0 is 0 at any rate. -#}
{% macro in_reporting_currency(amount, rate) -%}
case
    when {{ amount }} = 0 then {{ focus_ai.money('0') }}
    else {{ focus_ai.multiply(amount, rate) }}
end
{%- endmacro %}
