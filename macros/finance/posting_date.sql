{#-
    The day in the period on which a document is posted: that on which it happened, or the period's first or last if
    that was before or after it. Needs int_focus_ai__accounting_periods as `accounting_periods`.
-#}
{% macro posting_date(occurred_at) -%}
case
            when {{ occurred_at }} < accounting_periods.accounting_period_end
                then cast(greatest({{ occurred_at }}, accounting_periods.accounting_period_start) as date)
            else cast({{ dbt.dateadd('day', -1, 'accounting_periods.accounting_period_end') }} as date)
        end
{%- endmacro %}
