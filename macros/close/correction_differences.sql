{#-
    The amounts of int_focus_ai__published in style `delta`, each a list of select expressions on all amounts:

    differences      re-entry less what the reversal takes back; an amount that neither knows is unknown
    quantity_parts   quantity_<amount>: the quantity's part of a difference of money
    lines            {posting_kind: expressions}: amounts and units of the row of the quantity, and of that without one
-#}
{% macro correction_differences() %}
    {%- set unit_price_of = {
        'provider_reported_cost': 'contracted_unit_price',
        'billed_cost': 'contracted_unit_price',
        'effective_cost': 'contracted_unit_price',
        'list_cost': 'list_unit_price',
        'contracted_cost': 'contracted_unit_price',
    } -%}
    {%- set differences, quantity_parts = [], [] -%}
    {%- set of_quantity = ['consumed_unit', 'pricing_unit'] -%}
    {%- set of_price = [
        focus_ai.typed_null('text') ~ ' as consumed_unit', focus_ai.typed_null('text') ~ ' as pricing_unit',
    ] -%}
    {%- for name, type in focus_ai.reversed_columns().items() -%}
        {%- set entered, reversed = 'entries.' ~ name, 'reversals.' ~ name -%}
        {%- do differences.append(
            'coalesce(' ~ entered ~ ' + ' ~ reversed ~ ', ' ~ entered ~ ', ' ~ reversed ~ ') as ' ~ name
        ) -%}
        {%- if name in unit_price_of -%}
            {%- do quantity_parts.append(
                "case when shape = 'Quantity' then " ~ name
                ~ " when shape = 'QuantityAndPrice' and " ~ name ~ ' is not null then '
                ~ focus_ai.multiply(unit_price_of[name], 'pricing_quantity') ~ ' end as quantity_' ~ name
            ) -%}
            {%- do of_quantity.append('quantity_' ~ name ~ ' as ' ~ name) -%}
            {%- do of_price.append(name ~ ' - coalesce(quantity_' ~ name ~ ', 0) as ' ~ name) -%}
        {%- else -%}
            {%- do of_quantity.append(name) -%}
            {%- do of_price.append(
                focus_ai.typed_null(type) ~ ' as ' ~ name if type == 'quantity'
                else "case when shape = 'Price' then " ~ name ~ ' end as ' ~ name
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return({
        'differences': differences,
        'quantity_parts': quantity_parts,
        'lines': {'Quantity difference': of_quantity, 'Price difference': of_price},
    }) }}
{% endmacro %}
