{#-
    The vars that become part of a query, a macro each. The maps of names are in conformance/from_var.sql, the calendar
    in finance/accounting_calendar.sql, the sources in sources/.
-#}

{#- A var as text; what is not of its form (a regular expression, and the same in words) stops the run. -#}
{% macro checked_var(name, default, form, words) %}
    {%- set value = var(name, default) | string -%}
    {%- if not modules.re.fullmatch(form, value) -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai: var " ~ name ~ " must be " ~ words ~ "; it is: " ~ value
        ) }}
    {%- endif -%}
    {{ return(value) }}
{% endmacro %}

{% macro share_var(name, default) %}
    {{ return(focus_ai.checked_var(
        name, default, '0|1|[01]\\.0+|0?\\.[0-9]{1,6}', 'a number from 0 to 1 with up to 6 decimals'
    )) }}
{% endmacro %}


{#- ISO 4217 code of the currency that margins are reported in. -#}
{% macro reporting_currency() %}
    {{ return(focus_ai.checked_var(
        'focus_ai_reporting_currency', 'USD', '[A-Z]{3}', 'an ISO 4217 code in capitals such as USD'
    )) }}
{% endmacro %}

{#- When revenue counts: over its service period, or as a whole when the invoice was booked. -#}
{% macro revenue_basis() %}
    {{ return(focus_ai.checked_var(
        'focus_ai_revenue_basis', 'recognised', 'recognised|billed', 'recognised or billed'
    )) }}
{% endmacro %}

{#- Share of Tax rows that cannot be reclaimed and so is cost of revenue (MONEY.md R17). -#}
{% macro irrecoverable_tax_share() %}
    {{ return(focus_ai.checked_var(
        'focus_ai_tax_is_cost_of_revenue_share', 0, '0|1|0?\\.[0-9]{1,12}', 'a number from 0 to 1'
    )) }}
{% endmacro %}

{#- How corrections stand in FOCUS (R13): a reversal and a re-entry, or their difference where one row can say it. -#}
{% macro correction_style() %}
    {{ return(focus_ai.checked_var('focus_ai_correction_style', 'ledger', 'ledger|delta', 'ledger or delta')) }}
{% endmacro %}

{#- Which names the keys of SkuPriceDetails have. -#}
{% macro focus_version() %}
    {{ return(focus_ai.checked_var(
        'focus_ai_version', '1.4', '1\\.4|1\\.5-preview', "'1.4' or '1.5-preview'"
    )) }}
{% endmacro %}

{#- How far one line of an invoice may be off, in subunits of its currency (R8). -#}
{% macro close_tolerance_per_line() %}
    {{ return(focus_ai.checked_var(
        'focus_ai_close_tolerance_per_line_subunits', 0.5, '[0-9]{1,6}(\\.[0-9]{1,6})?',
        'a number with up to 6 decimals'
    )) }}
{% endmacro %}

{#- Largest unattributed or unpriced share of usage cost that a close passes without a warning. -#}
{% macro close_share_limit() %}
    {{ return(focus_ai.share_var('focus_ai_close_share_limit', 0.05)) }}
{% endmacro %}

{#- Share of a closed month's cost whose evidence may be gone without failing a close. -#}
{% macro withdrawn_share_limit() %}
    {{ return(focus_ai.share_var('focus_ai_withdrawn_share_limit', 0.01)) }}
{% endmacro %}

{#- Share of a month's bill that may differ from usage x price without failing a close (var, 0 to 1, default 0.01). -#}
{% macro usage_price_share_limit() %}
    {{ return(focus_ai.share_var('focus_ai_usage_price_share_limit', 0.01)) }}
{% endmacro %}

{#- Days after the end of a month at which its first figures are taken. -#}
{% macro flash_days() %}
    {{ return(focus_ai.checked_var(
        'focus_ai_flash_days', 1, '[0-9]|[1-5][0-9]|60', 'a whole number from 0 to 60'
    ) | int) }}
{% endmacro %}

{#- Months in a row in which a margin must fall to be at risk. -#}
{% macro falling_margin_months() %}
    {{ return(focus_ai.checked_var(
        'focus_ai_falling_margin_months', 2, '[1-9]|1[0-9]|2[0-4]', 'a whole number from 1 to 24'
    ) | int) }}
{% endmacro %}

{#- Share of all revenue or cost of revenue from which one customer is a risk. -#}
{% macro concentration_share() %}
    {{ return(focus_ai.checked_var(
        'focus_ai_concentration_share', 0.2, '1|0?\\.[0-9]{0,5}[1-9]0*',
        'a number above 0, at most 1, with up to 6 decimals'
    )) }}
{% endmacro %}
