{#-
    An amount in a currency's smallest unit (may be fractional), as text or number, to money. The decimal point is
    moved by an exact product, never by a division: decimal / decimal is floating point on some engines.

    currency  expression with the ISO 4217 code, for currencies that have no cents, or thousandths; none: cents
-#}
{% macro minor_units_to_money(amount, currency=none) %}
    {%- set decimal = 'cast(' ~ amount ~ ' as decimal(30, 10))' -%}
    {%- if currency is none -%}
    cast({{ decimal }} * cast(0.01 as decimal(3, 2)) as {{ focus_ai.type_money() }})
    {%- else -%}
    case
        when upper({{ currency }}) in {{ focus_ai._currencies_in_whole_units() }}
            then cast({{ decimal }} as {{ focus_ai.type_money() }})
        when upper({{ currency }}) in {{ focus_ai._currencies_in_thousandths() }}
            then cast({{ decimal }} * cast(0.001 as decimal(4, 3)) as {{ focus_ai.type_money() }})
        else cast({{ decimal }} * cast(0.01 as decimal(3, 2)) as {{ focus_ai.type_money() }})
    end
    {%- endif -%}
{%- endmacro %}


{#- What Stripe counts in, which is not always what ISO 4217 says. Source: https://docs.stripe.com/currencies -#}
{% macro _currencies_in_whole_units() -%}
    ('BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'VND', 'VUV', 'XAF', 'XOF', 'XPF')
{%- endmacro %}

{% macro _currencies_in_thousandths() -%}
    ('BHD', 'JOD', 'KWD', 'OMR', 'TND')
{%- endmacro %}
