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
