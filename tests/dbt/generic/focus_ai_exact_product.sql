{#-
    Price x quantity has at most 12 decimals on every row, so that the product over parts adds up to the product over the
    whole (MONEY.md R1: scale(price) + scale(quantity) <= 12). A price with more digits is a finding.

    price     SQL expression, at most 12 decimals
    quantity  SQL expression, at most 6 decimals

    Returns the rows whose product would be rounded.
-#}
{% test focus_ai_exact_product(model, price, quantity) %}

select *
from (
    select
        *,
        cast({{ price }} as decimal(38,12)) * cast({{ quantity }} as decimal(38,6)) as exact_product
    from {{ model }}
) as products
where exact_product <> cast(exact_product as {{ focus_ai.type_money() }})
{% endtest %}
