{#-
    Writes the journal of a month for the general ledger: `journal_<period>.csv`, one row a line, amounts in whole
    subunits of the currency.

        dbt run-operation focus_ai_export_journal --args '{directory: /data/books, accounting_period: 2026-09}'

    directory          an existing directory; a file of the same name in it is replaced
    accounting_period  name of the period, such as the month 2026-09
    entity             one entity_id; default all
    draft              true writes `journal_<period>_draft.csv` of a month that is not closed yet

    Refuses, and writes nothing, when the month is open and no draft is asked for, when a line has no account, or when
    a document does not balance. Lines that round to nothing are left out.
-#}
{% macro focus_ai_export_journal(directory, accounting_period, entity=none, draft=false) %}
    {%- set journal = focus_ai.built_relation('focus_ai__journal_entries', 'focus_ai_export_journal') -%}
    {%- set wanted = focus_ai.report_period('focus_ai_export_journal', accounting_period) -%}
    {%- set month = wanted.period -%}
    {%- set rows = journal ~ " where " ~ wanted.condition -%}
    {%- if entity is not none -%}
        {%- set rows = rows ~ " and entity_id = '" ~ entity | string | replace("'", "''") ~ "'" -%}
    {%- endif -%}
    {%- do focus_ai.check_journal(rows, month, draft) -%}
    {%- set query = (
        "select line_number, journal_id, journal_type, accounting_period_start, posting_date, entity_id, currency, "
        ~ "account_id, cost_center, debit_subunits, credit_subunits, subunits_per_unit, "
        ~ "vendor, reference, description from " ~ rows ~ " and debit_subunits + credit_subunits > 0"
    ) -%}
    {%- set order = 'posting_date, entity_id, currency, journal_type, vendor, reference, journal_id, line_number' -%}
    {%- set name = 'journal_' ~ month ~ ('_draft' if draft else '') ~ '.csv' -%}
    {%- do focus_ai.write_report(query, order, directory, name) -%}
{% endmacro %}


{#- Stops, with one line that says why, unless the rows are a journal that a ledger may take. -#}
{% macro check_journal(rows, month, draft) %}
    {%- set found = run_query(
        "select count(*), sum(case when accounting_period_status = 'Open' then 1 else 0 end), "
        ~ "sum(case when account_id = '(unmapped)' then 1 else 0 end), "
        ~ "sum(debit_subunits) - sum(credit_subunits) from " ~ rows
    ).rows[0] -%}
    {%- if found[0] == 0 -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai_export_journal: no journal for " ~ month ~ "; fill finance.journal_accounts and build "
            ~ "focus_ai__journal_entries, or name another month"
        ) }}
    {%- elif found[1] > 0 and not draft -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai_export_journal: " ~ month ~ " is not closed, its figures can still change; close it, or add "
            ~ "draft: true"
        ) }}
    {%- elif found[2] > 0 -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai_export_journal: " ~ found[2] ~ " lines of " ~ month ~ " have no account; add assignments to "
            ~ "finance.journal_accounts for: " ~ focus_ai.unmapped_references(rows)
        ) }}
    {%- endif -%}
    {%- set unbalanced = run_query(
        "select count(*) from (select journal_id from " ~ rows
        ~ " group by journal_id having sum(debit_subunits) <> sum(credit_subunits)) as documents"
    ).columns[0].values()[0] -%}
    {%- if unbalanced > 0 -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai_export_journal: " ~ unbalanced ~ " documents of " ~ month ~ " do not balance; this is a defect, "
            ~ "`dbt test --select focus_ai__journal_entries` shows which"
        ) }}
    {%- endif -%}
{% endmacro %}


{#- What the lines without account are about, as one text. -#}
{% macro unmapped_references(rows) %}
    {%- set documents = run_query(
        "select distinct description, currency from " ~ rows ~ " and account_id = '(unmapped)' order by 1, 2"
    ) -%}
    {%- set texts = [] -%}
    {%- for document in documents.rows[:5] -%}
        {%- do texts.append(document[0] ~ ' (' ~ document[1] ~ ')') -%}
    {%- endfor -%}
    {{ return(texts | join('; ') ~ (' ...' if documents.rows | length > 5 else '')) }}
{% endmacro %}
