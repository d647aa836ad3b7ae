{#-
    What the raw tables hold now, a row for each input: input_name, row_count, newest_at (when the newest row came;
    null where an input does not say). A build keeps it, a close compares.
-#}
{% macro evidence_state() %}
    {%- set inputs = [
        ('billed_cost', ['openai', 'anthropic'], 'loaded_at'),
        ('provider_usage', ['openai', 'anthropic'], 'loaded_at'),
        ('observed_calls', ['litellm'], 'loaded_at'),
        ('agents', ['attribution'], 'recorded_at'),
        ('attribution_rules', ['attribution'], 'recorded_at'),
        ('customer_identifiers', ['attribution'], 'recorded_at'),
        ('customers', ['attribution'], 'recorded_at'),
        ('fx_rates', ['finance'], 'recorded_at'),
        ('prepaid_grants', ['finance'], 'recorded_at'),
        ('unit_prices', ['openai', 'anthropic'], 'recorded_at'),
        ('provider_invoices', ['provider_invoices'], none),
        ('provider_invoice_lines', ['provider_invoices'], none),
        ('general_ledger_entries', ['general_ledger'], none),
        ('revenue', ['stripe'], none),
    ] -%}
    {%- set selects = [] -%}
    {%- for input, sources, moment in inputs if focus_ai.input_enabled(input, sources) -%}
        {%- do selects.append(
            "select '" ~ input ~ "' as input_name, count(*) as row_count, "
            ~ ('max(' ~ moment ~ ')' if moment else focus_ai.typed_null('timestamp')) ~ " as newest_at\n    from "
            ~ ref('focus_ai__' ~ input)
        ) -%}
    {%- endfor -%}
    {{ return(selects | join('\n    union all\n    ')) }}
{% endmacro %}
