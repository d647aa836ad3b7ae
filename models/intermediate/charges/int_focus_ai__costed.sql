{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set sku_charge_columns = [
    'charge_key', 'source_relation', 'accounting_period_start', 'endpoint', 'charge_category', 'charge_frequency',
    'charge_description', 'billing_account_id', 'sub_account_id', 'sub_account_name', 'sub_account_type',
    'charge_period_start', 'charge_period_end', 'billing_period_start', 'billing_period_end', 'service_provider_name',
    'host_provider_name', 'invoice_issuer_name', 'service_name', 'billing_currency', 'processing_tier',
    'context_window', 'region_scope', 'modality', 'pricing_category', 'commitment_discount_category',
    'commitment_discount_id', 'commitment_discount_name', 'commitment_discount_status', 'commitment_discount_type',
    'commitment_discount_unit', 'resource_id', 'resource_name', 'resource_type', 'tax_rate', 'origin_invoice_id',
    'origin_invoice_line_id', 'charge_class', 'corrected_billing_period_start', 'corrected_invoice_id',
    'correction_reason', 'model_id', 'model_developer', 'model_family', 'model_version', 'token_class',
    'token_class_order', 'token_direction', 'token_cache_action', 'cache_retention', 'quantity_basis',
    'consumed_unit', 'pricing_unit', 'sku_id', 'sku_meter', 'sku_price_id', 'list_unit_price',
    'contracted_unit_price', 'list_price_basis', 'contracted_price_basis',
] %}
{%- set allocated_columns = [
    'sku_charge_id', 'consumer_id', 'loaded_at', 'provider_reported_cost', 'billed_cost', 'effective_cost',
    'commitment_discount_quantity', 'consumed_quantity', 'pricing_quantity', 'allocated_method_id', 'allocated_ratio',
    'allocated_usage_quantity', 'request_count', 'customer_name',
] + (focus_ai.attribution_columns().keys() | list) %}

with

sku_charges as (

    select * from {{ ref('int_focus_ai__priced') }}

),

allocated as (

    select * from {{ ref('int_focus_ai__allocated') }}

),

ledger_versions as (

    select * from {{ ref('int_focus_ai__ledger_versions') }}

),

reference_classes as (

    select
        token_class,
        consumed_unit
    from {{ ref('focus_ai_token_classes') }}

),

-- Never distributed: unit price x quantity of the final row (R1). A credit costs what is billed (R7).
multiplied as (

    select
        allocated.ledger_version,
        allocated.allocated_charge_id,
        {{ focus_ai.column_list(allocated_columns, 'allocated') }},
        {{ focus_ai.column_list(sku_charge_columns, 'sku_charges') }},
        reference_classes.consumed_unit as allocated_usage_unit,
        case
            when sku_charges.charge_category = 'Tax' then null
            when allocated.pricing_quantity is null then allocated.billed_cost
            else {{ focus_ai.multiply('sku_charges.list_unit_price', 'allocated.pricing_quantity') }}
        end as list_cost,
        case
            when sku_charges.charge_category = 'Tax' then null
            when allocated.pricing_quantity is null then allocated.billed_cost
            else {{ focus_ai.multiply('sku_charges.contracted_unit_price', 'allocated.pricing_quantity') }}
        end as contracted_cost
    from allocated
    inner join sku_charges
        on
            allocated.ledger_version = sku_charges.ledger_version
            and allocated.sku_charge_id = sku_charges.sku_charge_id
    left join reference_classes
        on sku_charges.token_class = reference_classes.token_class

),

-- What was known of each period when a version was. A month that reaches over two accounting periods is taxed
-- in the later one, as known at its close.
known_versions as (

    select
        versions.source_relation,
        versions.accounting_period_start,
        versions.ledger_version,
        known.accounting_period_start as known_period_start,
        known.ledger_version as known_version,
        row_number() over (
            partition by
                versions.source_relation,
                versions.accounting_period_start,
                versions.ledger_version,
                known.accounting_period_start
            order by known.version_number desc
        ) as newest_first
    from ledger_versions as versions
    inner join ledger_versions as known
        on
            versions.source_relation = known.source_relation
            and (versions.as_of is null or versions.as_of >= known.as_of)

),

-- The rows that a tax line taxes: what is billed in its service window on its account.
taxed as (

    select
        taxes.ledger_version,
        taxes.allocated_charge_id,
        {{ focus_ai.money('sum(multiplied.billed_cost)') }} as billed_cost,
        {{ focus_ai.money('sum(multiplied.list_cost)') }} as list_cost,
        {{ focus_ai.money('sum(multiplied.contracted_cost)') }} as contracted_cost
    from multiplied as taxes
    inner join known_versions
        on
            taxes.source_relation = known_versions.source_relation
            and taxes.accounting_period_start = known_versions.accounting_period_start
            and taxes.ledger_version = known_versions.ledger_version
            and known_versions.newest_first = 1
    inner join multiplied
        on
            known_versions.known_version = multiplied.ledger_version
            and known_versions.known_period_start = multiplied.accounting_period_start
            and taxes.source_relation = multiplied.source_relation
            and taxes.invoice_issuer_name = multiplied.invoice_issuer_name
            and taxes.billing_account_id = multiplied.billing_account_id
            and taxes.billing_currency = multiplied.billing_currency
            and taxes.charge_period_start <= multiplied.charge_period_start
            and taxes.charge_period_end > multiplied.charge_period_start
            -- The tax of an adjusting invoice taxes what that invoice refunds.
            and (
                (taxes.charge_class is null and multiplied.charge_class is null)
                or taxes.origin_invoice_id = multiplied.origin_invoice_id
            )
    where
        taxes.charge_category = 'Tax'
        and multiplied.charge_category <> 'Tax'
        and multiplied.billed_cost <> 0
    group by taxes.ledger_version, taxes.allocated_charge_id

),

final as (

    select
        multiplied.ledger_version,
        multiplied.allocated_charge_id,
        {{ focus_ai.column_list(allocated_columns + sku_charge_columns, 'multiplied') }},
        {%- for cost in ['list_cost', 'contracted_cost'] %}
        case
            when multiplied.charge_category <> 'Tax' then multiplied.{{ cost }}
            when multiplied.tax_rate is not null
                then {{ focus_ai.multiply('multiplied.tax_rate', 'coalesce(taxed.' ~ cost ~ ', 0)') }}
            -- A line that states no rate has the rate of what was billed.
            else coalesce(
                {{ focus_ai.divide(
                    focus_ai.multiply('multiplied.billed_cost', 'taxed.' ~ cost), 'taxed.billed_cost', 12
                ) }},
                multiplied.billed_cost
            )
        end as {{ cost }},
        {%- endfor %}
        case when multiplied.allocated_usage_quantity is not null then multiplied.allocated_usage_unit end
            as allocated_usage_unit
    from multiplied
    left join taxed
        on
            multiplied.ledger_version = taxed.ledger_version
            and multiplied.allocated_charge_id = taxed.allocated_charge_id

)

select * from final
