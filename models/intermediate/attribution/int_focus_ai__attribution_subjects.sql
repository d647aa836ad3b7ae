{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set has_calls = focus_ai.input_enabled('observed_calls', ['litellm']) %}
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
            {{ focus_ai.accounting_period_start('calls.called_at') }}
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

final as (

    select
        case
            when unioned.request_id is not null
                then {{ focus_ai.hash_id([
                    "'call'", 'unioned.gateway_source_relation', 'unioned.request_id'
                ]) }}
            else {{ focus_ai.attribution_subject_id('unioned') }}
        end as subject_id,
        unioned.known_at,
        unioned.evaluated_at,
        unioned.evaluated_until,
        {{ focus_ai.column_list(keys, 'unioned') }},
        unioned.gateway_source_relation,
        unioned.request_id
    from unioned

)

select * from final
