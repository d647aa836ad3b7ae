{{ config(enabled=focus_ai.any_cost_source()) }}

{#-
    Precedence of what is matched, most particular first. One list; the order is documented in this model's yml.
-#}
{%- set precedence = ['EndUser', 'Tag', 'Agent', 'Credential', 'Principal', 'SubAccount', 'Team'] %}
{%- set columns = {
    'rule_id': 'text',
    'match_type': 'text',
    'match_value': 'text',
    'source_relation': 'text',
    'is_explicit': 'count',
    'priority': 'count',
    'customer_id': 'text',
    'product_line': 'text',
    'agent_id': 'text',
    'workflow_id': 'text',
    'cost_center': 'text',
    'cost_class': 'text',
    'effective_from': 'timestamp',
    'effective_to': 'timestamp',
    'recorded_at': 'timestamp',
} %}
{%- set has_rules = focus_ai.input_enabled('attribution_rules') %}
{%- set has_identifiers = focus_ai.input_enabled('customer_identifiers') %}
{%- set has_agents = focus_ai.input_enabled('agents') %}

with

{%- if has_rules %}

explicit_rules as (

    select
        rule_id,
        case match_type
            when 'end_user' then 'EndUser'
            when 'tag' then 'Tag'
            when 'agent' then 'Agent'
            when 'credential' then 'Credential'
            when 'principal' then 'Principal'
            when 'sub_account' then 'SubAccount'
            when 'team' then 'Team'
        end as match_type,
        match_value,
        source_relation,
        1 as is_explicit,
        coalesce(priority, 1000000) as priority,
        customer_id,
        product_line,
        agent_id,
        workflow_id,
        cost_center,
        cost_class,
        effective_from,
        effective_to,
        recorded_at
    from {{ ref('focus_ai__attribution_rules') }}

),
{%- endif %}

{%- if has_identifiers %}

-- The crosswalk attributes where no rule does.
identifier_rules as (

    select
        'identifier:' || identifier_type || ':' || identifier as rule_id,
        case identifier_type
            when 'end_user' then 'EndUser'
            when 'tenant' then 'Tag'
            when 'credential' then 'Credential'
        end as match_type,
        case when identifier_type = 'tenant' then 'tenant:' || identifier else identifier end as match_value,
        {{ focus_ai.typed_null('text') }} as source_relation,
        0 as is_explicit,
        1000000 as priority,
        customer_id,
        {{ focus_ai.typed_null('text') }} as product_line,
        {{ focus_ai.typed_null('text') }} as agent_id,
        {{ focus_ai.typed_null('text') }} as workflow_id,
        {{ focus_ai.typed_null('text') }} as cost_center,
        {{ focus_ai.typed_null('text') }} as cost_class,
        effective_from,
        effective_to,
        recorded_at
    from {{ ref('focus_ai__customer_identifiers') }}

),
{%- endif %}

{%- if has_agents %}

-- An agent brings its product line, workflow and cost center, for all time; its last record holds.
agent_rules as (

    select
        'agent:' || agent_id as rule_id,
        'Agent' as match_type,
        agent_id as match_value,
        {{ focus_ai.typed_null('text') }} as source_relation,
        0 as is_explicit,
        1000000 as priority,
        {{ focus_ai.typed_null('text') }} as customer_id,
        product_line,
        agent_id,
        workflow_id,
        cost_center,
        {{ focus_ai.typed_null('text') }} as cost_class,
        {{ focus_ai.typed_null('timestamp') }} as effective_from,
        {{ focus_ai.typed_null('timestamp') }} as effective_to,
        recorded_at
    from {{ ref('focus_ai__agents') }}

),
{%- endif %}

unioned as (

    select
        {{ focus_ai.null_columns(columns) }}
    where 1 = 0
    {%- for name, is_there in [
        ('explicit_rules', has_rules), ('identifier_rules', has_identifiers), ('agent_rules', has_agents)
    ] if is_there %}
    union all
    select
        {{ focus_ai.column_list(columns) }}
    from {{ name }}
    {%- endfor %}

),

-- A rule that is recorded again for the same start replaces its earlier record from then on.
final as (

    select
        {{ focus_ai.hash_id([
            'rule_id', 'match_value', 'customer_id', focus_ai.utc_text('effective_from'),
            focus_ai.utc_text('recorded_at')
        ]) }} as rule_key,
        {{ focus_ai.column_list(columns) }},
        lead(recorded_at) over (
            partition by
                rule_id, effective_from, case when rule_id like 'identifier:%' then customer_id end
            order by recorded_at
        ) as replaced_at,
        case match_type
            {%- for match_type in precedence %}
            when '{{ match_type }}' then {{ loop.index }}
            {%- endfor %}
        end as match_type_order
    from unioned
    where match_type is not null

)

select * from final
