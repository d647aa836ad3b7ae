{#- Columns of the audit log and their types, in the order in which they are hashed. The last two make the chain. -#}
{% macro audit_log_columns() %}
    {{ return({
        'sequence_number': 'count',
        'recorded_at': 'text',
        'action': 'text',
        'actor': 'text',
        'approved_by': 'text',
        'subject': 'text',
        'before': 'text',
        'after': 'text',
        'previous_hash': 'text',
        'entry_hash': 'text',
    }) }}
{% endmacro %}

{% macro audit_actions() %}
    {{ return(['override', 'approval', 'price_change', 'close', 'reopen', 'correction']) }}
{% endmacro %}

{#- previous_hash of the first entry. -#}
{% macro audit_genesis_hash() %}{{ return('0' * 64) }}{% endmacro %}

{#-
    entry_hash of an entry: SHA-256 over the canonical text of its columns, entry_hash left out.

    relation     alias of the entry
    expressions  {column: SQL expression} for columns that are not columns of the relation yet
-#}
{% macro audit_entry_hash(relation, expressions={}) -%}
    {%- set fields = [] -%}
    {%- for name in focus_ai.audit_log_columns() if name != 'entry_hash' -%}
        {%- set field = expressions.get(name, relation ~ '.' ~ name) -%}
        {%- do fields.append(focus_ai.count_text(field) if name == 'sequence_number' else field) -%}
    {%- endfor -%}
{{ focus_ai.sha256(focus_ai.canonical_text(fields)) }}
{%- endmacro %}
