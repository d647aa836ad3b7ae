{#-
    The measures of the margin marts, as int_focus_ai__margin_entries names them. An entry counts in exactly one, so
    that the cost measures add up to the FOCUS total.
-#}
{% macro margin_measures() %}
    {{ return([
        'revenue', 'prior_period_revenue', 'ai_cost_of_revenue', 'prior_period_ai_cost', 'unclassified_ai_cost',
        'operating_ai_cost', 'prior_period_other_ai_cost', 'excluded_tax', 'other_cost_of_revenue',
        'prior_period_other_cost_of_revenue', 'estimated_ai_cost',
    ]) }}
{% endmacro %}


{#- The measures of cost that stand on a bill: their sum is EffectiveCost. -#}
{% macro margin_cost_measures() %}
    {{ return([
        'ai_cost_of_revenue', 'prior_period_ai_cost', 'unclassified_ai_cost', 'operating_ai_cost',
        'prior_period_other_ai_cost', 'excluded_tax',
    ]) }}
{% endmacro %}


{#-
    The sum of each measure over entries, one a column. Without a source of revenue (or of other costs) these are
    unknown, not 0; an estimate is null where no call was seen.

    amount     column of the entries to sum: amount, or reporting_amount
    measures   names, as margin_measures
    prefix     of the columns' names
-#}
{% macro margin_sums(amount, measures, prefix='') %}
    {%- set has_revenue = focus_ai.input_enabled('revenue') -%}
    {%- set has_other_costs = focus_ai.input_enabled('other_costs') -%}
    {%- set sums = [] -%}
    {%- for name in measures -%}
        {%- set is_measure = "measure = '" ~ name ~ "'" -%}
        {%- set is_unknown = ('revenue' in name and 'cost' not in name and not has_revenue)
            or ('other_cost_of_revenue' in name and not has_other_costs) -%}
        {%- set sum = focus_ai.typed_null('money') if is_unknown else focus_ai.known_sum(amount, is_measure) -%}
        {%- do sums.append(sum ~ ' as ' ~ prefix ~ name) -%}
    {%- endfor -%}
    {{ return(sums | join(',\n        ')) }}
{% endmacro %}
