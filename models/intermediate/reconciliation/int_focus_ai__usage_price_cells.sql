{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set dimensions = [
    'source_relation', 'billing_account_id', 'model_id', 'token_class', 'processing_tier', 'context_window',
    'region_scope',
] %}
{%- set no_money = focus_ai.typed_null('money') %}

with

priced as (

    select * from {{ ref('int_focus_ai__priced') }}
    where ledger_version = 'current' and is_consumption

),

charge_usage as (

    select * from {{ ref('int_focus_ai__charge_usage') }}
    where ledger_version = 'current' and is_metered

),

metered_usage as (

    select * from {{ ref('int_focus_ai__metered_usage') }}
    where ledger_version = 'current' and token_class <> 'request'

),

accounting_periods as (

    select * from {{ ref('int_focus_ai__accounting_periods') }}

),

-- A cell of the bill and token class, whether or not prepaid credits cut it into portions.
billed_cells as (

    select
        accounting_period_start,
        charge_key,
        billing_currency,
        {{ dimensions | join(',\n        ') }},
        pricing_unit_size,
        case when contracted_price_basis <> 'Derived' then contracted_unit_price end as unit_price,
        sum(provider_reported_cost) as reported_cost,
        sum(case when quantity_basis <> 'NotMetered' then consumed_quantity end) as billed_quantity,
        sum(case when quantity_basis <> 'NotMetered' then pricing_quantity end) as pricing_quantity
    from priced
    group by
        accounting_period_start,
        charge_key,
        billing_currency,
        {{ dimensions | join(',\n        ') }},
        pricing_unit_size,
        case when contracted_price_basis <> 'Derived' then contracted_unit_price end

),

metered_cells as (

    select
        charge_key,
        model_id,
        token_class,
        sum(billed_quantity) as metered_quantity
    from charge_usage
    group by charge_key, model_id, token_class

),

cell_quantities as (

    select
        billed_cells.charge_key,
        billed_cells.model_id,
        billed_cells.token_class,
        sum(metered_cells.metered_quantity) as metered_quantity
    from billed_cells
    inner join metered_cells
        on
            billed_cells.charge_key = metered_cells.charge_key
            and billed_cells.token_class = metered_cells.token_class
            and (billed_cells.model_id = metered_cells.model_id or billed_cells.model_id is null)
    group by billed_cells.charge_key, billed_cells.model_id, billed_cells.token_class

),

rated_cells as (

    select
        billed_cells.*,
        cell_quantities.metered_quantity,
        {{ focus_ai.multiply(
            'billed_cells.unit_price',
            focus_ai.divide('cell_quantities.metered_quantity', 'billed_cells.pricing_unit_size', 6)
        ) }} as expected_cost,
        {{ focus_ai.multiply('billed_cells.unit_price', 'billed_cells.pricing_quantity') }}
            as billed_quantity_cost
    from billed_cells
    left join cell_quantities
        on
            billed_cells.charge_key = cell_quantities.charge_key
            and billed_cells.token_class = cell_quantities.token_class
            and coalesce(billed_cells.model_id, '') = coalesce(cell_quantities.model_id, '')

),

-- Providers report six decimals; less than one unit of the last is rounding.
explained_cells as (

    select
        *,
        reported_cost - expected_cost as difference,
        reported_cost - billed_quantity_cost as price_difference,
        billed_quantity_cost - expected_cost as quantity_difference,
        case
            when metered_quantity is null then 'Unmetered'
            when unit_price is null then 'NoPrice'
            when reported_cost = expected_cost then 'None'
            when abs(reported_cost - expected_cost) < 0.000001 then 'Rounding'
            when reported_cost = 0 then 'FreeOfCharge'
            when billed_quantity = metered_quantity then 'Price'
            when abs(reported_cost - billed_quantity_cost) < 0.000001 then 'Quantity'
            else 'PriceAndQuantity'
        end as difference_reason
    from rated_cells

),

billed_usage as (

    select distinct
        source_relation,
        usage_key
    from charge_usage

),

-- Usage that no bill carries: not billed yet while its period is open. It makes no money row (R3).
unbilled_usage as (

    select
        {{ focus_ai.accounting_period_of_day('metered_usage.usage_period_start') }}
            as accounting_period_start,
        {%- for dimension in dimensions %}
        metered_usage.{{ dimension }},
        {%- endfor %}
        metered_usage.usage_key,
        metered_usage.quantity
    from metered_usage
    left join billed_usage
        on
            metered_usage.source_relation = billed_usage.source_relation
            and metered_usage.usage_key = billed_usage.usage_key
    where
        billed_usage.usage_key is null
        and metered_usage.quantity > 0

),

unioned as (

    select
        accounting_period_start,
        billing_currency,
        {{ dimensions | join(',\n        ') }},
        difference_reason,
        charge_key,
        {{ focus_ai.typed_null('text') }} as usage_key,
        reported_cost,
        billed_quantity,
        metered_quantity,
        expected_cost,
        difference,
        case when difference is not null then price_difference end as price_difference,
        case when difference is not null then quantity_difference end as quantity_difference
    from explained_cells

    union all

    select
        unbilled_usage.accounting_period_start,
        {{ focus_ai.typed_null('text') }} as billing_currency,
        {%- for dimension in dimensions %}
        unbilled_usage.{{ dimension }},
        {%- endfor %}
        case when accounting_periods.closed_at is null then 'Timing' else 'NotBilled' end
            as difference_reason,
        {{ focus_ai.typed_null('text') }} as charge_key,
        unbilled_usage.usage_key,
        {{ no_money }} as reported_cost,
        {{ no_money }} as billed_quantity,
        unbilled_usage.quantity as metered_quantity,
        {{ no_money }} as expected_cost,
        {{ no_money }} as difference,
        {{ no_money }} as price_difference,
        {{ no_money }} as quantity_difference
    from unbilled_usage
    left join accounting_periods
        on unbilled_usage.accounting_period_start = accounting_periods.accounting_period_start

),

final as (

    select
        accounting_period_start,
        billing_currency,
        {{ dimensions | join(',\n        ') }},
        difference_reason,
        charge_key,
        usage_key,
        {{ focus_ai.money('reported_cost') }} as provider_reported_cost,
        {{ focus_ai.money('expected_cost') }} as expected_cost,
        {{ focus_ai.money('difference') }} as difference,
        {{ focus_ai.money('price_difference') }} as price_difference,
        {{ focus_ai.money('quantity_difference') }} as quantity_difference,
        cast(billed_quantity as {{ focus_ai.type_quantity() }}) as billed_quantity,
        cast(metered_quantity as {{ focus_ai.type_quantity() }}) as metered_quantity
    from unioned

)

select * from final
