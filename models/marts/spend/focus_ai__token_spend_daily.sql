{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set dimensions = [
    'source_relation', 'service_provider_name', 'billing_account_id', 'sku_price_id', 'sku_meter', 'consumed_unit',
    'customer_id', 'product_line', 'agent_id', 'cost_class', 'is_correction', 'currency',
] %}

with

cost_and_usage as (

    select * from {{ ref('focus_ai__cost_and_usage') }}

),

reporting_cost as (

    select
        charge_id,
        reporting_effective_cost
    from {{ ref('int_focus_ai__cost_in_reporting_currency') }}

),

usage as (

    select
        {{ focus_ai.period_start('day', 'cost_and_usage."ChargePeriodStart"') }} as day_start,
        cost_and_usage."x_AccountingPeriodStart" as accounting_period_start,
        cost_and_usage."x_SourceRelation" as source_relation,
        cost_and_usage."ServiceProviderName" as service_provider_name,
        cost_and_usage."BillingAccountId" as billing_account_id,
        cost_and_usage."SkuPriceId" as sku_price_id,
        cost_and_usage."SkuMeter" as sku_meter,
        cost_and_usage."ConsumedUnit" as consumed_unit,
        cost_and_usage."x_CustomerId" as customer_id,
        cost_and_usage."x_ProductLine" as product_line,
        cost_and_usage."x_AgentId" as agent_id,
        cost_and_usage."x_CostClass" as cost_class,
        {{ focus_ai.is_prior_period('cost_and_usage.') }} as is_correction,
        cost_and_usage."BillingCurrency" as currency,
        cost_and_usage."ConsumedQuantity" as consumed_quantity,
        cost_and_usage."EffectiveCost" as effective_cost,
        cost_and_usage."ContractedCost" as contracted_cost,
        -- A derived list price is the amount itself over again: it says nothing about a list (R2).
        case when cost_and_usage."x_ListPriceBasis" <> 'Derived' then cost_and_usage."ListCost" end
            as list_cost,
        reporting_cost.reporting_effective_cost
    from cost_and_usage
    inner join reporting_cost
        on cost_and_usage."x_ChargeId" = reporting_cost.charge_id
    where cost_and_usage."ChargeCategory" = 'Usage'

),

-- SkuPriceDetails is the same on every row of a SkuPriceId, so it is read once for each.
sku_prices as (

    select
        "SkuPriceId" as sku_price_id,
        min("SkuPriceDetails") as sku_price_details
    from cost_and_usage
    where "SkuPriceId" is not null
    group by "SkuPriceId"

),

skus as (

    select
        sku_price_id,
        {{ focus_ai.sku_detail('sku_price_details', 'ModelId') }} as model_id,
        {{ focus_ai.sku_detail('sku_price_details', 'ProcessingTier') }} as processing_tier,
        {{ focus_ai.sku_detail('sku_price_details', 'TokenDirection') }} as token_direction,
        {{ focus_ai.sku_detail('sku_price_details', 'TokenCacheAction') }} as token_cache_action,
        {{ focus_ai.sku_detail('sku_price_details', 'CacheRetention') }} as cache_retention
    from sku_prices

),

summed as (

    select
        day_start,
        accounting_period_start,
        {{ dimensions | join(',\n        ') }},
        cast(sum(consumed_quantity) as {{ focus_ai.type_quantity() }}) as consumed_quantity,
        cast(
            sum(case when consumed_unit = 'Tokens' then consumed_quantity end) as {{ focus_ai.type_count() }}
        ) as tokens,
        {{ focus_ai.known_sum('effective_cost') }} as effective_cost,
        {{ focus_ai.known_sum('contracted_cost') }} as contracted_cost,
        {{ focus_ai.known_sum('list_cost') }} as list_cost,
        {{ focus_ai.known_sum('reporting_effective_cost') }} as reporting_effective_cost
    from usage
    group by day_start, accounting_period_start, {{ dimensions | join(', ') }}

),

final as (

    select
        {{ focus_ai.hash_id([
            focus_ai.utc_text('summed.day_start'),
            focus_ai.utc_text('summed.accounting_period_start'),
            'summed.source_relation',
            'summed.service_provider_name',
            'summed.billing_account_id',
            'summed.sku_price_id',
            'summed.sku_meter',
            'summed.consumed_unit',
            'summed.customer_id',
            'summed.product_line',
            'summed.agent_id',
            'summed.cost_class',
            'cast(summed.is_correction as ' ~ focus_ai.type_text() ~ ')',
            'summed.currency',
        ]) }} as token_spend_id,
        summed.day_start,
        summed.accounting_period_start,
        summed.source_relation,
        summed.service_provider_name,
        summed.billing_account_id,
        skus.model_id,
        skus.processing_tier,
        summed.sku_price_id,
        summed.sku_meter,
        skus.token_direction,
        skus.token_cache_action,
        skus.cache_retention,
        summed.customer_id,
        summed.product_line,
        summed.agent_id,
        summed.cost_class,
        summed.is_correction,
        summed.consumed_unit,
        summed.consumed_quantity,
        summed.tokens,
        summed.currency,
        summed.effective_cost,
        summed.contracted_cost,
        summed.list_cost,
        case when summed.list_cost is null then 'Unpriced' end as list_cost_null_reason,
        summed.reporting_effective_cost,
        case when summed.reporting_effective_cost is null then 'MissingRate' end as reporting_cost_null_reason
    from summed
    left join skus
        on summed.sku_price_id = skus.sku_price_id

)

select * from final
