{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set attribution_columns = focus_ai.attribution_columns().keys() | list %}
{%- set leg_columns = [
    'ledger_version', 'sku_charge_id', 'origin_consumer_id', 'is_observed', 'loaded_at',
] %}
{%- set of_receiver = {
    'customer_id': 'ratios.customer_id',
    'product_line': 'ratios.product_line',
    'cost_center': 'ratios.cost_center',
    'cost_class': "coalesce(shared_legs.target_cost_class, 'CostOfRevenue')",
    'attribution_method_id': "'SharedCost'",
    'attribution_rule_id': 'shared_legs.rule_id',
    'attribution_confidence': "'Low'",
    'leftover_reason': focus_ai.typed_null('text'),
} %}
{#- The whole of a pool in units of its ratios. -#}
{%- set whole = 10 ** 9 %}

with

consumers as (

    select
        *,
        count(*) over (partition by ledger_version, sku_charge_id) as leg_count
    from {{ ref('int_focus_ai__overridden') }}

),

shared_legs as (

    select * from {{ ref('int_focus_ai__shared_cost_legs') }}

),

ratios as (

    select * from {{ ref('int_focus_ai__shared_cost_ratios') }}
    where weight > 0 and pool_ratio is not null

),

request_counts as (

    select * from {{ ref('int_focus_ai__request_counts') }}

),

-- A pool that nothing weighs has no ratios: its cost stays where it was.
shared_pools as (

    select distinct pool_id
    from ratios

),

legs as (

    select
        consumers.*,
        request_counts.request_count,
        shared_pools.pool_id,
        max(case when shared_pools.pool_id is not null then 1 else 0 end) over (
            partition by consumers.ledger_version, consumers.sku_charge_id
        ) = 1 as is_in_shared_charge
    from consumers
    left join request_counts
        on
            consumers.ledger_version = request_counts.ledger_version
            and consumers.sku_charge_id = request_counts.sku_charge_id
            and consumers.origin_consumer_id = request_counts.consumer_id
    left join shared_legs
        on
            consumers.ledger_version = shared_legs.ledger_version
            and consumers.sku_charge_id = shared_legs.sku_charge_id
            and consumers.origin_consumer_id = shared_legs.origin_consumer_id
    left join shared_pools
        on shared_legs.pool_id = shared_pools.pool_id

),

received as (

    select
        {{ focus_ai.column_list(leg_columns, 'legs') }},
        {%- for column in attribution_columns %}
        {{ of_receiver.get(column, 'legs.' ~ column) }} as {{ column }},
        {%- endfor %}
        legs.leg_count,
        legs.request_count,
        ratios.receiver_id,
        shared_legs.method as shared_method,
        {{ focus_ai.smallest_units('ratios.pool_ratio', 9) }} as pool_part,
        -- A charge that is shared as a whole goes by the receivers' own weights.
        case
            when legs.leg_count = 1 then ratios.weight
            else coalesce(legs.weight, 1) * {{ focus_ai.smallest_units('ratios.pool_ratio', 9) }}
        end as weight,
        case when shared_legs.method = 'tokens' then ratios.weight end as usage_quantity
    from legs
    inner join shared_legs
        on
            legs.ledger_version = shared_legs.ledger_version
            and legs.sku_charge_id = shared_legs.sku_charge_id
            and legs.origin_consumer_id = shared_legs.origin_consumer_id
    inner join ratios
        on
            shared_legs.pool_id = ratios.pool_id
            and (legs.leg_count = 1 or ratios.pool_ratio > 0)

),

-- The requests of what is shared go the same way, whole.
received_requests as (

    {{ focus_ai.distribute(
        'received',
        columns=leg_columns + attribution_columns + [
            'leg_count', 'receiver_id', 'shared_method', 'weight', 'usage_quantity',
        ],
        partition_by=['ledger_version', 'sku_charge_id', 'origin_consumer_id'],
        order_by=['receiver_id'],
        weight='pool_part',
        amounts=[('request_count', 0)]
    ) }}

),

unioned as (

    select
        {{ focus_ai.column_list(leg_columns + attribution_columns) }},
        consumer_id,
        leg_count,
        {{ focus_ai.typed_null('text') }} as shared_method,
        request_count,
        weight as usage_quantity,
        case
            when not is_in_shared_charge then weight
            else coalesce(weight, 1) * cast({{ whole }} as {{ focus_ai.type_wide_integer() }})
        end as weight
    from legs
    where pool_id is null

    union all

    select
        {{ focus_ai.column_list(leg_columns + attribution_columns) }},
        {{ focus_ai.hash_id([focus_ai.consumer_id('received_requests'), 'origin_consumer_id']) }}
            as consumer_id,
        leg_count,
        shared_method,
        nullif(request_count_share, 0) as request_count,
        usage_quantity,
        weight
    from received_requests

),

final as (

    select
        {{ focus_ai.column_list(leg_columns) }},
        consumer_id,
        {{ focus_ai.column_list(attribution_columns) }},
        leg_count,
        row_number() over (
            partition by ledger_version, sku_charge_id, origin_consumer_id order by consumer_id
        ) as shared_place,
        shared_method,
        cast(request_count as {{ focus_ai.type_count() }}) as request_count,
        cast(usage_quantity as {{ focus_ai.type_count() }}) as usage_quantity,
        cast(weight as {{ focus_ai.type_count() }}) as weight
    from unioned

)

select * from final
