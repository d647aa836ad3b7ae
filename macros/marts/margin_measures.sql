{#-
    The measures of the margin marts: (name, amount, which entries count). An entry counts in exactly one measure
    of each of its amounts, so that the cost measures add up to the FOCUS total.
-#}
{% macro margin_measures() %}
    {{ return([
        ('revenue', 'revenue', "side = 'revenue' and not is_prior_period"),
        ('prior_period_revenue', 'revenue', "side = 'revenue' and is_prior_period"),
        ('ai_cost_of_revenue', 'cost_of_revenue', "side = 'cost' and not is_prior_period"),
        ('prior_period_ai_cost', 'cost_of_revenue', "side = 'cost' and is_prior_period"),
        ('unclassified_ai_cost', 'other_cost',
            "side = 'cost' and not is_prior_period and not is_tax and cost_class = 'Unclassified'"),
        ('operating_ai_cost', 'other_cost',
            "side = 'cost' and not is_prior_period and not is_tax and cost_class <> 'Unclassified'"),
        ('prior_period_other_ai_cost', 'other_cost', "side = 'cost' and is_prior_period and not is_tax"),
        ('excluded_tax', 'other_cost', "side = 'cost' and is_tax"),
        ('estimated_ai_cost', 'estimated_cost', "side = 'estimate'"),
    ]) }}
{% endmacro %}


{#- The sum of each measure, of amounts and names with a prefix. Without a revenue source revenue is unknown, not 0. -#}
{% macro margin_sums(prefix, has_revenue) %}
    {%- set sums = [] -%}
    {%- for name, amount, condition in focus_ai.margin_measures() -%}
        {%- set sum = focus_ai.known_sum(prefix ~ amount, condition) -%}
        {%- if amount == 'revenue' and not has_revenue -%}
            {%- set sum = focus_ai.typed_null('money') -%}
        {%- endif -%}
        {%- do sums.append(sum ~ ' as ' ~ prefix ~ name) -%}
    {%- endfor -%}
    {{ return(sums | join(',\n        ')) }}
{% endmacro %}
