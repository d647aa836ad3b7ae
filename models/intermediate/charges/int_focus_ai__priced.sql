{{ config(enabled=focus_ai.any_cost_source()) }}

with

-- What was not metered at the close may be metered now: each version of a charge is priced by its own unit.
token_classes as (

    select
        *,
        sku_charge_id || ' ' || consumed_unit as price_key,
        charge_period_start as priced_at
    from {{ ref('int_focus_ai__token_classes') }}

),

unit_prices as (

    select * from {{ ref('focus_ai__unit_prices') }}

),

reference_classes as (

    select
        token_class,
        consumed_unit,
        pricing_unit,
        cast(pricing_unit_size as {{ focus_ai.type_count() }}) as pricing_unit_size
    from {{ ref('focus_ai_token_classes') }}

),

metered as (

    select * from token_classes
    where quantity_basis in ('ProviderBill', 'ProviderUsage')

),

list_prices as (

    {{ focus_ai.unit_price_lookup('list', 'metered') }}

),

contract_prices as (

    {{ focus_ai.unit_price_lookup('contract', 'metered') }}

),

-- A model's maker and family belong to the model, whatever the day's price.
models as (

    select
        source_relation,
        model_id,
        max(model_developer) as model_developer,
        max(model_family) as model_family,
        max(model_version) as model_version
    from unit_prices
    where model_id is not null
    group by source_relation, model_id

),

-- The unit is that of the price list (CAU-PricingUnit-C-008), of the contract, or the usual one of the class.
united as (

    select
        token_classes.*,
        models.model_developer,
        models.model_family,
        models.model_version,
        list_prices.unit_price as list_price,
        contract_prices.unit_price as contract_price,
        contract_prices.pricing_unit_size as contract_pricing_unit_size,
        case
            when not token_classes.is_consumption
                then token_classes.billing_currency
            else coalesce(
                list_prices.pricing_unit,
                contract_prices.pricing_unit,
                reference_classes.pricing_unit,
                token_classes.consumed_unit
            )
        end as pricing_unit,
        coalesce(
            list_prices.pricing_unit_size,
            contract_prices.pricing_unit_size,
            reference_classes.pricing_unit_size,
            1
        ) as pricing_unit_size
    from token_classes
    left join list_prices
        on token_classes.price_key = list_prices.price_key
    left join contract_prices
        on token_classes.price_key = contract_prices.price_key
    left join models
        on
            token_classes.source_relation = models.source_relation
            and token_classes.model_id = models.model_id
            -- A tool's price is the same for every model.
            and token_classes.token_class <> 'web_search'
    left join reference_classes
        on
            token_classes.token_class = reference_classes.token_class
            and token_classes.consumed_unit = reference_classes.consumed_unit

),

measured as (

    select
        *,
        cast(
            case
                when is_consumption then {{ focus_ai.divide('consumed_quantity', 'pricing_unit_size', 6) }}
                when charge_category = 'Purchase' then billed_cost
                when commitment_discount_status = 'Unused' then 0
            end as {{ focus_ai.type_quantity() }}
        ) as pricing_quantity
    from united

),

-- Without a price: what was charged per unit, 6 decimals. The bill never second-guesses a price table (R2).
derived as (

    select
        *,
        case
            when pricing_quantity is null then null
            when not is_consumption then {{ focus_ai.money('1') }}
            when quantity_basis = 'NotMetered' then abs(provider_reported_cost)
            else coalesce(
                {{ focus_ai.divide('abs(provider_reported_cost)', 'abs(pricing_quantity)', 6) }},
                {{ focus_ai.money('0') }}
            )
        end as derived_price,
        case
            when contract_pricing_unit_size = pricing_unit_size then contract_price
            else {{ focus_ai.divide(
                focus_ai.multiply('contract_price', 'pricing_unit_size'), 'contract_pricing_unit_size', 6
            ) }}
        end as contract_unit_price
    from measured

),

named as (

    select
        *,
        case
            when not is_consumption then 'Prepaid Credits'
            else sku_meter
        end as named_sku_meter,
        case
            when pricing_quantity is null then null
            when not is_consumption then source_relation || '-prepaid-credits'
            else
                case
                    when token_class <> 'web_search' and model_id is not null then model_id
                    else source_relation
                end
                || case when coalesce(modality, 'text') = 'text' then '' else '-' || modality end
                || '-' || replace(lower(sku_meter), ' ', '-')
        end as sku_id
    from derived

),

final as (

    select
        ledger_version,
        sku_charge_id,
        charge_id,
        charge_key,
        source_relation,
        accounting_period_start,
        known_at,
        endpoint,
        charge_category,
        charge_frequency,
        charge_description,
        billing_account_id,
        sub_account_id,
        sub_account_name,
        sub_account_type,
        credential_id,
        charge_period_start,
        charge_period_end,
        billing_period_start,
        billing_period_end,
        service_provider_name,
        host_provider_name,
        invoice_issuer_name,
        service_name,
        billing_currency,
        processing_tier,
        context_window,
        region_scope,
        modality,
        loaded_at,
        case when pricing_quantity is not null then pricing_category end as pricing_category,
        commitment_discount_category,
        commitment_discount_id,
        commitment_discount_name,
        commitment_discount_quantity,
        commitment_discount_status,
        commitment_discount_type,
        commitment_discount_unit,
        resource_id,
        resource_name,
        resource_type,
        tax_rate,
        origin_invoice_id,
        origin_invoice_line_id,
        charge_class,
        corrected_billing_period_start,
        corrected_invoice_id,
        correction_reason,
        provider_reported_cost,
        billed_cost,
        effective_cost,
        model_id,
        model_developer,
        model_family,
        model_version,
        token_class,
        token_class_order,
        token_direction,
        token_cache_action,
        cache_retention,
        is_consumption,
        quantity_basis,
        consumed_quantity,
        consumed_unit,
        pricing_quantity,
        case when pricing_quantity is not null then pricing_unit end as pricing_unit,
        pricing_unit_size,
        sku_id,
        case when sku_id is not null then named_sku_meter end as sku_meter,
        case
            when sku_id is null then null
            when not is_consumption and commitment_discount_status = 'Unused'
                then sku_id || '-' || lower(billing_currency) || '-unused'
            when not is_consumption then sku_id || '-' || lower(billing_currency)
            else
                sku_id || '-' || processing_tier
                || coalesce('-' || replace(lower(context_window), ' ', '-'), '')
                || coalesce('-' || region_scope, '')
                || coalesce('-' || cache_retention, '')
                || case
                    when quantity_basis = 'NotMetered' then '-not-metered'
                    when token_class = 'other' then '-' || replace(lower(consumed_unit), ' ', '-')
                    else ''
                end
                || case when commitment_discount_id is null then '' else '-committed' end
        end as sku_price_id,
        coalesce(list_price, contract_unit_price, derived_price) as list_unit_price,
        coalesce(contract_unit_price, list_price, derived_price) as contracted_unit_price,
        case
            when sku_id is null then null
            when not is_consumption then 'FaceValue'
            when list_price is not null then 'PriceList'
            else 'Derived'
        end as list_price_basis,
        case
            when sku_id is null then null
            when not is_consumption then 'FaceValue'
            when contract_unit_price is not null then 'Contract'
            when list_price is not null then 'PriceList'
            else 'Derived'
        end as contracted_price_basis
    from named

)

select * from final
