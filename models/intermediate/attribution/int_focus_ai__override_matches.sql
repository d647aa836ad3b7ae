{{ config(enabled=focus_ai.any_cost_source()) }}

{#- What a request may ask of a consumer's part of a charge: {column of the request: column of the part}. -#}
{%- set selectors = {
    'match_source_relation': 'source_relation',
    'match_credential_id': 'credential_id',
    'match_sub_account_id': 'sub_account_id',
    'match_agent_id': 'agent_id',
    'match_customer_id': 'customer_id',
    'match_model_id': 'model_id',
} %}
{%- set leg_key = ['ledger_version', 'sku_charge_id', 'origin_consumer_id'] %}

with

requests as (

    select * from {{ ref('int_focus_ai__override_requests') }}
    where decision = 'Approved' and withdraws_request_id is null

),

consumers as (

    select * from {{ ref('int_focus_ai__attributed') }}

),

sku_charges as (

    select * from {{ ref('int_focus_ai__priced') }}

),

ledger_versions as (

    select
        source_relation,
        accounting_period_start,
        ledger_version,
        as_of
    from {{ ref('int_focus_ai__ledger_versions') }}

),

legs as (

    select
        consumers.ledger_version,
        consumers.sku_charge_id,
        consumers.consumer_id as origin_consumer_id,
        consumers.credential_id,
        consumers.agent_id,
        consumers.customer_id,
        sku_charges.source_relation,
        sku_charges.sub_account_id,
        sku_charges.model_id,
        sku_charges.charge_period_start,
        sku_charges.known_at,
        ledger_versions.as_of
    from consumers
    inner join sku_charges
        on
            consumers.ledger_version = sku_charges.ledger_version
            and consumers.sku_charge_id = sku_charges.sku_charge_id
    inner join ledger_versions
        on
            sku_charges.source_relation = ledger_versions.source_relation
            and sku_charges.accounting_period_start = ledger_versions.accounting_period_start
            and sku_charges.ledger_version = ledger_versions.ledger_version

),
{%- for stage, is_due in [
    ('attribution', 'legs.known_at is null or requests.decided_at <= legs.known_at'),
    ('reclass', 'requests.is_reclass and requests.decided_at > legs.known_at'
        ~ ' and (legs.as_of is null or requests.decided_at <= legs.as_of)'),
    (
        'closed', 'not requests.is_reclass and requests.decided_at > legs.known_at'
        ~ ' and requests.withdrawn_at is null'
    ),
] %}

{% if stage == 'reclass' -%}
-- A reclass finds what a closed period holds: what was overridden before the close as it is by now.
overridden_legs as (

    select
        legs.ledger_version,
        legs.sku_charge_id,
        legs.origin_consumer_id,
        legs.credential_id,
        coalesce(requests.agent_id, legs.agent_id) as agent_id,
        coalesce(requests.customer_id, legs.customer_id) as customer_id,
        legs.source_relation,
        legs.sub_account_id,
        legs.model_id,
        legs.charge_period_start,
        legs.known_at,
        legs.as_of
    from legs
    left join attribution_ranked as standing
        on
            {{ focus_ai.same_columns(leg_key, 'legs', 'standing') }}
            and standing.approval_order = standing.standing_order
    left join requests
        on standing.request_id = requests.request_id
    where legs.known_at is not null

),

{% endif -%}
{{ stage }}_found as (

    select
        {{ focus_ai.column_list(leg_key, 'legs') }},
        requests.request_id,
        requests.approval_order,
        requests.withdrawal_id,
        requests.reclass_withdrawal_id,
        case
            when requests.withdrawn_at is null then null
            when legs.known_at is null or requests.withdrawn_at <= legs.known_at then 'withdrawal'
            when requests.reclass_withdrawn_at is null then null
            when legs.as_of is null or requests.reclass_withdrawn_at <= legs.as_of then 'reclass_withdrawal'
        end as withdrawal_stage
    from {{ 'overridden_legs' if stage == 'reclass' else 'legs' }} as legs
    inner join requests
        on
            {%- for request_column, column in selectors.items() %}
            {{ 'and ' if not loop.first -}}
            (requests.{{ request_column }} is null or requests.{{ request_column }} = legs.{{ column }})
            {%- endfor %}
            and (
                requests.charge_period_from is null
                or requests.charge_period_from <= legs.charge_period_start
            )
            and (
                requests.charge_period_to is null
                or requests.charge_period_to > legs.charge_period_start
            )
    where
        {{ is_due }}

),
{%- if stage != 'closed' %}

-- Of two on a part the one approved first stands, of those that nobody took back.
{{ stage }}_ranked as (

    select
        *,
        min(case when withdrawal_stage is null then approval_order end) over (
            partition by {{ leg_key | join(', ') }}
        ) as standing_order
    from {{ stage }}_found

),
{%- endif %}
{%- endfor %}

-- What is not touched is listed too: what another request took first, with that request; what is closed.
-- So is what a withdrawal took back, and what it left in a closed period.
final as (

    {%- for stage in ['attribution', 'reclass'] %}
    select
        {{ focus_ai.column_list(leg_key, 'ranked') }},
        '{{ stage }}' as stage_name,
        ranked.request_id,
        nullif(standing.request_id, ranked.request_id) as conflicting_request_id
    from {{ stage }}_ranked as ranked
    inner join requests as standing
        on ranked.standing_order = standing.approval_order
    where ranked.withdrawal_stage is null
    union all
    select
        {{ focus_ai.column_list(leg_key) }},
        withdrawal_stage as stage_name,
        case withdrawal_stage
            when 'withdrawal' then withdrawal_id
            else reclass_withdrawal_id
        end as request_id,
        {{ focus_ai.typed_null('text') }} as conflicting_request_id
    from {{ stage }}_ranked
    where withdrawal_stage is not null and coalesce(approval_order < standing_order, true)
    union all
    select
        {{ focus_ai.column_list(leg_key) }},
        'closed_withdrawal' as stage_name,
        withdrawal_id as request_id,
        {{ focus_ai.typed_null('text') }} as conflicting_request_id
    from {{ stage }}_ranked
    where
        approval_order = standing_order
        and withdrawal_id is not null
        and reclass_withdrawal_id is null
    union all
    {%- endfor %}
    select
        {{ focus_ai.column_list(leg_key) }},
        'closed' as stage_name,
        request_id,
        {{ focus_ai.typed_null('text') }} as conflicting_request_id
    from closed_found

)

select * from final
