{#-
    Writes what each cost center used in a month: `chargeback_<period>.csv`, one row a cost center, product line,
    provider, cost class and currency.

        dbt run-operation focus_ai_export_chargeback --args '{directory: /data/books, accounting_period: 2026-09}'

    directory          an existing directory; a file of the same name in it is replaced
    accounting_period  name of the period, such as the month 2026-09
    cost_center        one cost center; default all, those without one included (showback)
-#}
{% macro focus_ai_export_chargeback(directory, accounting_period, cost_center=none) %}
    {%- set chargeback = focus_ai.built_relation('focus_ai__chargeback_monthly', 'focus_ai_export_chargeback') -%}
    {%- set wanted = focus_ai.report_period('focus_ai_export_chargeback', accounting_period) -%}
    {%- set month = wanted.period -%}
    {%- set rows = chargeback ~ " where " ~ wanted.condition -%}
    {%- if cost_center is not none -%}
        {%- set rows = rows ~ " and cost_center = '" ~ cost_center | string | replace("'", "''") ~ "'" -%}
    {%- endif -%}
    {%- set query = (
        "select accounting_period_start, accounting_period_status, cost_center, is_chargeable, unassigned_reason, "
        ~ "product_line, service_provider_name, cost_class, charge_category, currency, effective_cost, "
        ~ "prior_period_effective_cost, reporting_currency, reporting_effective_cost, "
        ~ "reporting_prior_period_effective_cost, request_count from " ~ rows
    ) -%}
    {%- set order = (
        'is_chargeable desc, cost_center, product_line, service_provider_name, cost_class, charge_category, currency, '
        ~ 'unassigned_reason'
    ) -%}
    {%- set count = run_query("select count(*) from " ~ rows).columns[0].values()[0] -%}
    {%- if count == 0 -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai_export_chargeback: nothing was charged in " ~ month
            ~ (' to ' ~ cost_center if cost_center is not none else '') ~ "; name another month or cost center"
        ) }}
    {%- endif -%}
    {%- do focus_ai.write_report(query, order, directory, 'chargeback_' ~ month ~ '.csv') -%}
{% endmacro %}
