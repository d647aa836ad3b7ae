{{ config(enabled=focus_ai.any_cost_source()) }}

with

cost_and_usage as (

    select * from {{ ref('focus_ai__cost_and_usage') }}

),

reporting_rates as (

    select * from {{ ref('int_focus_ai__reporting_rates') }}

),

charges as (

    select
        "x_ChargeId" as charge_id,
        "x_SourceRelation" as source_relation,
        "ServiceProviderName" as service_provider_name,
        "BillingAccountId" as billing_account_id,
        "SubAccountId" as sub_account_id,
        "x_CredentialId" as credential_id,
        "ChargePeriodStart" as charge_period_start,
        "x_AccountingPeriodStart" as accounting_period_start,
        {{ focus_ai.is_prior_period() }} as is_prior_period,
        "ChargeCategory" as charge_category,
        "BillingCurrency" as currency,
        "EffectiveCost" as effective_cost,
        "x_CustomerId" as customer_id,
        "x_ProductLine" as product_line,
        "x_AgentId" as agent_id,
        "x_CostCenter" as cost_center,
        "SkuPriceId" as sku_price_id,
        coalesce("x_CostClass", 'Unclassified') as cost_class,
        "x_LeftoverReason" as leftover_reason,
        coalesce("x_AttributionMethodId" = 'SharedCost', false) as is_shared_cost,
        "x_RequestCount" as request_count,
        coalesce("x_ListPriceBasis" <> 'Derived', false) as is_priced
    from cost_and_usage

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

models as (

    select
        sku_price_id,
        {{ focus_ai.sku_detail('sku_price_details', 'ModelId') }} as model_id
    from sku_prices

),

-- Cost of revenue is EffectiveCost without tax; tax that cannot be reclaimed comes back by its share (R17).
cost_of_revenue as (

    select
        *,
        case
            when charge_category = 'Tax' and cost_class in ('CostOfRevenue', 'Unclassified')
                then {{ focus_ai.multiply('effective_cost', focus_ai.irrecoverable_tax_share()) }}
            when charge_category <> 'Tax' and cost_class = 'CostOfRevenue'
                then effective_cost
            else {{ focus_ai.money('0') }}
        end as cost_of_revenue,
        -- A rule may give a product line and no customer: then nobody can be charged for it either.
        coalesce(
            leftover_reason,
            case
                when customer_id is null and cost_class in ('CostOfRevenue', 'Unclassified') then 'NoCustomer'
            end
        ) as unattributed_reason
    from charges

),

rated as (

    select
        cost_of_revenue.*,
        models.model_id,
        {{ focus_ai.reporting_rate('cost_of_revenue.currency', 'reporting_rates.rate') }} as reporting_rate
    from cost_of_revenue
    left join models
        on cost_of_revenue.sku_price_id = models.sku_price_id
    left join reporting_rates
        on
            cost_of_revenue.accounting_period_start = reporting_rates.accounting_period_start
            and cost_of_revenue.currency = reporting_rates.currency

),

-- Converted once, here, to 12 decimals; everything after only sums.
final as (

    select
        charge_id,
        source_relation,
        service_provider_name,
        billing_account_id,
        sub_account_id,
        credential_id,
        charge_period_start,
        accounting_period_start,
        is_prior_period,
        charge_category,
        currency,
        effective_cost,
        cost_of_revenue,
        customer_id,
        product_line,
        agent_id,
        cost_center,
        is_shared_cost,
        model_id,
        cost_class,
        unattributed_reason,
        request_count,
        is_priced,
        reporting_rate,
        {{ focus_ai.in_reporting_currency('effective_cost', 'reporting_rate') }}
            as reporting_effective_cost,
        {{ focus_ai.in_reporting_currency('cost_of_revenue', 'reporting_rate') }}
            as reporting_cost_of_revenue,
        case when reporting_rate is null and effective_cost <> 0 then 'MissingRate' end as null_reason
    from rated

)

select * from final
