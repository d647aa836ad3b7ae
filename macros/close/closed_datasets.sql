{#-
    What a close freezes (R15): {dataset: {model, is_built, table, columns {name: type}, currency,
    amounts, as_closed}}.

    model      where the rows of a period are built, if it `is_built`; they have accounting_period_start
    table      where its rows are kept for good, each with the id of its close
    amounts    columns that the manifest sums by the column `currency`
    as_closed  {column: expression} of columns that turn with the close itself; what is signed and frozen is the row
               as it reads once the month is closed
-#}
{% macro closed_datasets() %}
    {%- set rounding_columns = focus_ai.charge_columns() -%}
    {%- do rounding_columns.update({
        'adjustment_reason': 'text', 'invoice_id': 'text', 'invoice_detail_id': 'text', 'cost_basis': 'text',
    }) -%}
    {%- set datasets = {
        'charges': {
            'model': 'int_focus_ai__posted',
            'is_built': true,
            'table': 'focus_ai__closed_charges',
            'columns': focus_ai.posted_columns(),
            'currency': 'billing_currency',
            'amounts': ['billed_cost', 'effective_cost', 'list_cost', 'contracted_cost'],
        },
        'checklist': {
            'model': 'focus_ai__close_checklist',
            'is_built': true,
            'table': 'focus_ai__closed_checklist',
            'columns': {
                'close_check_id': 'text',
                'accounting_period_start': 'timestamp',
                'check_name': 'text',
                'check_status': 'text',
                'figure': 'money',
                'figure_unit': 'text',
                'figure_limit': 'money',
            },
            'currency': none,
            'amounts': [],
        },
        'invoice_rounding': {
            'model': 'int_focus_ai__invoice_rounding',
            'is_built': true,
            'table': 'focus_ai__closed_invoice_rounding',
            'columns': rounding_columns,
            'currency': 'billing_currency',
            'amounts': ['billed_cost'],
        },
        'fx_rates': {
            'model': 'int_focus_ai__reporting_rates',
            'is_built': true,
            'table': 'focus_ai__closed_fx_rates',
            'columns': {
                'accounting_period_start': 'timestamp',
                'currency': 'text',
                'reporting_currency': 'text',
                'rate': 'price',
            },
            'currency': none,
            'amounts': [],
        },
        'margin': {
            'model': 'focus_ai__customer_gross_margin_monthly',
            'is_built': true,
            'table': 'focus_ai__closed_margin',
            'columns': focus_ai.margin_columns(),
            'currency': 'reporting_currency',
            'amounts': ['revenue', 'ai_cost_of_revenue', 'gross_margin'],
            'as_closed': focus_ai.gross_margin_as_closed(),
        },
        'revenue': {
            'model': 'int_focus_ai__revenue_by_month',
            'is_built': focus_ai.input_enabled('revenue'),
            'table': 'focus_ai__closed_revenue',
            'columns': focus_ai.revenue_columns(),
            'currency': 'currency',
            'amounts': ['amount'],
        },
    } -%}
    {{ return(datasets) }}
{% endmacro %}


{#- Columns of int_focus_ai__revenue_by_month. -#}
{% macro revenue_columns() %}
    {{ return({
        'source_relation': 'text',
        'revenue_line_id': 'text',
        'service_month': 'timestamp',
        'earned_from': 'timestamp',
        'earned_until': 'timestamp',
        'accounting_period_start': 'timestamp',
        'is_prior_period': 'boolean',
        'billing_customer_id': 'text',
        'customer_id': 'text',
        'product_line': 'text',
        'revenue_type': 'text',
        'invoice_id': 'text',
        'booked_at': 'timestamp',
        'currency': 'text',
        'amount': 'money',
        'reporting_rate': 'price',
        'reporting_amount': 'money',
        'null_reason': 'text',
    }) }}
{% endmacro %}


{#- Columns of focus_ai__customer_gross_margin_monthly, save is_month_closed: it turns with the close itself. -#}
{% macro margin_columns() %}
    {{ return({
        'margin_id': 'text',
        'accounting_period_start': 'timestamp',
        'customer_id': 'text',
        'customer_name': 'text',
        'customer_segment': 'text',
        'is_internal': 'boolean',
        'product_line': 'text',
        'reporting_currency': 'text',
        'revenue': 'money',
        'ai_cost_of_revenue': 'money',
        'gross_margin': 'money',
        'gross_margin_percent': 'ratio',
        'other_cost_of_revenue': 'money',
        'gross_margin_after_other': 'money',
        'estimated_ai_cost': 'money',
        'prior_period_revenue': 'money',
        'prior_period_ai_cost': 'money',
        'unclassified_ai_cost': 'money',
        'operating_ai_cost': 'money',
        'prior_period_other_ai_cost': 'money',
        'prior_period_other_cost_of_revenue': 'money',
        'excluded_tax': 'money',
        'request_count': 'count',
        'cost_of_revenue_request_count': 'count',
        'revenue_per_1000_requests': 'money',
        'cost_per_1000_requests': 'money',
        'break_even_price_per_1000_requests': 'money',
        'attributed_share': 'ratio',
        'priced_share': 'ratio',
        'complete_through': 'timestamp',
        'revenue_null_reason': 'text',
        'ai_cost_null_reason': 'text',
        'gross_margin_null_reason': 'text',
        'gross_margin_percent_null_reason': 'text',
        'cost_per_1000_requests_null_reason': 'text',
    }) }}
{% endmacro %}


{#- Columns of focus_ai__closes, the manifest. -#}
{% macro close_columns() %}
    {%- set columns = {
        'close_id': 'text',
        'company_id': 'text',
        'accounting_period_start': 'timestamp',
        'version_number': 'count',
        'action': 'text',
        'closed_at': 'timestamp',
        'closed_by': 'text',
        'reviewed_by': 'text',
        'reason': 'text',
        'exceptions': 'text',
        'invoice_ids': 'text',
        'recorded_at': 'timestamp',
        'package_version': 'text',
    } -%}
    {%- for dataset in focus_ai.closed_datasets() -%}
        {%- do columns.update({
            dataset ~ '_row_count': 'count', dataset ~ '_sums': 'text', dataset ~ '_content_sha256': 'text',
        }) -%}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}


{#- The select of a frozen table's model: the dataset's columns and the id of the close, and no row. -#}
{% macro closed_table(dataset) -%}
    {%- set columns = {'close_id': 'text'} -%}
    {%- do columns.update(focus_ai.closed_datasets()[dataset].columns) -%}
select
    {{ focus_ai.null_columns(columns, indent=4) }}
where 1 = 0
{%- endmacro %}


{#- The rows of a dataset that would be frozen for these periods, as a query. -#}
{% macro rows_to_close(operation, dataset, period_starts) %}
    {%- set as_closed = dataset.get('as_closed', {}) -%}
    {%- set expressions = [] -%}
    {%- for name in dataset.columns -%}
        {%- do expressions.append(as_closed[name] ~ ' as ' ~ name if name in as_closed else name) -%}
    {%- endfor -%}
    {%- set periods = [] -%}
    {%- for period_start in period_starts -%}
        {%- do periods.append(focus_ai._timestamp_literal(period_start)) -%}
    {%- endfor -%}
    {{ return(
        'select ' ~ expressions | join(', ') ~ ' from ' ~ focus_ai.built_relation(dataset.model, operation)
        ~ ' where accounting_period_start in (' ~ periods | join(', ') ~ ')'
    ) }}
{% endmacro %}
