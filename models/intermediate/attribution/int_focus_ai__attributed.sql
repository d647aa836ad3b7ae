{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set attribution_columns = focus_ai.attribution_columns().keys() | list %}
{%- set unknown_columns = {
    'customer_id': 'text',
    'product_line': 'text',
    'agent_id': 'text',
    'workflow_id': 'text',
    'cost_center': 'text',
    'principal_id': 'text',
    'attribution_method_id': 'text',
    'attribution_rule_id': 'text',
    'attribution_confidence': 'text',
} %}

with

sku_charges as (

    select * from {{ ref('int_focus_ai__priced') }}

),

charge_usage as (

    select * from {{ ref('int_focus_ai__charge_usage') }}

),

consumption as (

    select * from {{ ref('int_focus_ai__consumption') }}
    where token_class is null or token_class <> 'request'

),

-- The usage behind a row of the bill: of the same cell, class and model.
evidence as (

    select
        sku_charges.ledger_version,
        sku_charges.sku_charge_id,
        charge_usage.usage_key
    from sku_charges
    inner join charge_usage
        on
            sku_charges.ledger_version = charge_usage.ledger_version
            and sku_charges.source_relation = charge_usage.source_relation
            and sku_charges.charge_key = charge_usage.charge_key
            and (
                not charge_usage.is_metered
                or (
                    sku_charges.token_class = charge_usage.token_class
                    and (sku_charges.model_id = charge_usage.model_id or sku_charges.model_id is null)
                )
            )
    where sku_charges.is_consumption

),

consumed as (

    select
        evidence.ledger_version,
        evidence.sku_charge_id,
        consumption.consumer_id,
        {{ focus_ai.column_list(attribution_columns, 'consumption') }},
        max(case when consumption.is_observed then 1 else 0 end) = 1 as is_observed,
        sum(consumption.quantity) as quantity,
        max(consumption.loaded_at) as loaded_at
    from evidence
    inner join consumption
        on
            evidence.ledger_version = consumption.ledger_version
            and evidence.usage_key = consumption.usage_key
    group by
        evidence.ledger_version, evidence.sku_charge_id, consumption.consumer_id,
        {{ focus_ai.column_list(attribution_columns, 'consumption') }}

),

weighed as (

    select
        *,
        case
            when count(*) over (partition by ledger_version, sku_charge_id) = 1 then null
            when min(coalesce(quantity, 0)) over (partition by ledger_version, sku_charge_id) < 0
                then 'NegativeWeight'
            when sum(coalesce(quantity, 0)) over (partition by ledger_version, sku_charge_id) = 0
                then 'ZeroWeight'
        end as unweighable_reason
    from consumed

),

-- Without a consumer: what nothing can weigh (R1); tax, credits, purchases; what was left of a commitment.
without_consumer as (

    select distinct
        weighed.ledger_version,
        weighed.sku_charge_id,
        sku_charges.credential_id,
        weighed.unweighable_reason as leftover_reason
    from weighed
    inner join sku_charges
        on
            weighed.ledger_version = sku_charges.ledger_version
            and weighed.sku_charge_id = sku_charges.sku_charge_id
    where weighed.unweighable_reason is not null

    union all

    select
        ledger_version,
        sku_charge_id,
        credential_id,
        case
            when commitment_discount_status = 'Unused' then 'UnusedCommitment'
            else 'InvoiceLevelCharge'
        end as leftover_reason
    from sku_charges
    where not is_consumption

),

left_over as (

    select
        ledger_version,
        sku_charge_id,
        {{ focus_ai.null_columns(unknown_columns) }},
        'Unclassified' as cost_class,
        credential_id,
        false as is_boundary_bucket,
        leftover_reason
    from without_consumer

),

unioned as (

    select
        ledger_version,
        sku_charge_id,
        consumer_id,
        {{ focus_ai.column_list(attribution_columns) }},
        is_observed,
        cast(quantity as {{ focus_ai.type_count() }}) as weight,
        loaded_at
    from weighed
    where unweighable_reason is null

    union all

    select
        ledger_version,
        sku_charge_id,
        {{ focus_ai.consumer_id('left_over') }} as consumer_id,
        {{ focus_ai.column_list(attribution_columns) }},
        false as is_observed,
        {{ focus_ai.typed_null('count') }} as weight,
        {{ focus_ai.typed_null('timestamp') }} as loaded_at
    from left_over

),

final as (

    select
        ledger_version,
        sku_charge_id,
        consumer_id,
        row_number() over (partition by ledger_version, sku_charge_id order by consumer_id) as consumer_place,
        {{ focus_ai.column_list(attribution_columns) }},
        is_observed,
        weight,
        loaded_at
    from unioned

)

select * from final
