{{ config(
    enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('attribution_rules', ['attribution'])
) }}

{%- set targets = ['customer_id', 'product_line', 'cost_center', 'cost_class'] %}
{%- set moved_columns = [
    'sku_charge_id', 'origin_consumer_id', 'cause', 'rule_id', 'leftover_reason', 'quantity', 'whole_quantity',
] + targets %}
{%- set key = ['accounting_period_start', 'cause', 'rule_id', 'billing_currency'] %}
{%- set sides = [
    'from_customer_id', 'from_product_line', 'from_cost_center', 'from_cost_class', 'from_leftover_reason',
    'to_customer_id', 'to_product_line', 'to_cost_center', 'to_cost_class', 'to_leftover_reason',
] %}

with

charge_usage as (

    select * from {{ ref('int_focus_ai__charge_usage') }}
    where ledger_version = 'as_closed'

),

sku_charges as (

    select * from {{ ref('int_focus_ai__priced') }}
    where ledger_version = 'as_closed'

),

consumers as (

    select * from {{ ref('int_focus_ai__attributed') }}
    where ledger_version = 'as_closed'

),

remapped_usage as (

    select * from {{ ref('int_focus_ai__remapped_usage') }}

),

-- What was withdrawn before the close counts no more.
matches as (

    select distinct
        sku_charge_id,
        origin_consumer_id,
        stage_name,
        request_id
    from {{ ref('int_focus_ai__override_matches') }}
    where
        ledger_version in ('as_closed', 'current')
        and conflicting_request_id is null
        and stage_name <> 'withdrawal'

),

requests as (

    select * from {{ ref('int_focus_ai__override_requests') }}

),

shared as (

    select
        sku_charge_id,
        origin_consumer_id,
        consumer_id
    from {{ ref('int_focus_ai__shared') }}
    where ledger_version = 'as_closed'

),

costed as (

    select * from {{ ref('int_focus_ai__costed') }}
    where ledger_version = 'as_closed'

),

-- The part of a consumer's usage behind a charge that today's rules give to someone. An override or a reclass
-- of it goes before any rule.
remapped as (

    select
        consumers.sku_charge_id,
        consumers.consumer_id as origin_consumer_id,
        'Rule' as cause,
        remapped_usage.attribution_rule_id as rule_id,
        remapped_usage.leftover_reason,
        {{ focus_ai.column_list(targets, 'remapped_usage') }},
        coalesce(max(consumers.weight), 1) as whole_quantity,
        case when max(consumers.weight) is null then 1 else sum(remapped_usage.quantity) end as quantity
    from consumers
    inner join sku_charges
        on consumers.sku_charge_id = sku_charges.sku_charge_id
    inner join charge_usage
        on
            sku_charges.source_relation = charge_usage.source_relation
            and sku_charges.charge_key = charge_usage.charge_key
            and (
                not charge_usage.is_metered
                or (
                    sku_charges.token_class = charge_usage.token_class
                    and (sku_charges.model_id = charge_usage.model_id or sku_charges.model_id is null)
                )
            )
    inner join remapped_usage
        on
            charge_usage.usage_key = remapped_usage.usage_key
            and consumers.consumer_id = remapped_usage.consumer_id
    left join matches
        on
            consumers.sku_charge_id = matches.sku_charge_id
            and consumers.consumer_id = matches.origin_consumer_id
    where matches.request_id is null
    group by
        consumers.sku_charge_id,
        consumers.consumer_id,
        remapped_usage.attribution_rule_id,
        remapped_usage.leftover_reason,
        {{ focus_ai.column_list(targets, 'remapped_usage') }}

),

-- An override that was approved after the close, and is no reclass, would have moved it too; a withdrawal
-- would have left it to the rules.
late_overrides as (

    select
        matches.sku_charge_id,
        matches.origin_consumer_id,
        case matches.stage_name when 'closed' then 'Override' else 'Withdrawal' end as cause,
        requests.request_id as rule_id,
        case matches.stage_name when 'closed_withdrawal' then consumers.leftover_reason end
            as leftover_reason,
        {%- for target in targets %}
        coalesce(requests.{{ target }}, consumers.{{ target }}) as {{ target }},
        {%- endfor %}
        1 as whole_quantity,
        1 as quantity,
        row_number() over (
            partition by matches.sku_charge_id, matches.origin_consumer_id order by requests.approval_order
        ) as place
    from matches
    inner join requests
        on matches.request_id = requests.request_id
    inner join consumers
        on
            matches.sku_charge_id = consumers.sku_charge_id
            and matches.origin_consumer_id = consumers.consumer_id
    where matches.stage_name in ('closed', 'closed_withdrawal')

),

moved as (

    select
        {{ focus_ai.column_list(moved_columns) }}
    from remapped
    union all
    select
        {{ focus_ai.column_list(moved_columns) }}
    from late_overrides
    where place = 1

),

-- What a consumer was charged with, shared out or not, goes as its usage goes.
drifted as (

    select
        costed.accounting_period_start,
        moved.cause,
        moved.rule_id,
        costed.billing_currency,
        {%- for target in targets %}
        costed.{{ target }} as from_{{ target }},
        moved.{{ target }} as to_{{ target }},
        {%- endfor %}
        costed.leftover_reason as from_leftover_reason,
        moved.leftover_reason as to_leftover_reason,
        {%- for amount in ['billed_cost', 'effective_cost'] %}
        {{ focus_ai.from_smallest_units(
            focus_ai.integer_divide(
                '(' ~ focus_ai.smallest_units('abs(costed.' ~ amount ~ ')', 12) ~ ' * moved.quantity)',
                'moved.whole_quantity'
            ), 12
        ) }} * case when costed.{{ amount }} < 0 then -1 else 1 end as {{ amount }},
        {%- endfor %}
        costed.sku_charge_id
    from moved
    inner join shared
        on
            moved.sku_charge_id = shared.sku_charge_id
            and moved.origin_consumer_id = shared.origin_consumer_id
    inner join costed
        on
            shared.sku_charge_id = costed.sku_charge_id
            and shared.consumer_id = costed.consumer_id
    where
        moved.whole_quantity > 0
        and (costed.attribution_method_id is distinct from 'Override' or moved.cause = 'Withdrawal')

),

summed as (

    select
        {{ focus_ai.column_list(key) }},
        {{ focus_ai.column_list(sides) }},
        cast(count(distinct sku_charge_id) as {{ focus_ai.type_count() }}) as charge_count,
        sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost
    from drifted
    where
        from_customer_id is distinct from to_customer_id
        or from_product_line is distinct from to_product_line
        or from_cost_center is distinct from to_cost_center
        or from_cost_class is distinct from to_cost_class
    group by
        {{ focus_ai.column_list(key) }},
        {{ focus_ai.column_list(sides) }}

),

final as (

    select
        {{ focus_ai.hash_id(
            [focus_ai.utc_text('accounting_period_start'), 'cause', 'rule_id', 'billing_currency'] + sides
        ) }} as attribution_drift_id,
        {{ focus_ai.column_list(key) }},
        {{ focus_ai.column_list(sides) }},
        charge_count,
        {{ focus_ai.money('billed_cost') }} as billed_cost,
        {{ focus_ai.money('effective_cost') }} as effective_cost
    from summed

)

select * from final
