{#-
    The audit log is one unbroken chain. Returns the entries that break it, with what is wrong:

    Edited      entry_hash is not the hash of the entry's columns
    Numbering   sequence_number is missing, taken twice, or leaves a gap before it
    Link        previous_hash is not entry_hash of the entry before

    A tail that was cut off leaves no trace in the log: `focus-validate audit verify --expect-head` sees it.
-#}
{% test focus_ai_audit_chain(model) %}
with

entries as (

    select
        log.*,
        {{ focus_ai.audit_entry_hash('log') }} as computed_hash,
        row_number() over (order by sequence_number, entry_hash) as place,
        lag(entry_hash, 1, '{{ focus_ai.audit_genesis_hash() }}') over (
            order by sequence_number, entry_hash
        ) as hash_before
    from {{ model }} as log

),

examined as (

    select
        sequence_number,
        place,
        entry_hash,
        case
            when entry_hash is null or entry_hash <> computed_hash then 'Edited'
            when sequence_number is null or sequence_number <> place then 'Numbering'
            when previous_hash is null or previous_hash <> hash_before then 'Link'
        end as finding
    from entries

)

select *
from examined
where finding is not null
{% endtest %}
