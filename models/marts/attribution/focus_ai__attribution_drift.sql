{{ config(enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('attribution_rules')) }}

{%- set targets = ['customer_id', 'product_line', 'agent_id', 'workflow_id', 'cost_center', 'cost_class'] %}
{%- set moved_columns = [
    'sku_charge_id', 'origin_consumer_id', 'cause', 'rule_id', 'leftover_reason', 'quantity', 'whole_quantity',
] + targets %}
{#- The whole of a pool in units of its ratios. -#}
{%- set whole = 10 ** 9 %}
{%- set key = ['accounting_period_start', 'cause', 'rule_id', 'billing_currency'] %}
{%- set sides = [
    'from_customer_id', 'from_product_line', 'from_agent_id', 'from_workflow_id', 'from_cost_center',
    'from_cost_class', 'from_leftover_reason',
    'to_customer_id', 'to_product_line', 'to_agent_id', 'to_workflow_id', 'to_cost_center',
    'to_cost_class', 'to_leftover_reason',
] %}
{%- set amounts = ['billed_cost', 'effective_cost', 'revenue'] %}
{%- set has_revenue = focus_ai.input_enabled('revenue') and focus_ai.input_enabled('customer_identifiers') %}

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

overridden as (

    select * from {{ ref('int_focus_ai__overridden') }}
    where ledger_version = 'as_closed'

),

shared_at_close as (

    select * from {{ ref('int_focus_ai__shared_cost_legs') }}
    where ledger_version = 'as_closed'

),

shared_today as (

    select * from {{ ref('int_focus_ai__shared_cost_legs') }}
    where ledger_version = 'today'

),

ratios as (

    select
        pool_id,
        customer_id,
        product_line,
        cost_center,
        {{ focus_ai.smallest_units('pool_ratio', 9) }} as quantity
    from {{ ref('int_focus_ai__shared_cost_ratios') }}
    where pool_ratio > 0

),

shared as (

    select
        sku_charge_id,
        origin_consumer_id,
        consumer_id
    from {{ ref('int_focus_ai__shared') }}
    where ledger_version = 'as_closed'

),

{%- if has_revenue %}

revenue as (

    select * from {{ ref('int_focus_ai__revenue_by_month') }}

),

accounting_periods as (

    select * from {{ ref('int_focus_ai__accounting_periods') }}

),
{%- endif %}

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

reattributed as (

    select
        {{ focus_ai.column_list(moved_columns) }}
    from remapped
    union all
    select
        {{ focus_ai.column_list(moved_columns) }}
    from late_overrides
    where place = 1

),

-- What a shared cost rule of today would share, share otherwise, or not share any more. What is someone
-- else's under today's rules is not shared again.
reshared_legs as (

    select
        coalesce(shared_today.sku_charge_id, shared_at_close.sku_charge_id) as sku_charge_id,
        coalesce(shared_today.origin_consumer_id, shared_at_close.origin_consumer_id) as origin_consumer_id,
        shared_today.pool_id,
        shared_today.rule_id,
        shared_today.target_cost_class
    from shared_today
    full outer join shared_at_close
        on
            shared_today.sku_charge_id = shared_at_close.sku_charge_id
            and shared_today.origin_consumer_id = shared_at_close.origin_consumer_id
    where shared_today.pool_id is distinct from shared_at_close.pool_id

),

reshared as (

    select
        reshared_legs.sku_charge_id,
        reshared_legs.origin_consumer_id,
        'SharedCost' as cause,
        reshared_legs.rule_id,
        case when ratios.pool_id is null then overridden.leftover_reason end as leftover_reason,
        case when ratios.pool_id is null then overridden.customer_id else ratios.customer_id end
            as customer_id,
        case when ratios.pool_id is null then overridden.product_line else ratios.product_line end
            as product_line,
        overridden.agent_id,
        overridden.workflow_id,
        case when ratios.pool_id is null then overridden.cost_center else ratios.cost_center end
            as cost_center,
        case
            when ratios.pool_id is null then overridden.cost_class
            else coalesce(reshared_legs.target_cost_class, 'CostOfRevenue')
        end as cost_class,
        coalesce(ratios.quantity, {{ whole }}) as quantity,
        {{ whole }} as whole_quantity
    from reshared_legs
    inner join overridden
        on
            reshared_legs.sku_charge_id = overridden.sku_charge_id
            and reshared_legs.origin_consumer_id = overridden.origin_consumer_id
    left join ratios
        on reshared_legs.pool_id = ratios.pool_id
    left join reattributed
        on
            reshared_legs.sku_charge_id = reattributed.sku_charge_id
            and reshared_legs.origin_consumer_id = reattributed.origin_consumer_id
    where reattributed.sku_charge_id is null

),

moved as (

    select
        {{ focus_ai.column_list(moved_columns) }}
    from reattributed
    union all
    select
        {{ focus_ai.column_list(moved_columns) }}
    from reshared

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
        {{ focus_ai.money('0') }} as revenue,
        costed.sku_charge_id as moved_id
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
        and (
            costed.attribution_method_id is distinct from 'Override'
            or moved.cause in ('SharedCost', 'Withdrawal')
        )

),

{%- if has_revenue %}

-- Revenue of closed months whose payer is another customer by the identifiers of today.
drifted_revenue as (

    select
        revenue.accounting_period_start,
        'Identifier' as cause,
        'identifier:billing_system:' || revenue.billing_customer_id as rule_id,
        revenue.currency as billing_currency,
        revenue.customer_id as from_customer_id,
        revenue.customer_id_today as to_customer_id,
        {%- for side in ['from_', 'to_'] %}
        revenue.product_line as {{ side }}product_line,
        {%- for column in ['agent_id', 'workflow_id', 'cost_center', 'cost_class', 'leftover_reason'] %}
        {{ focus_ai.typed_null('text') }} as {{ side }}{{ column }},
        {%- endfor %}
        {%- endfor %}
        {{ focus_ai.money('0') }} as billed_cost,
        {{ focus_ai.money('0') }} as effective_cost,
        revenue.amount as revenue,
        revenue.revenue_line_id as moved_id
    from revenue
    inner join accounting_periods
        on revenue.accounting_period_start = accounting_periods.accounting_period_start
    where accounting_periods.closed_at is not null

),
{%- endif %}

drifted_pieces as (

    select
        {{ focus_ai.column_list(key + sides + amounts) }},
        moved_id
    from drifted
    {%- if has_revenue %}
    union all
    select
        {{ focus_ai.column_list(key + sides + amounts) }},
        moved_id
    from drifted_revenue
    {%- endif %}

),

summed as (

    select
        {{ focus_ai.column_list(key) }},
        {{ focus_ai.column_list(sides) }},
        cast(count(distinct moved_id) as {{ focus_ai.type_count() }}) as charge_count,
        sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost,
        sum(revenue) as revenue
    from drifted_pieces
    where
        from_customer_id is distinct from to_customer_id
        or from_product_line is distinct from to_product_line
        or from_agent_id is distinct from to_agent_id
        or from_workflow_id is distinct from to_workflow_id
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
        {{ focus_ai.money('effective_cost') }} as effective_cost,
        {{ focus_ai.money('revenue') }} as revenue
    from summed

)

select * from final
