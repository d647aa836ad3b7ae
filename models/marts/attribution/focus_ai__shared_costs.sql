{{ config(enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('shared_cost_rules')) }}

{%- set key = ['accounting_period_start', 'rule_id', 'method', 'billing_currency', 'outcome'] %}

with

shared_legs as (

    select * from {{ ref('int_focus_ai__shared_cost_legs') }}
    where ledger_version = 'current'

),

ratios as (

    select
        pool_id,
        max(distribution_reason) as distribution_reason,
        count(distinct case when pool_ratio > 0 then customer_id end) as receiver_count
    from {{ ref('int_focus_ai__shared_cost_ratios') }}
    group by pool_id

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

shared as (

    select
        shared_legs.accounting_period_start,
        shared_legs.rule_id,
        shared_legs.method,
        costed.billing_currency,
        case
            when ratios.pool_id is null then 'NoReceiver'
            else coalesce(ratios.distribution_reason, 'Shared')
        end as outcome,
        shared_legs.sku_charge_id,
        ratios.receiver_count,
        costed.billed_cost,
        costed.effective_cost
    from shared_legs
    inner join consumers
        on
            shared_legs.sku_charge_id = consumers.sku_charge_id
            and shared_legs.origin_consumer_id = consumers.origin_consumer_id
    inner join costed
        on
            consumers.sku_charge_id = costed.sku_charge_id
            and consumers.consumer_id = costed.consumer_id
    left join ratios
        on shared_legs.pool_id = ratios.pool_id

),

summed as (

    select
        {{ focus_ai.column_list(key) }},
        cast(count(distinct sku_charge_id) as {{ focus_ai.type_count() }}) as charge_count,
        cast(coalesce(max(receiver_count), 0) as {{ focus_ai.type_count() }}) as receiver_count,
        sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost
    from shared
    group by {{ focus_ai.column_list(key) }}

),

final as (

    select
        {{ focus_ai.hash_id([
            focus_ai.utc_text('accounting_period_start'), 'rule_id', 'billing_currency', 'outcome'
        ]) }} as shared_cost_id,
        {{ focus_ai.column_list(key) }},
        charge_count,
        receiver_count,
        {{ focus_ai.money('billed_cost') }} as billed_cost,
        {{ focus_ai.money('effective_cost') }} as effective_cost,
        case outcome
            when 'NoReceiver' then 'No receiver used what the method weighs by: choose another.'
            when 'ZeroWeight' then 'What the receivers used weighs nothing: choose another method.'
            when 'NegativeWeight' then 'A receiver weighs less than nothing, as by a refund: choose another.'
        end as remedy
    from summed

)

select * from final
