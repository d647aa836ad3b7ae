{{ config(enabled=focus_ai.any_cost_source(), materialized='view') }}

{%- set has_rules = focus_ai.input_enabled('shared_cost_rules') %}
{%- set selectors = [
    'match_leftover_reason', 'match_customer_id', 'match_agent_id', 'match_cost_center', 'match_cost_class',
    'match_source_relation',
] %}
{%- set defects = [
    ('EmptyWindow', 'rules.effective_to <= rules.effective_from'),
    ('SelectsNothing', 'coalesce(' ~ focus_ai.column_list(selectors, 'rules') ~ ') is null'),
    ('UnknownMethod', "rules.method not in ('even', 'tokens', 'list_cost', 'requests', 'revenue')"),
    (
        'UnknownReceivers', "rules.receivers not in ('all_customers', 'product_line', 'customers')"
        ~ " or (rules.receivers = 'product_line' and rules.receiver_product_line is null)"
        ~ " or (rules.receivers = 'customers' and rules.receiver_customer_ids is null)"
    ),
    ('MatchesNothing', 'rules.rule_id not in (select shared_legs.rule_id from shared_legs)'),
] %}
{%- set targets = [
    ('MissingCustomer', 'match_customer_id', 'customers', 'customer_id'),
    ('MissingAgent', 'match_agent_id', 'agents', 'agent_id'),
] %}
{%- for finding_type, selector, input, column in targets if focus_ai.input_enabled(input) %}
    {%- do defects.append((
        finding_type, 'rules.' ~ selector ~ ' is not null and rules.' ~ selector ~ ' not in (select known.' ~ column
        ~ ' from ' ~ ref('focus_ai__' ~ input) ~ ' as known where known.' ~ column ~ ' is not null)'
    )) %}
{%- endfor %}
{#- What a finding says of the rule itself; its window is the rule's own. -#}
{%- set rule_itself = [
    'rules.rule_id', focus_ai.typed_null('text') ~ ' as other_rule_id', 'rules.match_value',
    'rules.match_source_relation', 'rules.match_customer_id', 'rules.match_agent_id',
    'rules.effective_from as window_start', 'rules.effective_to as window_end', 'rules.rule_key',
    focus_ai.typed_null('text') ~ ' as other_rule_key',
] | join(',\n        ') %}

with

requests as (

    select * from {{ ref('int_focus_ai__override_requests') }}

),

matches as (

    select
        request_id,
        min(conflicting_request_id) as conflicting_request_id
    from {{ ref('int_focus_ai__override_matches') }}
    group by request_id

),
{%- if has_rules %}

recorded_rules as (

    select
        *,
        lead(recorded_at) over (partition by rule_id, effective_from order by recorded_at) as replaced_at
    from {{ ref('focus_ai__shared_cost_rules') }}

),

-- What a rule selects, in one text.
rules as (

    select
        *,
        {{ focus_ai.utc_text('effective_from') }} || {{ focus_ai.utc_text('recorded_at') }} as rule_key,
        coalesce(
            match_customer_id, match_agent_id, match_cost_center, match_leftover_reason, match_cost_class,
            match_source_relation, '*'
        ) as match_value
    from recorded_rules
    where replaced_at is null

),

shared_legs as (

    select distinct rule_id
    from {{ ref('int_focus_ai__shared_cost_legs') }}
    where ledger_version <> 'today'

),

rule_findings as (

    -- Two rules of one rank on the same cost: only the later start or record decides.
    select
        'Overlap' as finding_type,
        rules.rule_id,
        later_rules.rule_id as other_rule_id,
        rules.match_value,
        rules.match_source_relation,
        rules.match_customer_id,
        rules.match_agent_id,
        case
            when rules.effective_from > later_rules.effective_from or later_rules.effective_from is null
                then rules.effective_from
            else later_rules.effective_from
        end as window_start,
        case
            when rules.effective_to < later_rules.effective_to or later_rules.effective_to is null
                then rules.effective_to
            else later_rules.effective_to
        end as window_end,
        rules.rule_key,
        later_rules.rule_key as other_rule_key
    from rules
    inner join rules as later_rules
        on
            coalesce(rules.priority, 1000000) = coalesce(later_rules.priority, 1000000)
            and rules.rule_id < later_rules.rule_id
            {%- for selector in selectors %}
            and coalesce(rules.{{ selector }} = later_rules.{{ selector }}, true)
            {%- endfor %}
            and coalesce(rules.effective_from < later_rules.effective_to, true)
            and coalesce(rules.effective_to > later_rules.effective_from, true)
    {%- for finding_type, condition in defects %}

    union all

    select
        '{{ finding_type }}' as finding_type,
        {{ rule_itself }}
    from rules
    where {{ condition }}
    {%- endfor %}
    {%- if focus_ai.input_enabled('customers') %}

    union all

    select
        'MissingReceiver' as finding_type,
        {{ rule_itself }}
    from rules
    left join {{ ref('focus_ai__customers') }} as known
        on {{ focus_ai.in_list('known.customer_id', 'rules.receiver_customer_ids') }}
    where rules.receivers = 'customers' and rules.receiver_customer_ids is not null
    group by
        rules.rule_id, rules.match_value, rules.match_source_relation, rules.match_customer_id,
        rules.match_agent_id, rules.effective_from, rules.effective_to, rules.rule_key,
        rules.receiver_customer_ids
    having
        count(distinct known.customer_id)
        < 1 + length(rules.receiver_customer_ids) - length(replace(rules.receiver_customer_ids, ',', ''))
    {%- endif %}

),
{%- endif %}

request_findings as (

    select
        case
            when matches.conflicting_request_id is not null then 'Conflict'
            when requests.decision = 'Approved' then 'MatchesNothing'
            else requests.refusal_reason
        end as finding_type,
        requests.request_id as rule_id,
        matches.conflicting_request_id as other_rule_id,
        coalesce(
            requests.match_customer_id, requests.match_agent_id, requests.match_credential_id,
            requests.match_sub_account_id, requests.match_model_id, requests.match_source_relation, '*'
        ) as match_value,
        requests.match_source_relation,
        requests.customer_id,
        requests.agent_id,
        requests.charge_period_from as window_start,
        requests.charge_period_to as window_end,
        {{ focus_ai.utc_text('requests.recorded_at') }} as rule_key,
        {{ focus_ai.typed_null('text') }} as other_rule_key
    from requests
    left join matches
        on requests.request_id = matches.request_id
    where
        matches.conflicting_request_id is not null
        or (
            requests.decision = 'Approved'
            and requests.withdrawal_id is null
            and matches.request_id is null
        )
        or (requests.decision = 'Rejected' and requests.refusal_reason <> 'RejectedByApprover')

),

final as (

    {%- for name, match_type in (
        [('rule_findings', 'SharedCost')] if has_rules else []
    ) + [('request_findings', 'Override')] %}
    select
        finding_type,
        rule_id,
        other_rule_id,
        '{{ match_type }}' as match_type,
        match_value,
        match_source_relation as source_relation,
        {{ 'match_customer_id as customer_id' if match_type == 'SharedCost' else 'customer_id' }},
        {{ 'match_agent_id as agent_id' if match_type == 'SharedCost' else 'agent_id' }},
        window_start,
        window_end,
        rule_key,
        other_rule_key
    from {{ name }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select * from final
