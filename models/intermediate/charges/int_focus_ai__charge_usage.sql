{{ config(enabled=focus_ai.any_cost_source()) }}

with

provider_charges as (

    select * from {{ ref('int_focus_ai__provider_charges') }}

),

metered_usage as (

    select
        *,
        {{ focus_ai.period_start('day', 'usage_period_start') }} as usage_day
    from {{ ref('int_focus_ai__metered_usage') }}
    where token_class <> 'request'

),

usage_days as (

    select distinct usage_day
    from metered_usage

),

charge_days as (

    select
        provider_charges.*,
        usage_days.usage_day
    from provider_charges
    inner join usage_days
        on
            {{ focus_ai.period_start('day', 'provider_charges.charge_period_start') }} <= usage_days.usage_day
            and provider_charges.charge_period_end > usage_days.usage_day
    where provider_charges.charge_category = 'Usage'

),

-- A dimension that the bill was not grouped by matches any value of the usage. Context window and region
-- match also where the usage was not grouped by them.
matched as (

    select
        charge_days.ledger_version,
        charge_days.source_relation,
        charge_days.charge_key,
        charge_days.provider_reported_cost,
        metered_usage.usage_key,
        metered_usage.known_at,
        metered_usage.billing_account_id,
        metered_usage.sub_account_id,
        metered_usage.credential_id,
        metered_usage.principal_id,
        metered_usage.usage_period_start,
        metered_usage.usage_period_end,
        metered_usage.model_id,
        metered_usage.processing_tier,
        metered_usage.context_window,
        metered_usage.region_scope,
        metered_usage.token_class,
        metered_usage.quantity,
        metered_usage.loaded_at
    from charge_days
    inner join metered_usage
        on
            charge_days.ledger_version = metered_usage.ledger_version
            and charge_days.source_relation = metered_usage.source_relation
            and charge_days.billing_account_id = metered_usage.billing_account_id
            and charge_days.usage_day = metered_usage.usage_day
            and charge_days.charge_period_start <= metered_usage.usage_period_start
            and charge_days.charge_period_end > metered_usage.usage_period_start
            and (
                charge_days.token_class = metered_usage.token_class
                or (
                    charge_days.token_class is null
                    and metered_usage.token_class not in ('web_search', 'other')
                )
            )
            and (charge_days.model_id = metered_usage.model_id or charge_days.model_id is null)
            -- Tools cost the same in every tier, and their lines name none.
            and (
                charge_days.processing_tier = metered_usage.processing_tier
                or charge_days.token_class = 'web_search'
            )
            and (
                charge_days.sub_account_id is not distinct from metered_usage.sub_account_id
                or (
                    charge_days.sub_account_id is null
                    and coalesce(charge_days.group_by, '') not like '%project_id%'
                    and coalesce(charge_days.group_by, '') not like '%workspace_id%'
                )
            )
            and (
                charge_days.credential_id is not distinct from metered_usage.credential_id
                or (
                    charge_days.credential_id is null
                    and coalesce(charge_days.group_by, '') not like '%api_key_id%'
                )
            )
            and (
                charge_days.context_window = metered_usage.context_window
                or charge_days.context_window is null
                or metered_usage.context_window is null
            )
            and (
                charge_days.region_scope = metered_usage.region_scope
                or charge_days.region_scope is null
                or metered_usage.region_scope is null
            )

),

matched_weighed as (

    select
        *,
        {{ focus_ai.smallest_units('greatest(provider_reported_cost, 0)', 12) }} as cost_weight
    from matched

),

-- Usage that several cells bill (two lines for one class) is counted once: by the cells' cost.
shared as (

    {{ focus_ai.distribute(
        'matched_weighed',
        columns=[
            'ledger_version', 'source_relation', 'charge_key', 'usage_key', 'known_at', 'billing_account_id',
            'sub_account_id', 'credential_id', 'principal_id', 'usage_period_start', 'usage_period_end', 'model_id',
            'processing_tier', 'context_window', 'region_scope', 'token_class', 'quantity', 'loaded_at',
        ],
        partition_by=['ledger_version', 'source_relation', 'usage_key'],
        order_by=['charge_key'],
        weight='cost_weight',
        amounts=[('quantity', 0)]
    ) }}

),

matched_cells as (

    select distinct
        ledger_version,
        source_relation,
        charge_key
    from shared

),

-- A cell without usage evidence stands in for it: its own key and quantity are all that is known.
cells_alone as (

    select
        provider_charges.ledger_version,
        provider_charges.source_relation,
        provider_charges.charge_key,
        provider_charges.charge_key as usage_key,
        provider_charges.known_at,
        provider_charges.billing_account_id,
        provider_charges.sub_account_id,
        provider_charges.credential_id,
        {{ focus_ai.typed_null('text') }} as principal_id,
        provider_charges.charge_period_start as usage_period_start,
        provider_charges.charge_period_end as usage_period_end,
        provider_charges.model_id,
        provider_charges.processing_tier,
        provider_charges.context_window,
        provider_charges.region_scope,
        provider_charges.token_class,
        {{ focus_ai.whole_part('abs(provider_charges.provider_quantity)') }} as quantity,
        provider_charges.loaded_at
    from provider_charges
    left join matched_cells
        on
            provider_charges.ledger_version = matched_cells.ledger_version
            and provider_charges.source_relation = matched_cells.source_relation
            and provider_charges.charge_key = matched_cells.charge_key
    where
        provider_charges.charge_category = 'Usage'
        and matched_cells.charge_key is null

),

final as (

    select
        ledger_version,
        source_relation,
        charge_key,
        usage_key,
        true as is_metered,
        known_at,
        billing_account_id,
        sub_account_id,
        credential_id,
        principal_id,
        usage_period_start,
        usage_period_end,
        model_id,
        processing_tier,
        context_window,
        region_scope,
        token_class,
        quantity,
        cast(quantity_share as {{ focus_ai.type_count() }}) as billed_quantity,
        loaded_at
    from shared

    union all

    select
        ledger_version,
        source_relation,
        charge_key,
        usage_key,
        false as is_metered,
        known_at,
        billing_account_id,
        sub_account_id,
        credential_id,
        principal_id,
        usage_period_start,
        usage_period_end,
        model_id,
        processing_tier,
        context_window,
        region_scope,
        token_class,
        quantity,
        quantity as billed_quantity,
        loaded_at
    from cells_alone

)

select * from final
