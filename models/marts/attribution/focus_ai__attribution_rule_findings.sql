{{ config(enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('attribution_rules')) }}

{%- set targets = ['customer_id', 'product_line', 'agent_id', 'workflow_id', 'cost_center', 'cost_class'] %}
{%- set defects = [
    ('EmptyWindow', 'effective_to <= effective_from'),
    ('NoTarget', targets | join(' is null and ') ~ ' is null'),
] %}
{%- set target_tables = [
    ('MissingCustomer', 'customer_id', 'customers'),
    ('MissingAgent', 'agent_id', 'agents'),
] %}
{%- for finding_type, column, input in target_tables if focus_ai.input_enabled(input) %}
    {%- do defects.append((
        finding_type, column ~ ' is not null and ' ~ column ~ ' not in (select known.' ~ column
        ~ ' from ' ~ ref('focus_ai__' ~ input) ~ ' as known where known.' ~ column ~ ' is not null)'
    )) %}
{%- endfor %}
{%- set remedies = {
    'Overlap': 'Give one of both rules another priority, or end one where the other begins.',
    'Gap': 'Let the earlier rule end where the later one begins, or add a rule for the time between.',
    'MissingCustomer': 'Add the customer to the customers table, or correct customer_id.',
    'MissingAgent': 'Add the agent to the agents table, or correct agent_id.',
    'EmptyWindow': 'Correct effective_from or effective_to: the rule ends before it begins.',
    'NoTarget': 'Name a customer, product line, agent, workflow, cost center or cost class, or drop the rule.',
    'UnknownMatchType': 'Use credential, sub_account, principal, end_user, agent, team or tag as match_type.',
    'MatchesNothing': 'Correct match_type, match_value or source_relation; if there is no traffic yet, leave it.',
    'ExpiredMatchesNothing': 'Drop the rule: it has ended and matched no usage or call while it was in force.',
    'SelectsNothing': 'Name a selector: a decision on everything is none.',
    'UnknownMethod': 'Use even, tokens, list_cost, requests or revenue as method.',
    'UnknownReceivers': 'Use all_customers, or product_line or customers with the line or the customers named.',
    'MissingReceiver': 'Add the customers that it shares to to the customers table, or correct receiver_customer_ids.',
    'UnknownCostClass': 'Correct cost_class.',
    'Conflict': 'An earlier approved request stands on some of its charges: narrow the selector, or withdraw that one.',
    'SelfApproved': 'Let somebody else than the requester approve it.',
    'IncompleteApproval': 'Record who asked, who approved, and when.',
    'ApprovedBeforeRequested': 'Correct the times: it was approved before it was asked for.',
    'WithdrawsAndMoves': 'Leave selectors and targets of a withdrawal empty; record another request for what it moves.',
    'NothingToWithdraw': 'Name an approved request in withdraws_request_id, approved before its withdrawal.',
} %}

with

rules as (

    select * from {{ ref('int_focus_ai__attribution_rules') }}

),

subjects as (

    select * from {{ ref('int_focus_ai__attribution_subjects') }}

),

recorded_rules as (

    select * from {{ ref('focus_ai__attribution_rules') }}

),

-- The last record of each rule; what an agent brings along is no rule of its own.
current_rules as (

    select *
    from rules
    where replaced_at is null and rule_id not like 'agent:%'

),

-- Where two rules are of one rank, only the later start or record decides: nobody chose that.
overlapping_rules as (

    select
        'Overlap' as finding_type,
        earlier.rule_key,
        later.rule_id as other_rule_id,
        later.rule_key as other_rule_key,
        case
            when earlier.effective_from > later.effective_from or later.effective_from is null
                then earlier.effective_from
            else later.effective_from
        end as window_start,
        case
            when earlier.effective_to < later.effective_to or later.effective_to is null
                then earlier.effective_to
            else later.effective_to
        end as window_end
    from current_rules as earlier
    inner join current_rules as later
        on
            earlier.match_type = later.match_type
            and earlier.match_value = later.match_value
            and earlier.is_explicit = later.is_explicit
            and earlier.priority = later.priority
            and coalesce(earlier.source_relation, '') = coalesce(later.source_relation, '')
            and earlier.rule_key < later.rule_key
            and (
                earlier.effective_to is null or later.effective_from is null
                or earlier.effective_to > later.effective_from
            )
            and (
                earlier.effective_from is null or later.effective_to is null
                or earlier.effective_from < later.effective_to
            )
    where
        coalesce(earlier.effective_from < earlier.effective_to, true)
        and coalesce(later.effective_from < later.effective_to, true)

),

ordered_rules as (

    select
        rule_key,
        effective_from,
        max(coalesce(effective_to, cast('9999-12-31' as {{ focus_ai.type_timestamp() }}))) over (
            partition by match_type, match_value, coalesce(source_relation, '')
            order by effective_from asc nulls first, rule_key asc
            rows between unbounded preceding and 1 preceding
        ) as covered_until,
        lag(rule_id) over (
            partition by match_type, match_value, coalesce(source_relation, '')
            order by effective_from asc nulls first, rule_key asc
        ) as previous_rule_id,
        lag(rule_key) over (
            partition by match_type, match_value, coalesce(source_relation, '')
            order by effective_from asc nulls first, rule_key asc
        ) as previous_rule_key
    from current_rules

),

keys_matched as (

    select rules.rule_key
    from current_rules as rules
    inner join subjects
        on
            rules.match_type = 'Tag'
            and {{ focus_ai.has_tag('subjects.request_tags', 'rules.match_value') }}
            and {{ focus_ai.rule_applies('rules', 'subjects', 12) }}
    {%- for match_type, column, _ in focus_ai.attribution_keys() %}
    union distinct
    select rules.rule_key
    from current_rules as rules
    inner join subjects
        on
            rules.match_type = '{{ match_type }}'
            and rules.match_value = subjects.{{ column }}
            and {{ focus_ai.rule_applies('rules', 'subjects', 12) }}
    {%- endfor %}

),

seen as (

    select max(evaluated_until) as seen_until
    from subjects

),

findings as (

    select
        finding_type,
        rule_key,
        other_rule_id,
        other_rule_key,
        window_start,
        window_end
    from overlapping_rules

    union all

    select
        'Gap' as finding_type,
        rule_key,
        previous_rule_id as other_rule_id,
        previous_rule_key as other_rule_key,
        covered_until as window_start,
        effective_from as window_end
    from ordered_rules
    where covered_until < effective_from
    {%- for finding_type, condition in defects %}

    union all

    select
        '{{ finding_type }}' as finding_type,
        rule_key,
        {{ focus_ai.typed_null('text') }} as other_rule_id,
        {{ focus_ai.typed_null('text') }} as other_rule_key,
        effective_from as window_start,
        effective_to as window_end
    from current_rules
    where {{ condition }}
    {%- endfor %}

    union all

    select
        case when rules.effective_to <= seen.seen_until then 'ExpiredMatchesNothing' else 'MatchesNothing' end
            as finding_type,
        rules.rule_key,
        {{ focus_ai.typed_null('text') }} as other_rule_id,
        {{ focus_ai.typed_null('text') }} as other_rule_key,
        rules.effective_from as window_start,
        rules.effective_to as window_end
    from current_rules as rules
    cross join seen
    left join keys_matched
        on rules.rule_key = keys_matched.rule_key
    where
        rules.is_explicit = 1
        and keys_matched.rule_key is null
        and coalesce(rules.effective_from < rules.effective_to, true)

),

described as (

    select
        findings.finding_type,
        current_rules.rule_id,
        findings.other_rule_id,
        current_rules.match_type,
        current_rules.match_value,
        current_rules.source_relation,
        current_rules.customer_id,
        current_rules.agent_id,
        findings.window_start,
        findings.window_end,
        findings.rule_key,
        findings.other_rule_key
    from findings
    inner join current_rules
        on findings.rule_key = current_rules.rule_key

    union all

    -- Such a rule is in no later step: the raw record is all there is.
    select
        'UnknownMatchType' as finding_type,
        recorded_rules.rule_id,
        {{ focus_ai.typed_null('text') }} as other_rule_id,
        recorded_rules.match_type,
        recorded_rules.match_value,
        recorded_rules.source_relation,
        recorded_rules.customer_id,
        recorded_rules.agent_id,
        recorded_rules.effective_from as window_start,
        recorded_rules.effective_to as window_end,
        {{ focus_ai.utc_text('recorded_rules.recorded_at') }} as rule_key,
        {{ focus_ai.typed_null('text') }} as other_rule_key
    from recorded_rules
    left join rules
        on
            recorded_rules.rule_id = rules.rule_id
            and recorded_rules.recorded_at = rules.recorded_at
    where rules.rule_id is null

    union all

    select
        finding_type,
        rule_id,
        other_rule_id,
        match_type,
        match_value,
        source_relation,
        customer_id,
        agent_id,
        window_start,
        window_end,
        rule_key,
        other_rule_key
    from {{ ref('int_focus_ai__decision_findings') }}

),

final as (

    select
        {{ focus_ai.hash_id([
            'finding_type', 'rule_id', 'rule_key', 'other_rule_key', focus_ai.utc_text('window_start')
        ]) }} as rule_finding_id,
        finding_type,
        rule_id,
        other_rule_id,
        match_type,
        match_value,
        source_relation,
        customer_id,
        agent_id,
        window_start,
        window_end,
        case finding_type
            {%- for finding_type, remedy in remedies.items() %}
            when '{{ finding_type }}' then '{{ remedy }}'
            {%- endfor %}
        end as remedy
    from described

)

select * from final
