{#-
    The SQL statement that appends entries to the audit log, each chained to the one before it. The caller runs it, in
    the transaction of what the entries tell of; no entries: an empty text, and nothing to run.

    entries       list of {action, subject, actor, approved_by, before, after}, in the order of the log
        action       one of audit_actions()
        subject      what was acted on, for example an accounting period `2026-10` or the id of a request
        actor        who did it; approved_by: who approved it (optional, not the actor)
        before, after   state before and after (optional): anything that JSON can hold; no floating-point money
    recorded_at   `YYYY-MM-DDTHH:MM:SSZ`; default: now

    An entry without action, subject or actor, or with an unknown action, stops the run before anything is written.
-#}
{% macro append_audit_entries(entries, recorded_at=none) %}
    {%- if not entries -%}{{ return('') }}{%- endif -%}
    {%- set pending -%}
        {%- for entry in entries %}
        {%- do focus_ai._check_audit_entry(entry) %}
        select
            {{ loop.index }} as entry_number,
            {{ focus_ai._audit_literal(entry.action) }} as action,
            {{ focus_ai._audit_literal(entry.actor) }} as actor,
            {{ focus_ai._audit_literal(entry.approved_by) }} as approved_by,
            {{ focus_ai._audit_literal(entry.subject) }} as subject,
            {{ focus_ai._audit_literal(focus_ai._audit_json(entry.before)) }} as before,
            {{ focus_ai._audit_literal(focus_ai._audit_json(entry.after)) }} as after
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    {%- endset -%}
    {{ return(focus_ai.append_audit_rows(pending, recorded_at)) }}
{% endmacro %}


{#-
    The same for the rows of a query.

    pending   select of entry_number (1, 2, ... without gaps) and, as text, action, actor, approved_by, subject, before,
              after; before and after hold JSON text or null
-#}
{% macro append_audit_rows(pending, recorded_at=none) %}
    {%- set audit_log = ref('focus_ai__audit_log') -%}
    {%- set recorded_at = focus_ai.text_literal(recorded_at or focus_ai.now_text()) -%}
    {%- set columns = focus_ai.audit_log_columns() -%}
    {%- set sql -%}
insert into {{ audit_log }} ({{ columns.keys() | join(', ') }})
with recursive

pending as (
{{ pending }}
),

last_entry as (

    select
        sequence_number,
        entry_hash
    from {{ audit_log }}
    where sequence_number = (select max(sequence_number) from {{ audit_log }})

),

head as (

    select
        cast(coalesce(max(sequence_number), 0) as {{ focus_ai.type_count() }}) as sequence_number,
        coalesce(max(entry_hash), '{{ focus_ai.audit_genesis_hash() }}') as entry_hash
    from last_entry

),

chain as (

    {{ focus_ai._audit_link('head', recorded_at) }}
    where pending.entry_number = 1
    union all
    {{ focus_ai._audit_link('chain', recorded_at) }}
    where pending.entry_number = chain.entry_number + 1

)

select {{ columns.keys() | join(', ') }}
from chain
    {%- endset -%}
    {{ return(sql) }}
{% endmacro %}


{#- Each pending entry as the successor of a row of `previous` (sequence_number, entry_hash). -#}
{% macro _audit_link(previous, recorded_at) -%}
    {%- set computed = {
        'sequence_number': previous ~ '.sequence_number + 1',
        'recorded_at': recorded_at,
        'previous_hash': previous ~ '.entry_hash',
    } -%}
    select
        pending.entry_number,
        {%- for name, type in focus_ai.audit_log_columns().items() if name != 'entry_hash' %}
        cast({{ computed.get(name, 'pending.' ~ name) }} as {{ focus_ai['type_' ~ type]() }}) as {{ name }},
        {%- endfor %}
        cast({{ focus_ai.audit_entry_hash('pending', computed) }} as {{ focus_ai.type_text() }}) as entry_hash
    from {{ previous }}
    cross join pending
{%- endmacro %}


{% macro _check_audit_entry(entry) %}
    {%- for name in ['action', 'subject', 'actor'] if not entry.get(name) -%}
        {{ exceptions.raise_compiler_error("focus_ai audit log: an entry needs " ~ name ~ "; it is: " ~ entry) }}
    {%- endfor -%}
    {%- if entry.action not in focus_ai.audit_actions() -%}
        {{ exceptions.raise_compiler_error(
            "focus_ai audit log: unknown action '" ~ entry.action ~ "'; allowed: "
            ~ focus_ai.audit_actions() | join(', ')
        ) }}
    {%- endif -%}
{% endmacro %}

{% macro _audit_literal(text) -%}
cast({{ focus_ai.text_literal(text) if text else 'null' }} as {{ focus_ai.type_text() }})
{%- endmacro %}

{#- Keys sorted: the same state always gives the same bytes. -#}
{% macro _audit_json(value) %}
    {{ return(none if value is none or value is undefined else tojson(value, sort_keys=true)) }}
{% endmacro %}
