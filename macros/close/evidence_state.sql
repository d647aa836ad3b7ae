{#-
    What the raw tables hold now, a row for each input: input_name, row_count, newest_at (when the newest row came;
    null where an input does not say). A build keeps it, a close compares.
-#}
{% macro evidence_state() %}
    {%- set inputs = [
        ('billed_cost', 'loaded_at'),
        ('provider_usage', 'loaded_at'),
        ('observed_calls', 'loaded_at'),
        ('agents', 'recorded_at'),
        ('attribution_rules', 'recorded_at'),
        ('customer_identifiers', 'recorded_at'),
        ('customers', 'recorded_at'),
        ('fx_rates', 'recorded_at'),
        ('prepaid_grants', 'recorded_at'),
        ('unit_prices', 'recorded_at'),
        ('provider_invoices', none),
        ('provider_invoice_lines', none),
        ('general_ledger_entries', none),
        ('revenue', none),
    ] -%}
    {%- set selects = [] -%}
    {#- Prices are there wherever a bill is. -#}
    {%- for input, moment in inputs if input == 'unit_prices' or focus_ai.input_enabled(input) -%}
        {%- do selects.append(
            "select '" ~ input ~ "' as input_name, count(*) as row_count, "
            ~ ('max(' ~ moment ~ ')' if moment else focus_ai.typed_null('timestamp')) ~ " as newest_at\n    from "
            ~ ref('focus_ai__' ~ input)
        ) -%}
    {%- endfor -%}
    {{ return(selects | join('\n    union all\n    ')) }}
{% endmacro %}
