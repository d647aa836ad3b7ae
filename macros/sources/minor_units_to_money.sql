{#-
    An amount in a currency's smallest unit (cents; may be fractional), as text, to money. The decimal point is moved by an
    exact product, never by a division: decimal / decimal is floating point on some engines.

    currency  expression with the ISO 4217 code, for currencies that have no cents; none: always two decimals
-#}
{% macro minor_units_to_money(amount, currency=none) %}
    {%- set shifted = 'cast(' ~ amount ~ ' as decimal(30, 10)) * cast(0.01 as decimal(3, 2))' -%}
    {%- if currency is none -%}
    cast({{ shifted }} as decimal(38, 12))
    {%- else -%}
    case
        when upper({{ currency }}) in {{ focus_ai._zero_decimal_currencies() }}
            then cast({{ amount }} as decimal(38, 12))
        else cast({{ shifted }} as decimal(38, 12))
    end
    {%- endif -%}
{%- endmacro %}


{#- ISO 4217 currencies with no minor unit that Stripe bills in whole units. Source: stripe.com/docs/currencies -#}
{% macro _zero_decimal_currencies() -%}
    ('BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'UGX', 'VND', 'VUV', 'XAF', 'XOF', 'XPF')
{%- endmacro %}
