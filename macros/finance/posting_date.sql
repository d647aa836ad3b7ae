{#-
    The day in the period on which a document is posted: that on which it happened, or the period's first or last if
    that was before or after it. Needs int_focus_ai__accounting_periods as `accounting_periods`.
-#}
{% macro posting_date(occurred_at) -%}
case
            when {{ occurred_at }} < {{ focus_ai.bills_until('accounting_periods.accounting_period_end') }}
                then greatest(
                    cast({{ occurred_at }} as date),
                    {{ focus_ai.accounting_date('accounting_periods.accounting_period_start') }}
                )
            else {{ focus_ai.accounting_date(dbt.dateadd('second', -1, 'accounting_periods.accounting_period_end')) }}
        end
{%- endmacro %}
