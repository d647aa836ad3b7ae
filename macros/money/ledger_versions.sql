{#-
    Evidence as of now, and as of the close of the accounting period that it falls in.

    Needs a CTE `accounting_periods`. A select of
        ledger_version            'current' for every period; 'as_closed' besides for closed ones
        accounting_period_start   the company's month that holds `occurred_at`
        known_at                  when that month was closed, null while it is open: what was recorded by then is
                                  what both versions go by for rules, mappings and prices (R14, R15)
        columns                   as they are

    evidence      CTE or relation with loaded_at and, unless `restated` is false, superseded_at
    occurred_at   column: when it happened, not when it was loaded
-#}
{% macro ledger_versions(evidence, columns, occurred_at, restated=true) %}
    {%- set period = focus_ai.accounting_period_start('evidence.' ~ occurred_at) %}
    select
        'current' as ledger_version,
        {{ period }} as accounting_period_start,
        accounting_periods.closed_at as known_at,
        {%- for column in columns %}
        evidence.{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ evidence }} as evidence
    left join accounting_periods
        on {{ period }} = accounting_periods.accounting_period_start
    {%- if restated %}
    where evidence.superseded_at is null
    {%- endif %}

    union all

    select
        'as_closed' as ledger_version,
        accounting_periods.accounting_period_start,
        accounting_periods.closed_at as known_at,
        {%- for column in columns %}
        evidence.{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ evidence }} as evidence
    inner join accounting_periods
        on
            {{ period }} = accounting_periods.accounting_period_start
            and evidence.loaded_at <= accounting_periods.closed_at
    {%- if restated %}
    where evidence.superseded_at is null or evidence.superseded_at > accounting_periods.closed_at
    {%- endif %}
{%- endmacro %}
