{#-
    Evidence in each version of the ledger: as of now, as of the close of the accounting period that it falls in, and
    as of later closes where there was news in between (int_focus_ai__ledger_versions).

    Needs a CTE `ledger_versions`. A select of ledger_version, accounting_period_start (the company's month that holds
    `occurred_at`), known_at (when that month was closed, null while it is open: what was recorded by then is what all
    versions go by for rules, mappings and prices, R14 and R15), and `columns` as they are.

    evidence        CTE with loaded_at and, unless `restated` is false, superseded_at
    occurred_at     column: when it happened, not when it was loaded
    source_column   column: the provider's source that it is evidence of
-#}
{% macro ledger_versions(evidence, columns, occurred_at, source_column='source_relation', restated=true) %}
    select
        ledger_versions.ledger_version,
        ledger_versions.accounting_period_start,
        ledger_versions.known_at,
        {{ focus_ai.column_list(columns, 'evidence') }}
    from {{ evidence }} as evidence
    inner join ledger_versions
        on
            evidence.{{ source_column }} = ledger_versions.source_relation
            and {{ focus_ai.accounting_period_of_day('evidence.' ~ occurred_at) }}
            = ledger_versions.accounting_period_start
            and (ledger_versions.as_of is null or evidence.loaded_at <= ledger_versions.as_of)
            {%- if restated %}
            and (
                evidence.superseded_at is null
                or evidence.superseded_at > ledger_versions.as_of
            )
            {%- endif %}
{%- endmacro %}

{#- Name of what was known of an earlier period when a later one was closed: `as_of:2026-09`. -#}
{#- Evidence was loaded by a moment, and not replaced then. -#}
{% macro is_known_at(evidence, moment) -%}
({{ evidence }}.loaded_at <= {{ moment }} and coalesce({{ evidence }}.superseded_at > {{ moment }}, true))
{%- endmacro %}

{#- The snapshot_period_start of what is known now: after all closes. -#}
{% macro current_snapshot() -%}
cast('9999-12-01T00:00:00' as {{ focus_ai.type_timestamp() }})
{%- endmacro %}

{#- The moment until which everything that is known now came. -#}
{% macro end_of_time() -%}
cast('9999-12-31T00:00:00' as {{ focus_ai.type_timestamp() }})
{%- endmacro %}

{% macro later_version(posting_period_start) -%}
'as_of:' || {{ focus_ai.accounting_period_name(posting_period_start) }}
{%- endmacro %}
