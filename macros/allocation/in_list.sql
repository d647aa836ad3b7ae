{#- A value is one of those in a text with commas between; blanks do not count: `cust_1, cust_2`. -#}
{% macro in_list(value, list) -%}
{{ dbt.position(
    "',' || replace(" ~ value ~ ", ' ', '') || ','", "',' || replace(" ~ list ~ ", ' ', '') || ','"
) }} > 0
{%- endmacro %}
