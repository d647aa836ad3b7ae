{#- Id of the keys, and of the moment, that a usage row is attributed by. -#}
{% macro attribution_subject_id(relation) -%}
{{ focus_ai.hash_id([
    "'usage'",
    focus_ai.utc_text(relation ~ '.known_at'),
    focus_ai.utc_text(relation ~ '.evaluated_at'),
    focus_ai.utc_text(relation ~ '.evaluated_until'),
    relation ~ '.source_relation',
    relation ~ '.credential_id',
    relation ~ '.principal_id',
    relation ~ '.sub_account_id',
]) }}
{%- endmacro %}
