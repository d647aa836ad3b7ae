{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set selectors = [
    'match_source_relation', 'match_credential_id', 'match_sub_account_id', 'match_agent_id', 'match_customer_id',
    'match_model_id',
] %}
{%- set targets = ['customer_id', 'product_line', 'agent_id', 'workflow_id', 'cost_center', 'cost_class'] %}
{#- Which charges it is about; a withdrawal is about those of the request that it takes back. -#}
{%- set window = selectors + ['charge_period_from', 'charge_period_to'] %}
{%- set columns = {'request_id': 'text'} %}
{%- for name in selectors %}{% do columns.update({name: 'text'}) %}{% endfor %}
{%- do columns.update({'charge_period_from': 'timestamp', 'charge_period_to': 'timestamp'}) %}
{%- for name in targets %}{% do columns.update({name: 'text'}) %}{% endfor %}
{%- do columns.update({
    'is_reclass': 'boolean',
    'reason': 'text',
    'requested_by': 'text',
    'requested_at': 'timestamp',
    'approved_by': 'text',
    'approved_at': 'timestamp',
    'rejected_by': 'text',
    'rejected_at': 'timestamp',
    'rejection_reason': 'text',
    'withdraws_request_id': 'text',
    'recorded_at': 'timestamp',
}) %}
{%- set has_overrides = focus_ai.input_enabled('attribution_overrides') %}
{%- set target_tables = [
    ('customers', 'customer_id', focus_ai.input_enabled('customers')),
    ('agents', 'agent_id', focus_ai.input_enabled('agents')),
] %}
{%- set cost_classes = [
    'CostOfRevenue', 'ResearchAndDevelopment', 'SalesAndMarketing', 'GeneralAndAdministrative', 'Unclassified',
] %}

with

requests as (

    {% if has_overrides -%}
    select
        {{ focus_ai.column_list(columns.keys() | list) }}
    from {{ ref('focus_ai__attribution_overrides') }}
    {%- else -%}
    select
        {{ focus_ai.null_columns(columns) }}
    where 1 = 0
    {%- endif %}

),
{%- for input, column, is_there in target_tables %}

{{ input }} as (

    {% if is_there -%}
    select
        {{ column }},
        min(recorded_at) as first_recorded_at
    from {{ ref('focus_ai__' ~ input) }}
    group by {{ column }}
    {%- else -%}
    select
        {{ focus_ai.typed_null('text') }} as {{ column }},
        {{ focus_ai.typed_null('timestamp') }} as first_recorded_at
    where 1 = 0
    {%- endif %}

),
{%- endfor %}

-- A decision takes effect once it is recorded, so that nobody decides for a day that has passed.
decided as (

    select
        requests.*,
        greatest(
            requests.recorded_at,
            requests.approved_at,
            coalesce(customers.first_recorded_at, requests.recorded_at),
            coalesce(agents.first_recorded_at, requests.recorded_at)
        ) as decided_at,
        case
            when requests.rejected_by is not null then 'RejectedByApprover'
            when requests.approved_by is null then null
            when lower(trim(requests.approved_by)) = lower(trim(requests.requested_by)) then 'SelfApproved'
            when
                requests.approved_at is null
                or requests.requested_by is null
                or trim(requests.approved_by) = ''
                then 'IncompleteApproval'
            when requests.approved_at < requests.requested_at then 'ApprovedBeforeRequested'
            when requests.withdraws_request_id is not null
                then
                    case
                        when
                            coalesce(
                                {{ focus_ai.column_list(selectors + targets, 'requests', 32) }}
                            ) is not null
                            then 'WithdrawsAndMoves'
                    end
            when
                coalesce(
                    {{ focus_ai.column_list(selectors, 'requests', 20) }}
                ) is null
                then 'SelectsNothing'
            when requests.charge_period_to <= requests.charge_period_from then 'EmptyWindow'
            when
                coalesce(
                    {{ focus_ai.column_list(targets, 'requests', 20) }}
                ) is null
                then 'NoTarget'
            {%- for input, column, is_there in target_tables if is_there %}
            when requests.{{ column }} is not null and {{ input }}.{{ column }} is null
                then 'Missing{{ input[:-1] | capitalize }}'
            {%- endfor %}
            when
                requests.cost_class not in (
                    {%- for cost_class in cost_classes %}
                    '{{ cost_class }}'{{ ',' if not loop.last }}
                    {%- endfor %}
                )
                then 'UnknownCostClass'
        end as refusal_reason
    from requests
    left join customers
        on requests.customer_id = customers.customer_id
    left join agents
        on requests.agent_id = agents.agent_id

),

-- What is withdrawn counted before; a withdrawal is not withdrawn, its request is made anew.
judged as (

    select
        {{ focus_ai.column_list(columns.keys() | reject('in', window) | list, 'decided') }},
        {%- for name in window %}
        case
            when decided.withdraws_request_id is null then decided.{{ name }} else withdrawn.{{ name }}
        end as {{ name }},
        {%- endfor %}
        decided.decided_at,
        case
            when decided.refusal_reason is not null then decided.refusal_reason
            when decided.withdraws_request_id is null or decided.approved_by is null then null
            when
                withdrawn.approved_by is null
                or withdrawn.refusal_reason is not null
                or withdrawn.withdraws_request_id is not null
                or withdrawn.decided_at > decided.decided_at
                then 'NothingToWithdraw'
        end as refusal_reason
    from decided
    left join decided as withdrawn
        on decided.withdraws_request_id = withdrawn.request_id

),

{% if target_tables[0][2] -%}
-- Whose cost class it is without one of its own: the customer's, as known when the request was decided.
customer_records as (

    select
        judged.request_id,
        customers.is_internal,
        row_number() over (partition by judged.request_id order by customers.recorded_at desc) as place
    from judged
    inner join {{ ref('focus_ai__customers') }} as customers
        on
            judged.customer_id = customers.customer_id
            and judged.decided_at >= customers.recorded_at

),
{%- else -%}
customer_records as (

    select
        {{ focus_ai.typed_null('text') }} as request_id,
        {{ focus_ai.typed_null('boolean') }} as is_internal,
        1 as place
    where 1 = 0

),
{%- endif %}

-- The first that takes a request back for what is open, and the first that does so for what is closed too.
withdrawals as (

    select
        withdraws_request_id,
        request_id,
        decided_at,
        is_reclass,
        row_number() over (
            partition by withdraws_request_id order by decided_at asc, request_id asc
        ) as place,
        row_number() over (
            partition by withdraws_request_id, is_reclass order by decided_at asc, request_id asc
        ) as place_in_kind
    from judged
    where withdraws_request_id is not null and approved_by is not null and refusal_reason is null

),

final as (

    select
        {{ focus_ai.column_list(columns.keys() | reject('eq', 'cost_class') | list, 'judged') }},
        case
            when judged.cost_class is not null then judged.cost_class
            when judged.customer_id is null then null
            when coalesce(customer_records.is_internal, false) then 'Unclassified'
            else 'CostOfRevenue'
        end as cost_class,
        judged.refusal_reason,
        case
            when judged.refusal_reason is not null then 'Rejected'
            when judged.approved_by is null then 'Requested'
            else 'Approved'
        end as decision,
        case
            when judged.refusal_reason is null and judged.approved_by is not null then judged.decided_at
        end as decided_at,
        row_number() over (
            order by judged.approved_at asc, judged.recorded_at asc, judged.request_id asc
        ) as approval_order,
        withdrawals.request_id as withdrawal_id,
        withdrawals.decided_at as withdrawn_at,
        reclasses.request_id as reclass_withdrawal_id,
        reclasses.decided_at as reclass_withdrawn_at
    from judged
    left join customer_records
        on
            judged.request_id = customer_records.request_id
            and customer_records.place = 1
    left join withdrawals
        on
            judged.request_id = withdrawals.withdraws_request_id
            and withdrawals.place = 1
    left join withdrawals as reclasses
        on
            judged.request_id = reclasses.withdraws_request_id
            and reclasses.is_reclass
            and reclasses.place_in_kind = 1

)

select * from final
