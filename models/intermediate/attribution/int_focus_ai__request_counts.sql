{{ config(enabled=focus_ai.any_cost_source()) }}

with

requests as (

    select
        ledger_version,
        usage_key,
        consumer_id,
        source_relation,
        billing_account_id,
        sub_account_id,
        model_id,
        processing_tier,
        usage_period_start,
        quantity
    from {{ ref('int_focus_ai__consumption') }}
    where token_class = 'request'

),

sku_charges as (

    select * from {{ ref('int_focus_ai__priced') }}

),

consumers as (

    select * from {{ ref('int_focus_ai__attributed') }}

),

-- One row carries the requests of a consumer, model, tier and charge period: the output row, or the first.
carriers_ranked as (

    select
        consumers.ledger_version,
        consumers.sku_charge_id,
        consumers.consumer_id,
        sku_charges.source_relation,
        sku_charges.billing_account_id,
        sku_charges.sub_account_id,
        sku_charges.model_id,
        sku_charges.processing_tier,
        sku_charges.charge_period_start,
        sku_charges.charge_period_end,
        row_number() over (
            partition by
                consumers.ledger_version, consumers.consumer_id, sku_charges.source_relation,
                sku_charges.billing_account_id, sku_charges.sub_account_id, sku_charges.model_id,
                sku_charges.processing_tier, sku_charges.charge_period_start
            order by
                case when sku_charges.token_class = 'output' then 0 else 1 end,
                sku_charges.token_class_order,
                sku_charges.charge_id,
                sku_charges.sku_charge_id
        ) as place
    from consumers
    inner join sku_charges
        on
            consumers.ledger_version = sku_charges.ledger_version
            and consumers.sku_charge_id = sku_charges.sku_charge_id
    where sku_charges.is_consumption

),

-- A bill that does not tell projects or workspaces apart carries the requests of all of them.
carried as (

    select
        carriers_ranked.ledger_version,
        carriers_ranked.sku_charge_id,
        carriers_ranked.consumer_id,
        requests.quantity,
        row_number() over (
            partition by requests.ledger_version, requests.usage_key, requests.consumer_id
            order by
                case when carriers_ranked.sub_account_id is null then 1 else 0 end,
                carriers_ranked.charge_period_start,
                carriers_ranked.sku_charge_id
        ) as place
    from requests
    inner join carriers_ranked
        on
            carriers_ranked.place = 1
            and requests.ledger_version = carriers_ranked.ledger_version
            and requests.consumer_id = carriers_ranked.consumer_id
            and requests.source_relation = carriers_ranked.source_relation
            and requests.billing_account_id = carriers_ranked.billing_account_id
            and requests.model_id = carriers_ranked.model_id
            and requests.processing_tier = carriers_ranked.processing_tier
            and (
                requests.sub_account_id = carriers_ranked.sub_account_id
                or carriers_ranked.sub_account_id is null
            )
            and requests.usage_period_start >= carriers_ranked.charge_period_start
            and requests.usage_period_start < carriers_ranked.charge_period_end

),

final as (

    select
        ledger_version,
        sku_charge_id,
        consumer_id,
        cast(sum(quantity) as {{ focus_ai.type_count() }}) as request_count
    from carried
    where place = 1
    group by ledger_version, sku_charge_id, consumer_id

)

select * from final
