{#-
    Where pieces of a closed month are posted that were booked after its close: in the first later month that was
    open then, else in the month after the calendar's end (MONEY.md R11).

    pieces      CTE with `key`, service_month and booked_at
    key         columns that identify a piece
    periods     CTE of int_focus_ai__accounting_periods

    A select of `key` and accounting_period_start, with those pieces only.
-#}
{% macro booked_after_close(pieces, key, periods='accounting_periods') %}
    select
        {{ focus_ai.column_list(key, pieces) }},
        coalesce(min(later_periods.accounting_period_start), min(calendar_end.accounting_period_start))
            as accounting_period_start
    from {{ pieces }}
    inner join {{ periods }} as closed_periods
        on
            {{ pieces }}.service_month = closed_periods.accounting_period_start
            and {{ pieces }}.booked_at > closed_periods.closed_at
    left join {{ periods }} as later_periods
        on
            {{ pieces }}.service_month < later_periods.accounting_period_start
            and (later_periods.closed_at is null or {{ pieces }}.booked_at <= later_periods.closed_at)
    cross join (select max(accounting_period_end) as accounting_period_start from {{ periods }}) as calendar_end
    group by {{ focus_ai.column_list(key, pieces) }}
{%- endmacro %}
