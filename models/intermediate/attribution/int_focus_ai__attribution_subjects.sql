{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set has_calls = focus_ai.input_enabled('observed_calls') %}
{%- set has_customers = focus_ai.input_enabled('customers') %}
{%- set keys = [
    'source_relation', 'end_user_id', 'request_tags', 'agent_id', 'gateway_key_id', 'credential_id', 'principal_id',
    'sub_account_id', 'team_id',
] %}

with

charge_usage as (

    select * from {{ ref('int_focus_ai__charge_usage') }}

),

metered_usage as (

    select * from {{ ref('int_focus_ai__metered_usage') }}

),

rules as (

    select * from {{ ref('int_focus_ai__attribution_rules') }}

),

-- What a rule gives changes when it is recorded or replaced, and when its agent or customer is recorded anew.
rule_changes as (

    select
        match_type,
        match_value,
        recorded_at,
        replaced_at
    from rules
    union distinct
    select
        rules.match_type,
        rules.match_value,
        agents.recorded_at,
        agents.replaced_at
    from rules
    inner join rules as agents
        on 'agent:' || rules.agent_id = agents.rule_id
    {%- if has_customers %}
    union distinct
    select
        rules.match_type,
        rules.match_value,
        customers.recorded_at,
        {{ focus_ai.typed_null('timestamp') }} as replaced_at
    from rules
    inner join {{ ref('focus_ai__customers') }} as customers
        on rules.customer_id = customers.customer_id
    {%- endif %}

),

usage_subjects as (

    select
        known_at,
        usage_period_start as evaluated_at,
        usage_period_end as evaluated_until,
        source_relation,
        credential_id,
        principal_id,
        sub_account_id
    from charge_usage
    union distinct
    select
        known_at,
        usage_period_start as evaluated_at,
        usage_period_end as evaluated_until,
        source_relation,
        credential_id,
        principal_id,
        sub_account_id
    from metered_usage

),

{%- if has_calls %}

accounting_periods as (

    select
        accounting_period_start,
        closed_at
    from {{ ref('int_focus_ai__accounting_periods') }}

),

-- A provider's key lives in one project or workspace; the gateway does not know which.
credentials as (

    select
        source_relation,
        credential_id,
        min(sub_account_id) as sub_account_id
    from metered_usage
    where credential_id is not null
    group by source_relation, credential_id

),

call_subjects as (

    select
        accounting_periods.closed_at as known_at,
        calls.called_at as evaluated_at,
        calls.called_at as evaluated_until,
        calls.provider_source_relation as source_relation,
        calls.end_user_id,
        calls.request_tags,
        calls.agent_id,
        calls.gateway_key_id,
        calls.credential_id,
        calls.principal_id,
        credentials.sub_account_id,
        calls.team_id,
        calls.source_relation as gateway_source_relation,
        calls.request_id
    from {{ ref('focus_ai__observed_calls') }} as calls
    left join accounting_periods
        on
            {{ focus_ai.accounting_period_of_day('calls.called_at') }}
            = accounting_periods.accounting_period_start
    left join credentials
        on
            calls.provider_source_relation = credentials.source_relation
            and calls.credential_id = credentials.credential_id

),
{%- endif %}

unioned as (

    select
        known_at,
        evaluated_at,
        evaluated_until,
        source_relation,
        {{ focus_ai.typed_null('text') }} as end_user_id,
        {{ focus_ai.typed_null('text') }} as request_tags,
        {{ focus_ai.typed_null('text') }} as agent_id,
        {{ focus_ai.typed_null('text') }} as gateway_key_id,
        credential_id,
        principal_id,
        sub_account_id,
        {{ focus_ai.typed_null('text') }} as team_id,
        {{ focus_ai.typed_null('text') }} as gateway_source_relation,
        {{ focus_ai.typed_null('text') }} as request_id
    from usage_subjects
    {%- if has_calls %}
    union all
    select * from call_subjects
    {%- endif %}

),

-- What a closed period would be attributed to today, wherever a rule on one of its keys came or went since.
remapped as (
    {%- for match_type, column, _ in focus_ai.attribution_keys() %}

    select unioned.*
    from unioned
    inner join rule_changes
        on
            rule_changes.match_type = '{{ match_type }}'
            and unioned.{{ column }} = rule_changes.match_value
            and (
                unioned.known_at < rule_changes.recorded_at
                or unioned.known_at < rule_changes.replaced_at
            )

    union distinct
    {%- endfor %}

    select unioned.*
    from unioned
    inner join rule_changes
        on
            rule_changes.match_type = 'Tag'
            and {{ focus_ai.has_tag('unioned.request_tags', 'rule_changes.match_value') }}
            and (
                unioned.known_at < rule_changes.recorded_at
                or unioned.known_at < rule_changes.replaced_at
            )

),

dated as (

    select
        unioned.*,
        false as is_remapped
    from unioned
    union all
    select
        remapped.*,
        true as is_remapped
    from remapped

),

judged as (

    select
        evaluated_at,
        evaluated_until,
        {{ focus_ai.column_list(keys) }},
        gateway_source_relation,
        request_id,
        is_remapped,
        case when not is_remapped then known_at end as known_at
    from dated

),

final as (

    select
        case
            when judged.request_id is not null
                then {{ focus_ai.hash_id([
                    "case when judged.is_remapped then 'remapped call' else 'call' end",
                    'judged.gateway_source_relation', 'judged.request_id'
                ]) }}
            else {{ focus_ai.attribution_subject_id('judged') }}
        end as subject_id,
        judged.known_at,
        judged.evaluated_at,
        judged.evaluated_until,
        {{ focus_ai.column_list(keys, 'judged') }},
        judged.gateway_source_relation,
        judged.request_id,
        judged.is_remapped
    from judged

)

select * from final
