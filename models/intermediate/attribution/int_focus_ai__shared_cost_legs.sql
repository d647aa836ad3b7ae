{{ config(enabled=focus_ai.any_cost_source()) }}

{#- What a rule may ask of a consumer's part of a charge: {column of the rule: column of the part}. -#}
{%- set selectors = {
    'match_leftover_reason': 'leftover_reason',
    'match_customer_id': 'customer_id',
    'match_agent_id': 'agent_id',
    'match_cost_center': 'cost_center',
    'match_cost_class': 'cost_class',
    'match_source_relation': 'source_relation',
} %}
{%- set leg_columns = [
    'sku_charge_id', 'origin_consumer_id', 'leftover_reason', 'customer_id', 'agent_id', 'cost_center', 'cost_class',
    'source_relation', 'accounting_period_start', 'known_at', 'charge_period_start', 'billing_currency', 'sku_price_id',
] %}
{%- set rule_columns = [
    'rule_id', 'method', 'receivers', 'receiver_product_line', 'receiver_customer_ids', 'receiver_source_relation',
    'target_cost_class',
] %}

with

{% if focus_ai.input_enabled('shared_cost_rules') -%}
-- A rule that is recorded again for the same start replaces its earlier record from then on.
rules as (

    select
        *,
        {{ focus_ai.hash_id([
            'rule_id', focus_ai.utc_text('effective_from'), focus_ai.utc_text('recorded_at')
        ]) }} as rule_key,
        lead(recorded_at) over (partition by rule_id, effective_from order by recorded_at) as replaced_at
    from {{ ref('focus_ai__shared_cost_rules') }}

),

consumers as (

    select * from {{ ref('int_focus_ai__overridden') }}

),

sku_charges as (

    select * from {{ ref('int_focus_ai__priced') }}

),

-- A tax follows what it taxes, and a purchase of credits costs nothing yet: neither is shared.
shareable as (

    select
        consumers.ledger_version,
        consumers.sku_charge_id,
        consumers.origin_consumer_id,
        consumers.leftover_reason,
        consumers.customer_id,
        consumers.agent_id,
        consumers.cost_center,
        consumers.cost_class,
        sku_charges.source_relation,
        sku_charges.accounting_period_start,
        sku_charges.known_at,
        sku_charges.charge_period_start,
        sku_charges.billing_currency,
        sku_charges.sku_price_id
    from consumers
    inner join sku_charges
        on
            consumers.ledger_version = sku_charges.ledger_version
            and consumers.sku_charge_id = sku_charges.sku_charge_id
    where
        sku_charges.charge_category not in ('Tax', 'Purchase')
        and coalesce(consumers.weight, 1) <> 0

),

-- By the rules that were recorded when the period was closed (R14); for drift also by those of today.
legs as (

    select
        *,
        known_at as rules_known_at
    from shareable
    union all
    select
        'today' as ledger_version,
        {{ focus_ai.column_list(leg_columns) }},
        {{ focus_ai.typed_null('timestamp') }} as rules_known_at
    from shareable
    where ledger_version = 'as_closed'

),

-- A rule that selects nothing, or has no such method, is idle.
matched as (

    select
        legs.ledger_version,
        legs.sku_charge_id,
        legs.origin_consumer_id,
        legs.accounting_period_start,
        legs.known_at,
        case when rules.method = 'tokens' then legs.sku_price_id end as sku_price_id,
        case when rules.method = 'list_cost' then legs.billing_currency end as billing_currency,
        rules.rule_key,
        {{ focus_ai.column_list(rule_columns, 'rules') }},
        row_number() over (
            partition by legs.ledger_version, legs.sku_charge_id, legs.origin_consumer_id
            order by
                coalesce(rules.priority, 1000000) asc,
                case when rules.effective_from is null then 1 else 0 end asc,
                rules.effective_from desc nulls last,
                rules.recorded_at desc,
                rules.rule_key asc
        ) as place
    from legs
    inner join rules
        on
            {%- for rule_column, column in selectors.items() %}
            {{ 'and ' if not loop.first -}}
            (rules.{{ rule_column }} is null or rules.{{ rule_column }} = legs.{{ column }})
            {%- endfor %}
            and (rules.effective_from is null or rules.effective_from <= legs.charge_period_start)
            and (rules.effective_to is null or rules.effective_to > legs.charge_period_start)
            and (legs.rules_known_at is null or rules.recorded_at <= legs.rules_known_at)
            and (rules.replaced_at is null or rules.replaced_at > legs.rules_known_at)
    where
        rules.method in ('even', 'tokens', 'list_cost', 'requests', 'revenue')
        and coalesce(
            {{ focus_ai.column_list(selectors.keys() | list, 'rules', 12) }}
        ) is not null

),

-- A pool is shared in one proportion: a rule's cost of a month, of an SKU price or currency if it weighs so.
final as (

    select
        ledger_version,
        sku_charge_id,
        origin_consumer_id,
        {{ focus_ai.hash_id([
            'rule_key', focus_ai.utc_text('accounting_period_start'), 'sku_price_id', 'billing_currency'
        ]) }} as pool_id,
        accounting_period_start,
        known_at,
        sku_price_id,
        billing_currency,
        {{ focus_ai.column_list(rule_columns) }}
    from matched
    where place = 1

)
{%- else -%}
final as (

    select
        {{ focus_ai.null_columns({
            'ledger_version': 'text',
            'sku_charge_id': 'text',
            'origin_consumer_id': 'text',
            'pool_id': 'text',
            'accounting_period_start': 'timestamp',
            'known_at': 'timestamp',
            'sku_price_id': 'text',
            'billing_currency': 'text',
        }) }},
        {%- for column in rule_columns %}
        {{ focus_ai.typed_null('text') }} as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    where 1 = 0

)
{%- endif %}

select * from final
