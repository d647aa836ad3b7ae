{#-
    What an attributed row says of its consumer and of how it was found: {name: type}, in the order in which they
    make up the consumer's id.
-#}
{% macro attribution_columns() %}
    {{ return({
        'customer_id': 'text',
        'product_line': 'text',
        'agent_id': 'text',
        'workflow_id': 'text',
        'cost_center': 'text',
        'cost_class': 'text',
        'credential_id': 'text',
        'principal_id': 'text',
        'attribution_method_id': 'text',
        'attribution_rule_id': 'text',
        'attribution_confidence': 'text',
        'is_boundary_bucket': 'boolean',
        'leftover_reason': 'text',
    }) }}
{% endmacro %}

{#- Id of a consumer: a hash of its attribution columns. -#}
{% macro consumer_id(relation) -%}
    {%- set fields = [] -%}
    {%- for column, type in focus_ai.attribution_columns().items() -%}
        {%- do fields.append(
            "case when " ~ relation ~ "." ~ column ~ " then 'true' else 'false' end" if type == 'boolean'
            else relation ~ '.' ~ column
        ) -%}
    {%- endfor -%}
{{ focus_ai.hash_id(fields) }}
{%- endmacro %}
