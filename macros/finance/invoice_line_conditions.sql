{#-
    What an invoice line of a charge's account and currency has in common with it, if the charge stands on it (R9):
    {name: condition}. A line that the charge came from is known; any other is one of category, service window and
    grain. A correction belongs to an invoice that adjusts the invoice of the corrected period, never to that one (R13).

    charge   alias of a relation with the columns of `invoice_match_key`
    line     alias of int_focus_ai__invoice_lines, at a moment (`is_adjusting_at`)
-#}
{% macro invoice_line_conditions(charge, line) %}
    {%- set conditions = {
        'is_kind': '({c}.charge_class is null) <> {l}.is_adjusting',
        'is_corrected_period': '{c}.charge_class is null'
            ~ ' or {c}.corrected_billing_period_start = {l}.adjusted_billing_period_start',
        'is_category': '{l}.charge_category = {c}.charge_category',
        'is_service_window': '{l}.service_start <= {c}.charge_period_start and {l}.service_end > {c}.charge_period_start',
        'is_grain': 'coalesce({l}.sub_account_id = {c}.sub_account_id, {l}.sub_account_id is null)'
            ~ ' and coalesce({l}.model_id = {c}.model_id, {l}.model_id is null)'
            ~ ' and coalesce({l}.sku_meter = {c}.sku_meter, {l}.sku_meter is null)',
        'is_origin': 'coalesce({l}.invoice_id = {c}.origin_invoice_id, {c}.origin_invoice_id is null)'
            ~ ' and coalesce({l}.invoice_line_id = {c}.origin_invoice_line_id, {c}.origin_invoice_line_id is null)',
        'is_origin_known': '{c}.origin_invoice_line_id is not null',
    } -%}
    {%- for name in conditions -%}
        {%- do conditions.update({name: '(' ~ conditions[name].replace('{c}', charge).replace('{l}', line) ~ ')'}) -%}
    {%- endfor -%}
    {{ return(conditions) }}
{% endmacro %}
