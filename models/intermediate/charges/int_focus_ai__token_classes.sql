{{ config(enabled=focus_ai.any_cost_source()) }}

{#- What a portion of a charge keeps when its money is split to token classes. -#}
{%- set carried_columns = [
    'charge_key', 'source_relation', 'accounting_period_start', 'known_at', 'endpoint', 'charge_category',
    'charge_frequency', 'charge_description', 'billing_account_id', 'sub_account_id', 'sub_account_name',
    'sub_account_type', 'credential_id', 'charge_period_start', 'charge_period_end', 'billing_period_start',
    'billing_period_end', 'service_provider_name', 'host_provider_name', 'invoice_issuer_name', 'service_name',
    'billing_currency', 'processing_tier', 'context_window', 'region_scope', 'modality', 'loaded_at',
    'provider_quantity', 'provider_quantity_unit', 'pricing_category', 'commitment_discount_category',
    'commitment_discount_id', 'commitment_discount_name', 'commitment_discount_status', 'commitment_discount_type',
    'commitment_discount_unit', 'resource_id', 'resource_name', 'resource_type', 'tax_rate', 'origin_invoice_id',
    'origin_invoice_line_id', 'charge_class', 'corrected_billing_period_start', 'corrected_invoice_id',
    'correction_reason',
] %}
{%- set amounts = [
    'provider_reported_cost', 'billed_cost', 'effective_cost', 'commitment_discount_quantity',
] %}

with

charges as (

    select
        *,
        -- A refund that only an invoice tells of has no cell of the bill behind it.
        charge_category = 'Usage'
        and coalesce(commitment_discount_status, 'Used') = 'Used'
        and provider_reported_cost is not null as is_consumption
    from {{ ref('int_focus_ai__charges') }}

),

charge_usage as (

    select * from {{ ref('int_focus_ai__charge_usage') }}
    where is_metered

),

unit_prices as (

    select * from {{ ref('focus_ai__unit_prices') }}

),

token_classes as (

    select * from {{ ref('focus_ai_token_classes') }}

),

used_classes as (

    select
        ledger_version,
        source_relation,
        charge_key,
        model_id,
        token_class,
        cast(sum(quantity) as {{ focus_ai.type_count() }}) as used_quantity,
        cast(sum(billed_quantity) as {{ focus_ai.type_count() }}) as billed_quantity
    from charge_usage
    group by ledger_version, source_relation, charge_key, model_id, token_class

),

-- Usage charges that do not say which class of tokens, times the classes that were used.
unseparated as (

    select
        charges.ledger_version,
        charges.charge_id,
        {{ focus_ai.column_list(carried_columns, 'charges') }},
        {{ focus_ai.column_list(amounts, 'charges') }},
        used_classes.model_id,
        used_classes.token_class,
        used_classes.used_quantity,
        used_classes.billed_quantity as class_quantity,
        {{ focus_ai.hash_id(['charges.charge_id', 'used_classes.model_id', 'used_classes.token_class']) }}
            as price_key,
        token_classes.consumed_unit,
        charges.charge_period_start as priced_at
    from charges
    inner join used_classes
        on
            charges.ledger_version = used_classes.ledger_version
            and charges.source_relation = used_classes.source_relation
            and charges.charge_key = used_classes.charge_key
    inner join token_classes
        on used_classes.token_class = token_classes.token_class
    where
        charges.is_consumption
        and charges.token_class is null

),

unseparated_list_prices as (

    {{ focus_ai.unit_price_lookup('list', 'unseparated') }}

),

unseparated_contract_prices as (

    {{ focus_ai.unit_price_lookup('contract', 'unseparated') }}

),

unseparated_costs as (

    select
        unseparated.*,
        {%- for kind in ['list', 'contract'] %}
        {{ focus_ai.smallest_units(
            focus_ai.multiply(
                focus_ai.divide(
                    'unseparated.used_quantity', 'unseparated_' ~ kind ~ '_prices.pricing_unit_size', 6
                ),
                'unseparated_' ~ kind ~ '_prices.unit_price'
            ), 9
        ) }} as {{ kind }}_weight,
        {%- endfor %}
        count(*) over (partition by unseparated.ledger_version, unseparated.charge_id) as class_count
    from unseparated
    left join unseparated_list_prices
        on unseparated.price_key = unseparated_list_prices.price_key
    left join unseparated_contract_prices
        on unseparated.price_key = unseparated_contract_prices.price_key

),

-- By the classes' list cost, by their contracted cost where one has no list price, else by tokens.
unseparated_weighed as (

    select
        *,
        case
            when count(list_weight) over (partition by ledger_version, charge_id) = class_count
                then list_weight
            when count(contract_weight) over (partition by ledger_version, charge_id) = class_count
                then contract_weight
            else cast(used_quantity as {{ focus_ai.type_wide_integer() }})
        end as class_weight
    from unseparated_costs

),

unseparated_split as (

    {{ focus_ai.distribute(
        'unseparated_weighed',
        columns=['ledger_version', 'charge_id'] + carried_columns + ['model_id', 'token_class', 'class_quantity'],
        partition_by=['ledger_version', 'charge_id'],
        order_by=['model_id', 'token_class'],
        weight='class_weight',
        amounts=[
            ('provider_reported_cost', 12), ('billed_cost', 12), ('effective_cost', 12),
            ('commitment_discount_quantity', 12),
        ]
    ) }}

),

separated_quantities as (

    select
        ledger_version,
        source_relation,
        charge_key,
        sum(billed_quantity) as class_quantity
    from used_classes
    group by ledger_version, source_relation, charge_key

),

unseparated_keys as (

    select distinct
        ledger_version,
        charge_id
    from unseparated

),

classed as (

    select
        ledger_version,
        charge_id,
        {{ focus_ai.column_list(carried_columns) }},
        model_id,
        token_class,
        class_quantity,
        {%- for amount in amounts %}
        {{ amount }}_share as {{ amount }},
        {%- endfor %}
        true as is_consumption,
        false as has_bill_quantity
    from unseparated_split

    union all

    select
        charges.ledger_version,
        charges.charge_id,
        {{ focus_ai.column_list(carried_columns, 'charges') }},
        charges.model_id,
        case when charges.is_consumption then coalesce(charges.token_class, 'other') end as token_class,
        separated_quantities.class_quantity,
        {{ focus_ai.column_list(amounts, 'charges') }},
        charges.is_consumption,
        charges.is_consumption and coalesce(charges.provider_quantity, 0) <> 0 as has_bill_quantity
    from charges
    left join unseparated_keys
        on
            charges.ledger_version = unseparated_keys.ledger_version
            and charges.charge_id = unseparated_keys.charge_id
    left join separated_quantities
        on
            charges.ledger_version = separated_quantities.ledger_version
            and charges.source_relation = separated_quantities.source_relation
            and charges.charge_key = separated_quantities.charge_key
    where unseparated_keys.charge_id is null

),

classed_weighed as (

    select
        *,
        cast(class_quantity as {{ focus_ai.type_count() }}) as used_quantity,
        {{ focus_ai.smallest_units('abs(provider_reported_cost)', 12) }} as portion_weight
    from classed

),

-- The usage of a partly covered cell splits to its portions like its money.
measured as (

    {{ focus_ai.distribute(
        'classed_weighed',
        columns=['ledger_version', 'charge_id'] + carried_columns + ['model_id', 'token_class'] + amounts
            + ['is_consumption', 'has_bill_quantity'],
        partition_by=['ledger_version', 'source_relation', 'charge_key', 'model_id', 'token_class'],
        order_by=['charge_id'],
        weight='portion_weight',
        amounts=[('used_quantity', 0)]
    ) }}

),

-- The bill's own quantity wins, then the provider's usage (R3); its sign is that of the money.
quantified as (

    select
        *,
        case
            when not is_consumption then null
            when has_bill_quantity then 'ProviderBill'
            when used_quantity_share <> 0 then 'ProviderUsage'
            else 'NotMetered'
        end as quantity_basis,
        case
            when not is_consumption then null
            when has_bill_quantity then abs(provider_quantity)
            -- Beside a whole number of 38 digits the bill's decimals would be rounded away.
            when used_quantity_share <> 0 then cast(used_quantity_share as {{ focus_ai.type_quantity() }})
            when provider_reported_cost <> 0 then 1
            else 0
        end * case when provider_reported_cost < 0 then -1 else 1 end as consumed_quantity
    from measured

),

final as (

    select
        quantified.ledger_version,
        {{ focus_ai.hash_id(['quantified.charge_id', 'quantified.model_id', 'quantified.token_class']) }}
            as sku_charge_id,
        quantified.charge_id,
        {{ focus_ai.column_list(
            carried_columns | reject('in', ['provider_quantity', 'provider_quantity_unit']), 'quantified'
        ) }},
        {{ focus_ai.column_list(amounts, 'quantified') }},
        quantified.model_id,
        quantified.token_class,
        token_classes.sku_meter,
        token_classes.token_direction,
        token_classes.token_cache_action,
        token_classes.cache_retention,
        cast(token_classes.sort_order as {{ focus_ai.type_count() }}) as token_class_order,
        quantified.quantity_basis,
        cast(quantified.consumed_quantity as {{ focus_ai.type_quantity() }}) as consumed_quantity,
        case
            when quantified.quantity_basis = 'NotMetered' then 'Units'
            when quantified.quantity_basis = 'ProviderBill'
                then coalesce(quantified.provider_quantity_unit, token_classes.consumed_unit)
            when quantified.quantity_basis = 'ProviderUsage' then token_classes.consumed_unit
        end as consumed_unit,
        quantified.is_consumption
    from quantified
    left join token_classes
        on quantified.token_class = token_classes.token_class

)

select * from final
