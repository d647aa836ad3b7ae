{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set attribution_columns = focus_ai.attribution_columns().keys() | list %}
{%- set shared_methods = {
    'even': 'SharedEvenly',
    'tokens': 'SharedByTokens',
    'list_cost': 'SharedByListCost',
    'requests': 'SharedByRequests',
    'revenue': 'SharedByRevenue',
} %}

with

sku_charges as (

    select * from {{ ref('int_focus_ai__priced') }}

),

consumers as (

    select * from {{ ref('int_focus_ai__shared') }}

),

{% if focus_ai.input_enabled('customers') -%}
-- The name of today stands on every row of a consumer: names are not part of a closed period's content.
customer_names as (

    select
        customer_id,
        customer_name,
        row_number() over (partition by customer_id order by recorded_at desc, customer_name asc) as place
    from {{ ref('focus_ai__customers') }}

),
{%- else -%}
customer_names as (

    select
        {{ focus_ai.typed_null('text') }} as customer_id,
        {{ focus_ai.typed_null('text') }} as customer_name,
        1 as place
    where 1 = 0

),
{%- endif %}

receivers as (

    select
        sku_charges.ledger_version,
        sku_charges.sku_charge_id,
        consumers.origin_consumer_id,
        consumers.consumer_id,
        {{ focus_ai.column_list(attribution_columns, 'consumers') }},
        consumers.is_observed,
        consumers.weight,
        consumers.leg_count,
        consumers.usage_quantity,
        consumers.request_count,
        greatest(sku_charges.loaded_at, coalesce(consumers.loaded_at, sku_charges.loaded_at)) as loaded_at,
        sku_charges.provider_reported_cost,
        sku_charges.billed_cost,
        sku_charges.effective_cost,
        sku_charges.commitment_discount_quantity,
        {{ focus_ai.quantity_units('sku_charges.consumed_quantity') }} as quantity_units,
        {{ focus_ai.quantity_unit('sku_charges.consumed_quantity') }} as quantity_unit,
        sku_charges.pricing_quantity,
        sku_charges.pricing_unit_size,
        cast(1 as {{ focus_ai.type_ratio() }}) as whole_charge,
        count(*) over (partition by sku_charges.ledger_version, sku_charges.sku_charge_id) as row_count,
        max(case when consumers.attribution_rule_id is not null then 1 else 0 end) over (
            partition by sku_charges.ledger_version, sku_charges.sku_charge_id
        ) as has_consumer,
        max(case when consumers.is_observed then 1 else 0 end) over (
            partition by sku_charges.ledger_version, sku_charges.sku_charge_id
        ) as has_observed,
        min(consumers.shared_method) over (
            partition by sku_charges.ledger_version, sku_charges.sku_charge_id
        ) as first_shared_method,
        max(consumers.shared_method) over (
            partition by sku_charges.ledger_version, sku_charges.sku_charge_id
        ) as last_shared_method
    from sku_charges
    inner join consumers
        on
            sku_charges.ledger_version = consumers.ledger_version
            and sku_charges.sku_charge_id = consumers.sku_charge_id

),

distributed as (

    {{ focus_ai.distribute(
        'receivers',
        columns=[
            'ledger_version', 'sku_charge_id', 'consumer_id', 'loaded_at', 'pricing_quantity',
            'pricing_unit_size', 'quantity_unit', 'leg_count', 'row_count', 'has_consumer', 'has_observed',
            'first_shared_method', 'last_shared_method', 'usage_quantity', 'request_count',
        ] + attribution_columns,
        partition_by=['ledger_version', 'sku_charge_id'],
        order_by=['origin_consumer_id', 'consumer_id'],
        weight='weight',
        amounts=[
            ('provider_reported_cost', 12), ('billed_cost', 12), ('effective_cost', 12),
            ('commitment_discount_quantity', 12), ('quantity_units', 0), ('whole_charge', 12),
        ]
    ) }}

),

-- A row is part of an allocation when its charge went to a consumer, whole or in part, or was split (R18).
final as (

    select
        distributed.ledger_version,
        {{ focus_ai.hash_id(['distributed.sku_charge_id', 'distributed.consumer_id']) }}
            as allocated_charge_id,
        distributed.sku_charge_id,
        distributed.consumer_id,
        {{ focus_ai.column_list(attribution_columns, 'distributed') }},
        customer_names.customer_name,
        distributed.loaded_at,
        distributed.provider_reported_cost_share as provider_reported_cost,
        distributed.billed_cost_share as billed_cost,
        distributed.effective_cost_share as effective_cost,
        distributed.commitment_discount_quantity_share as commitment_discount_quantity,
        cast(
            distributed.quantity_units_share * distributed.quantity_unit
            as {{ focus_ai.type_quantity() }}
        ) as consumed_quantity,
        cast(
            case
                when distributed.row_count = 1 or distributed.pricing_quantity = 0
                    then distributed.pricing_quantity
                else {{ focus_ai.divide(
                    '(distributed.quantity_units_share * distributed.quantity_unit)',
                    'distributed.pricing_unit_size', 6
                ) }}
            end as {{ focus_ai.type_quantity() }}
        ) as pricing_quantity,
        case
            when distributed.leg_count > 1 and distributed.has_observed = 1 then 'TokensByKeyAndGatewayCall'
            when distributed.leg_count > 1 then 'TokensByKey'
            when distributed.last_shared_method is not null then ''
            when distributed.has_consumer = 1 then 'WholeCharge'
        end
        || case
            when distributed.last_shared_method is null then ''
            else
                case when distributed.leg_count > 1 then '+' else '' end
                || case
                    when distributed.first_shared_method <> distributed.last_shared_method
                        then 'SharedBySeveralMethods'
                    {%- for method, name in shared_methods.items() %}
                    when distributed.last_shared_method = '{{ method }}' then '{{ name }}'
                    {%- endfor %}
                end
        end as allocated_method_id,
        distributed.whole_charge_share as allocated_ratio,
        case
            when
                distributed.usage_quantity > 0
                and (distributed.has_consumer = 1 or distributed.row_count > 1)
                then distributed.usage_quantity
        end as allocated_usage_quantity,
        distributed.request_count
    from distributed
    left join customer_names
        on
            distributed.customer_id = customer_names.customer_id
            and customer_names.place = 1

)

select * from final
