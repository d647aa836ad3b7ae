{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set has_customers = focus_ai.input_enabled('customers') %}
{%- set has_revenue = focus_ai.input_enabled('revenue') %}
{%- set receiver_columns = ['customer_id', 'product_line', 'cost_center'] %}
{%- set is_receiver %}
            (
                (pools.receivers = 'all_customers')
                or (pools.receivers = 'product_line' and measures.product_line = pools.receiver_product_line)
                or (
                    pools.receivers = 'customers'
                    and {{ focus_ai.in_list('measures.customer_id', 'pools.receiver_customer_ids') }}
                )
            )
{%- endset %}

with

shared_legs as (

    select * from {{ ref('int_focus_ai__shared_cost_legs') }}

),

pools as (

    select distinct
        pool_id,
        accounting_period_start,
        known_at,
        sku_price_id,
        billing_currency,
        method,
        receivers,
        receiver_product_line,
        receiver_customer_ids,
        receiver_source_relation
    from shared_legs

),

periods as (

    select distinct
        accounting_period_start,
        known_at
    from pools

),

consumers as (

    select * from {{ ref('int_focus_ai__overridden') }}

),

sku_charges as (

    select * from {{ ref('int_focus_ai__priced') }}

),

request_counts as (

    select * from {{ ref('int_focus_ai__request_counts') }}

),

{% if has_customers -%}
-- Internal teams consume, but nothing is shared to them; as known when the period was closed.
customer_records as (

    select
        periods.accounting_period_start,
        customers.customer_id,
        customers.is_internal,
        row_number() over (
            partition by periods.accounting_period_start, customers.customer_id
            order by customers.recorded_at desc
        ) as place
    from periods
    inner join {{ ref('focus_ai__customers') }} as customers
        on (periods.known_at is null or periods.known_at >= customers.recorded_at)

),
{%- else -%}
customer_records as (

    select
        {{ focus_ai.typed_null('timestamp') }} as accounting_period_start,
        {{ focus_ai.typed_null('text') }} as customer_id,
        {{ focus_ai.typed_null('boolean') }} as is_internal,
        1 as place
    where 1 = 0

),
{%- endif %}

known_customers as (

    select
        accounting_period_start,
        customer_id,
        coalesce(is_internal, false) as is_internal
    from customer_records
    where place = 1

),

-- What customers used in the months of the pools: as of the close of a closed month, whatever came later, so
-- that news of one customer does not share the cost of all the others again (R14).
used as (

    select
        sku_charges.accounting_period_start,
        sku_charges.source_relation,
        sku_charges.billing_currency,
        sku_charges.sku_price_id,
        consumers.customer_id,
        consumers.product_line,
        consumers.cost_center,
        case
            when sku_charges.consumed_unit = 'Tokens'
                then coalesce(consumers.weight, sku_charges.consumed_quantity)
        end as tokens,
        request_counts.request_count as requests,
        {{ focus_ai.multiply('sku_charges.list_unit_price', 'sku_charges.pricing_quantity') }}
            as charge_list_cost,
        coalesce(consumers.weight, 1) as weight,
        sum(coalesce(consumers.weight, 1)) over (
            partition by consumers.ledger_version, consumers.sku_charge_id
        ) as total_weight,
        shared_legs.pool_id
    from consumers
    inner join sku_charges
        on
            consumers.ledger_version = sku_charges.ledger_version
            and consumers.sku_charge_id = sku_charges.sku_charge_id
    left join shared_legs
        on
            consumers.ledger_version = shared_legs.ledger_version
            and consumers.sku_charge_id = shared_legs.sku_charge_id
            and consumers.origin_consumer_id = shared_legs.origin_consumer_id
    left join request_counts
        on
            consumers.ledger_version = request_counts.ledger_version
            and consumers.sku_charge_id = request_counts.sku_charge_id
            and consumers.origin_consumer_id = request_counts.consumer_id
    where
        sku_charges.is_consumption
        and sku_charges.accounting_period_start in (select periods.accounting_period_start from periods)
        and (
            (sku_charges.known_at is null and sku_charges.ledger_version = 'current')
            or sku_charges.ledger_version = 'as_closed'
        )

),

-- List cost in millionths: a weight, not money.
measures as (

    select
        used.accounting_period_start,
        used.source_relation,
        used.billing_currency,
        used.sku_price_id,
        {{ focus_ai.column_list(receiver_columns, 'used') }},
        sum(coalesce(used.tokens, 0)) as tokens,
        sum(coalesce(used.requests, 0)) as requests,
        sum(
            case
                when used.charge_list_cost is null or used.total_weight <= 0 then 0
                else {{ focus_ai.integer_divide(
                    '(' ~ focus_ai.smallest_units('abs(used.charge_list_cost)', 6) ~ ' * used.weight)',
                    'used.total_weight'
                ) }} * case when used.charge_list_cost < 0 then -1 else 1 end
            end
        ) as list_cost
    from used
    left join known_customers
        on
            used.accounting_period_start = known_customers.accounting_period_start
            and used.customer_id = known_customers.customer_id
    where
        used.customer_id is not null
        and used.pool_id is null
        and not coalesce(known_customers.is_internal, false)
    group by
        used.accounting_period_start, used.source_relation, used.billing_currency, used.sku_price_id,
        {{ focus_ai.column_list(receiver_columns, 'used') }}

),

used_by_receivers as (

    select
        pools.pool_id,
        pools.method,
        {{ focus_ai.column_list(receiver_columns, 'measures') }},
        sum(
            case pools.method
                when 'tokens' then measures.tokens
                when 'requests' then measures.requests
                when 'list_cost' then measures.list_cost
            end
        ) as weight
    from pools
    inner join measures
        on
            pools.accounting_period_start = measures.accounting_period_start
            and (pools.method <> 'tokens' or pools.sku_price_id = measures.sku_price_id)
            and (pools.method <> 'list_cost' or pools.billing_currency = measures.billing_currency)
            and (
                pools.receiver_source_relation is null
                or pools.receiver_source_relation = measures.source_relation
            )
            and {{ is_receiver }}
    where pools.method <> 'revenue'
    group by pools.pool_id, pools.method, {{ focus_ai.column_list(receiver_columns, 'measures') }}

),

-- One part a customer, whatever it used; a product line or cost center is named where there is only one.
even_parts as (

    select
        pool_id,
        customer_id,
        {%- for column in ['product_line', 'cost_center'] %}
        case
            when min({{ column }}) = max({{ column }}) and count(*) = count({{ column }})
                then min({{ column }})
        end as {{ column }},
        {%- endfor %}
        1 as weight
    from used_by_receivers
    where method = 'even'
    group by pool_id, customer_id

),
{%- if has_customers %}

-- Named customers have their part even without usage.
idle_parts as (

    select
        pools.pool_id,
        known_customers.customer_id,
        {{ focus_ai.typed_null('text') }} as product_line,
        {{ focus_ai.typed_null('text') }} as cost_center,
        1 as weight
    from pools
    inner join known_customers
        on
            pools.accounting_period_start = known_customers.accounting_period_start
            and {{ focus_ai.in_list('known_customers.customer_id', 'pools.receiver_customer_ids') }}
    left join even_parts
        on
            pools.pool_id = even_parts.pool_id
            and known_customers.customer_id = even_parts.customer_id
    where
        pools.method = 'even'
        and pools.receivers = 'customers'
        and not known_customers.is_internal
        and even_parts.customer_id is null

),
{%- endif %}
{%- if has_revenue %}

-- Revenue of the month as it was booked by the close, in the reporting currency; in millionths.
earned as (

    select
        pools.pool_id,
        measures.customer_id,
        measures.product_line,
        {{ focus_ai.typed_null('text') }} as cost_center,
        {{ focus_ai.smallest_units('abs(sum(measures.reporting_amount))', 6) }}
        * case when sum(measures.reporting_amount) < 0 then -1 else 1 end as weight
    from pools
    inner join {{ ref('int_focus_ai__revenue_by_month') }} as measures
        on
            pools.accounting_period_start = measures.accounting_period_start
            and not measures.is_prior_period
            and {{ is_receiver }}
    left join known_customers
        on
            measures.accounting_period_start = known_customers.accounting_period_start
            and measures.customer_id = known_customers.customer_id
    where
        pools.method = 'revenue'
        and measures.customer_id is not null
        and not coalesce(known_customers.is_internal, false)
    group by pools.pool_id, measures.customer_id, measures.product_line

),
{%- endif %}

weighed as (

    select
        pool_id,
        {{ focus_ai.column_list(receiver_columns) }},
        cast(weight as {{ focus_ai.type_wide_integer() }}) as weight
    from used_by_receivers
    where method <> 'even'
    {%- for name, is_there in [
        ('even_parts', true), ('idle_parts', has_customers), ('earned', has_revenue)
    ] if is_there %}

    union all

    select
        pool_id,
        {{ focus_ai.column_list(receiver_columns) }},
        cast(weight as {{ focus_ai.type_wide_integer() }}) as weight
    from {{ name }}
    {%- endfor %}

),

receivers as (

    select
        *,
        {{ focus_ai.hash_id(receiver_columns) }} as receiver_id,
        cast(1 as {{ focus_ai.type_ratio() }}) as whole_pool
    from weighed

),

-- 9 decimals: with them a charge's chain of splits stays in whole numbers that a warehouse can multiply.
distributed as (

    {{ focus_ai.distribute(
        'receivers',
        columns=['pool_id', 'receiver_id', 'weight'] + receiver_columns,
        partition_by=['pool_id'],
        order_by=['receiver_id'],
        weight='weight',
        amounts=[('whole_pool', 9)]
    ) }}

),

final as (

    select
        pool_id,
        receiver_id,
        row_number() over (partition by pool_id order by receiver_id) as receiver_place,
        {{ focus_ai.column_list(receiver_columns) }},
        weight,
        distribution_reason,
        case when distribution_reason is null then whole_pool_share end as pool_ratio
    from distributed

)

select * from final
