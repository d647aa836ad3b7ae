{#-
    A FOCUS row corrects a period that the company has closed: its cost is no cost of the month that it is posted in
    (R11). Where only the company's period is closed and the issuer's is not, FOCUS knows no ChargeClass for it.

    relation   alias of the relation, with a point; none where there is only one
-#}
{% macro is_prior_period(relation='') -%}
coalesce({{ relation }}"ChargeClass" = 'Correction', false) or {{ relation }}"x_CorrectedBillingPeriodStart" is not null
{%- endmacro %}
