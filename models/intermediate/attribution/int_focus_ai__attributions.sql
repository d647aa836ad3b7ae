{{ config(enabled=focus_ai.any_cost_source()) }}

{#- What a rule may say of its consumer; each is taken from the first rule that says it. -#}
{%- set targets = ['customer_id', 'product_line', 'agent_id', 'workflow_id', 'cost_center', 'cost_class'] %}
{%- set keys = focus_ai.attribution_keys() %}
{%- set has_customers = focus_ai.input_enabled('customers') %}

with

subjects as (

    select * from {{ ref('int_focus_ai__attribution_subjects') }}

),

rules as (

    select * from {{ ref('int_focus_ai__attribution_rules') }}

),

tag_sets as (

    select distinct request_tags
    from subjects
    where request_tags is not null

),

tags_matched as (

    select
        tag_sets.request_tags,
        rules.rule_key
    from tag_sets
    inner join rules
        on
            rules.match_type = 'Tag'
            and {{ focus_ai.has_tag('tag_sets.request_tags', 'rules.match_value') }}

),

keys_matched as (

    select
        subjects.subject_id,
        tags_matched.rule_key,
        1 as key_order
    from subjects
    inner join tags_matched
        on subjects.request_tags = tags_matched.request_tags
    {%- for match_type, column, place in keys %}
    union all
    select
        subjects.subject_id,
        rules.rule_key,
        {{ place }} as key_order
    from subjects
    inner join rules
        on
            rules.match_type = '{{ match_type }}'
            and subjects.{{ column }} = rules.match_value
    {%- endfor %}

),

-- What was recorded by then (R14), and in force in some part of the bucket.
valid as (

    select
        keys_matched.subject_id,
        keys_matched.key_order,
        subjects.evaluated_at,
        subjects.evaluated_until,
        rules.*
    from keys_matched
    inner join subjects
        on keys_matched.subject_id = subjects.subject_id
    inner join rules
        on keys_matched.rule_key = rules.rule_key
    where
        {{ focus_ai.rule_applies('rules', 'subjects') }}
        and (subjects.known_at is null or rules.recorded_at <= subjects.known_at)
        and (rules.replaced_at is null or rules.replaced_at > subjects.known_at)

),

ranked as (

    select
        *,
        row_number() over (
            partition by subject_id
            order by
                match_type_order asc,
                key_order asc,
                is_explicit desc,
                priority asc,
                case when source_relation is null then 1 else 0 end asc,
                effective_from desc nulls last,
                recorded_at desc,
                rule_key asc
        ) as place,
        -- In force when the bucket starts (R16).
        effective_from is null or effective_from <= evaluated_at as is_in_force,
        coalesce(effective_from > evaluated_at, false) or coalesce(effective_to < evaluated_until, false)
            as has_change
    from valid

),

places as (

    select
        *,
        {%- for target in targets %}
        min(case when is_in_force and {{ target }} is not null then place end) over (partition by subject_id)
            as {{ target }}_place,
        {%- endfor %}
        min(case when is_in_force and rule_id not like 'agent:%' then place end)
            over (partition by subject_id) as rule_place
    from ranked

),

-- The rule that names the customer speaks for the row; without one the first.
named as (

    select
        *,
        coalesce(customer_id_place, rule_place) as named_place
    from places

),

resolved as (

    select
        subject_id,
        {%- for target in targets %}
        max(case when place = {{ target }}_place then {{ target }} end) as {{ target }},
        {%- endfor %}
        max(case when place = named_place then rule_id end) as attribution_rule_id,
        max(case when place = named_place then match_type end) as attribution_method_id,
        max(case when has_change and place <= coalesce(named_place, place) then 1 else 0 end) = 1
            as is_boundary_bucket
    from named
    group by subject_id

),

-- An agent named by a rule on something else brings its own defaults too.
agent_defaults as (

    select
        resolved.subject_id,
        rules.product_line,
        rules.workflow_id,
        rules.cost_center,
        row_number() over (partition by resolved.subject_id order by rules.recorded_at desc) as place
    from resolved
    inner join subjects
        on resolved.subject_id = subjects.subject_id
    inner join rules
        on
            'agent:' || resolved.agent_id = rules.rule_id
            and (subjects.known_at is null or subjects.known_at >= rules.recorded_at)

),

{% if has_customers -%}
customers as (

    select
        resolved.subject_id,
        customer_records.is_internal,
        row_number() over (
            partition by resolved.subject_id order by customer_records.recorded_at desc
        ) as place
    from resolved
    inner join subjects
        on resolved.subject_id = subjects.subject_id
    inner join {{ ref('focus_ai__customers') }} as customer_records
        on
            resolved.customer_id = customer_records.customer_id
            and (subjects.known_at is null or subjects.known_at >= customer_records.recorded_at)

),
{%- else -%}
customers as (

    select
        {{ focus_ai.typed_null('text') }} as subject_id,
        {{ focus_ai.typed_null('boolean') }} as is_internal,
        1 as place
    where 1 = 0

),
{%- endif %}

attributed as (

    select
        subjects.subject_id,
        subjects.credential_id,
        subjects.gateway_key_id,
        resolved.customer_id,
        coalesce(resolved.product_line, agent_defaults.product_line) as product_line,
        resolved.agent_id,
        coalesce(resolved.workflow_id, agent_defaults.workflow_id) as workflow_id,
        coalesce(resolved.cost_center, agent_defaults.cost_center) as cost_center,
        case
            when resolved.cost_class is not null then resolved.cost_class
            when resolved.customer_id is not null and not coalesce(customers.is_internal, false)
                then 'CostOfRevenue'
            else 'Unclassified'
        end as cost_class,
        resolved.attribution_rule_id,
        resolved.attribution_method_id,
        coalesce(resolved.is_boundary_bucket, false) as is_boundary_bucket
    from subjects
    left join resolved
        on subjects.subject_id = resolved.subject_id
    left join agent_defaults
        on
            subjects.subject_id = agent_defaults.subject_id
            and agent_defaults.place = 1
    left join customers
        on
            subjects.subject_id = customers.subject_id
            and customers.place = 1

),

final as (

    select
        subject_id,
        customer_id,
        product_line,
        agent_id,
        workflow_id,
        cost_center,
        cost_class,
        attribution_rule_id,
        attribution_method_id,
        is_boundary_bucket,
        -- Cost of revenue must name whose revenue; other classes need no customer.
        case
            when attribution_rule_id is not null and customer_id is null and cost_class = 'CostOfRevenue'
                then 'NoCustomer'
            when attribution_rule_id is not null then null
            {%- if not focus_ai.input_enabled('attribution_rules') %}
            when true then 'AttributionDisabled'
            {%- endif %}
            when credential_id is null and gateway_key_id is null then 'NoCredential'
            else 'NoAttributionRule'
        end as leftover_reason
    from attributed

)

select * from final
