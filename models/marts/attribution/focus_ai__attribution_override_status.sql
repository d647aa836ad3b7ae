{{ config(enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('attribution_overrides')) }}

{%- set request_columns = [
    'match_source_relation', 'match_credential_id', 'match_sub_account_id', 'match_agent_id', 'match_customer_id',
    'match_model_id', 'charge_period_from', 'charge_period_to', 'customer_id', 'product_line', 'agent_id',
    'workflow_id', 'cost_center', 'cost_class', 'is_reclass', 'reason', 'requested_by', 'requested_at', 'approved_by',
    'approved_at', 'rejected_by', 'rejected_at', 'rejection_reason', 'decided_at', 'withdraws_request_id',
    'withdrawal_id', 'withdrawn_at',
] %}
{#- (what it says of the amount, which matches it sums) -#}
{%- set amounts = [
    ('moved', "matches.conflicting_request_id is null and matches.stage_name not in ('closed', 'closed_withdrawal')"),
    (
        'reclassified',
        "matches.conflicting_request_id is null and matches.stage_name in ('reclass', 'reclass_withdrawal')",
    ),
    ('left_alone', "matches.stage_name in ('closed', 'closed_withdrawal')"),
    ('refused', 'matches.conflicting_request_id is not null'),
] %}

with

requests as (

    select * from {{ ref('int_focus_ai__override_requests') }}

),

matches as (

    select * from {{ ref('int_focus_ai__override_matches') }}

),

consumers as (

    select
        sku_charge_id,
        origin_consumer_id,
        consumer_id
    from {{ ref('int_focus_ai__shared') }}
    where ledger_version = 'current'

),

costed as (

    select * from {{ ref('int_focus_ai__costed') }}
    where ledger_version = 'current'

),

conflicts as (

    select
        request_id,
        min(conflicting_request_id) as conflicting_request_id
    from matches
    where ledger_version = 'current' and conflicting_request_id is not null
    group by request_id

),

touched as (

    select
        {%- for name, condition in amounts %}
        sum(case when {{ condition }} then costed.effective_cost else 0 end) as {{ name }}_effective_cost,
        count(distinct case when {{ condition }} then costed.sku_charge_id end) as {{ name }}_charge_count,
        {%- endfor %}
        matches.request_id,
        costed.billing_currency
    from matches
    inner join consumers
        on
            matches.sku_charge_id = consumers.sku_charge_id
            and matches.origin_consumer_id = consumers.origin_consumer_id
    inner join costed
        on
            consumers.sku_charge_id = costed.sku_charge_id
            and consumers.consumer_id = costed.consumer_id
    where matches.ledger_version = 'current'
    group by matches.request_id, costed.billing_currency

),

judged as (

    select
        requests.*,
        conflicts.conflicting_request_id,
        touched.billing_currency,
        touched.moved_effective_cost,
        touched.moved_charge_count,
        touched.reclassified_effective_cost,
        touched.left_alone_effective_cost,
        touched.left_alone_charge_count,
        touched.refused_effective_cost,
        touched.refused_charge_count,
        case
            when requests.withdrawal_id is not null then 'Withdrawn'
            when requests.decision = 'Approved' and touched.moved_charge_count > 0 then 'Applied'
            when conflicts.request_id is not null then 'Rejected'
            else requests.decision
        end as status,
        case
            when requests.decision <> 'Approved' then requests.refusal_reason
            when requests.withdrawal_id is not null
                then case when touched.moved_charge_count > 0 then 'ClosedPeriod' end
            when conflicts.request_id is not null then 'Conflict'
            when touched.request_id is null then 'MatchesNothing'
            when touched.left_alone_charge_count > 0 then 'ClosedPeriod'
        end as status_reason
    from requests
    left join conflicts
        on requests.request_id = conflicts.request_id
    left join touched
        on requests.request_id = touched.request_id

),

final as (

    select
        {{ focus_ai.hash_id(['request_id', 'billing_currency']) }} as override_status_id,
        request_id,
        status,
        status_reason,
        conflicting_request_id,
        {{ focus_ai.column_list(request_columns) }},
        billing_currency,
        cast(coalesce(moved_charge_count, 0) as {{ focus_ai.type_count() }}) as moved_charge_count,
        {{ focus_ai.money('coalesce(moved_effective_cost, 0)') }} as moved_effective_cost,
        {{ focus_ai.money('coalesce(reclassified_effective_cost, 0)') }} as reclassified_effective_cost,
        cast(coalesce(left_alone_charge_count, 0) as {{ focus_ai.type_count() }}) as left_alone_charge_count,
        {{ focus_ai.money('coalesce(left_alone_effective_cost, 0)') }} as left_alone_effective_cost,
        cast(coalesce(refused_charge_count, 0) as {{ focus_ai.type_count() }}) as refused_charge_count,
        {{ focus_ai.money('coalesce(refused_effective_cost, 0)') }} as refused_effective_cost
    from judged

)

select * from final
