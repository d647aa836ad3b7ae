{#-
    Who a margin line is for, always filled: the customer; `(unattributed)` where one should be known and is not;
    `(no customer)` for cost of a class that has none, such as research and development.
-#}
{% macro margin_customer(customer_id, cost_class) -%}
coalesce(
    {{ customer_id }},
    case when {{ cost_class }} not in ('CostOfRevenue', 'Unclassified') then '(no customer)' else '(unattributed)' end
)
{%- endmacro %}

{% macro margin_product_line(product_line) -%}
coalesce({{ product_line }}, '(none)')
{%- endmacro %}
