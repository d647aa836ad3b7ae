{#-
    Gross margin of a row of focus_ai__customer_gross_margin_monthly, and why it is unknown: {name: expression} on
    revenue, ai_cost_of_revenue and other_cost_of_revenue.

    awaits_bill   SQL condition: the bill may still grow, and the month is open
-#}
{% macro gross_margin_columns(awaits_bill) %}
    {%- set reasons = 'case when ' ~ awaits_bill ~ " then 'BillIncomplete' when revenue is null then '"
        ~ focus_ai.no_revenue_reason() ~ "' when ai_cost_of_revenue is null then 'MissingRate'" -%}
    {%- set gross_margin = 'revenue - ai_cost_of_revenue' -%}
    {{ return({
        'gross_margin': focus_ai.money('case when not (' ~ awaits_bill ~ ') then ' ~ gross_margin ~ ' end'),
        'gross_margin_percent': 'case when not (' ~ awaits_bill ~ ') and revenue > 0 then '
            ~ focus_ai.divide('(' ~ gross_margin ~ ') * 100', 'revenue') ~ ' end',
        'gross_margin_after_other': focus_ai.money(
            'case when not (' ~ awaits_bill ~ ') then ' ~ gross_margin ~ ' - other_cost_of_revenue end'
        ),
        'gross_margin_null_reason': reasons ~ ' end',
        'gross_margin_percent_null_reason': reasons
            ~ " when revenue = 0 then 'NoRevenue' when revenue < 0 then 'NegativeRevenue' end",
    }) }}
{% endmacro %}

{#- The same of a built row as it reads once its month is closed: a close makes the bill final. -#}
{% macro gross_margin_as_closed() %}
    {%- set columns = {} -%}
    {%- for name, expression in focus_ai.gross_margin_columns('false').items() -%}
        {%- do columns.update({
            name: "case when gross_margin_null_reason = 'BillIncomplete' then " ~ expression ~ ' else ' ~ name ~ ' end',
        }) -%}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}

{#- Why revenue is unknown: nobody brings it, or it has no exchange rate. -#}
{% macro no_revenue_reason() %}
    {{ return('MissingRate' if focus_ai.input_enabled('revenue') else 'NoRevenueSource') }}
{% endmacro %}
