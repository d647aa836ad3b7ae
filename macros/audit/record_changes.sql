{#-
    Appends to the audit log every override request, approval, price and correction that is new or differs from what
    the log holds of it, and what the log holds and is no more (int_focus_ai__recordable_changes). Running it again
    adds nothing.

        dbt run-operation focus_ai_record_changes --args '{recorded_by: jane@example.com}'

    recorded_by   who stands for changes whose source names nobody
-#}
{% macro focus_ai_record_changes(recorded_by='dbt') %}
    {%- if execute -%}
        {%- for model in ['focus_ai__audit_log', 'int_focus_ai__recordable_changes'] -%}
            {%- do focus_ai.built_relation(model, 'focus_ai_record_changes') -%}
        {%- endfor -%}
        {%- set before = focus_ai.audit_head() -%}
        {%- call statement('record_changes', auto_begin=true) -%}
            {{ focus_ai.record_changes_statement(recorded_by) }}
        {%- endcall -%}
        {%- do adapter.commit() -%}
        {%- set head = focus_ai.audit_head() -%}
        {%- do log(
            'focus_ai: ' ~ (head.sequence_number - before.sequence_number) ~ ' changes recorded, head '
            ~ head.entry_hash ~ ' (entry ' ~ head.sequence_number ~ ')', info=true
        ) -%}
    {%- endif -%}
{% endmacro %}


{#- The last entry of the audit log: {sequence_number, entry_hash}; 0 and 64 zeros of an empty one. -#}
{% macro audit_head() %}
    {%- set row = run_query(
        'select sequence_number, entry_hash from ' ~ ref('focus_ai__audit_log')
        ~ ' order by sequence_number desc limit 1'
    ).rows | first -%}
    {{ return({
        'sequence_number': row[0] | int if row else 0,
        'entry_hash': row[1] if row else focus_ai.audit_genesis_hash(),
    }) }}
{% endmacro %}


{#- The statement of it, to be run in the caller's transaction. -#}
{% macro record_changes_statement(recorded_by) %}
    {%- set pending -%}
    {{ focus_ai.unrecorded_changes(ref('int_focus_ai__recordable_changes'), ref('focus_ai__audit_log'), recorded_by) }}
    {%- endset -%}
    {{ return(focus_ai.append_audit_rows(pending)) }}
{% endmacro %}


{#- Select of what the log lacks, as `append_audit_rows` takes it. -#}
{% macro unrecorded_changes(changes, audit_log, recorded_by) -%}
    {%- set actions = ['override', 'approval', 'price_change', 'correction'] -%}
    {%- set recorder = focus_ai.text_literal(recorded_by) -%}
    with

    recorded as (

        select
            action,
            subject,
            after,
            row_number() over (partition by action, subject order by sequence_number desc) as place
        from {{ audit_log }}
        where action in ('{{ actions | join("', '") }}')

    ),

    last_recorded as (

        select
            action,
            subject,
            after
        from recorded
        where place = 1

    ),

    new_states as (

        select
            changes.action,
            changes.subject,
            coalesce(changes.actor, {{ recorder }}) as actor,
            changes.approved_by,
            coalesce(last_recorded.after, changes.state_before) as before,
            changes.state_after as after,
            changes.occurred_at
        from {{ changes }} as changes
        left join last_recorded
            on
                changes.action = last_recorded.action
                and changes.subject = last_recorded.subject
        where last_recorded.after is null or last_recorded.after <> changes.state_after

    ),

    withdrawn as (

        select
            last_recorded.action,
            last_recorded.subject,
            {{ recorder }} as actor,
            {{ focus_ai.typed_null('text') }} as approved_by,
            last_recorded.after as before,
            {{ focus_ai.typed_null('text') }} as after,
            {{ focus_ai.typed_null('timestamp') }} as occurred_at
        from last_recorded
        left join {{ changes }} as changes
            on
                last_recorded.action = changes.action
                and last_recorded.subject = changes.subject
        left join last_recorded as requests
            on
                requests.action = 'override'
                and last_recorded.subject = requests.subject
        where
            last_recorded.after is not null
            and changes.subject is null
            -- A close records approvals of its own, of exceptions.
            and (last_recorded.action <> 'approval' or requests.subject is not null)

    ),

    unrecorded as (

        select * from new_states
        union all
        select * from withdrawn

    )

    select
        row_number() over (
            order by
                case when occurred_at is null then 1 else 0 end,
                occurred_at,
                action desc,
                subject
        ) as entry_number,
        action,
        actor,
        approved_by,
        subject,
        before,
        after
    from unrecorded
{%- endmacro %}
