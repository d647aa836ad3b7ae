{#- What a rule of a match type is matched with: (match type, column of the subject, place inside the match type). -#}
{% macro attribution_keys() %}
    {{ return([
        ('EndUser', 'end_user_id', 1),
        ('Agent', 'agent_id', 1),
        ('Credential', 'gateway_key_id', 1),
        ('Credential', 'credential_id', 2),
        ('Principal', 'principal_id', 1),
        ('SubAccount', 'sub_account_id', 1),
        ('Team', 'team_id', 1),
    ]) }}
{% endmacro %}


{#- Tags are a JSON array of texts: a tag is there if its JSON text is. -#}
{% macro has_tag(request_tags, tag) -%}
{{ dbt.position(focus_ai.json_string(tag), request_tags) }} > 0
{%- endmacro %}


{#- The rule is for the subject's source and in force in some part of the subject's time; its key is not looked at. -#}
{% macro rule_applies(rule, subject, indent=8) -%}
    {%- set conditions = [
        rule ~ '.source_relation is null or ' ~ rule ~ '.source_relation = ' ~ subject ~ '.source_relation',
        rule ~ '.effective_from is null or ' ~ rule ~ '.effective_from <= ' ~ subject ~ '.evaluated_at or '
        ~ rule ~ '.effective_from < ' ~ subject ~ '.evaluated_until',
        rule ~ '.effective_to is null or ' ~ rule ~ '.effective_to > ' ~ subject ~ '.evaluated_at',
    ] -%}
({{ conditions | join(')\n' ~ ' ' * indent ~ 'and (') }})
{%- endmacro %}
