{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set reversed_columns = [
    'provider_reported_cost', 'billed_cost', 'effective_cost', 'list_cost', 'contracted_cost',
    'commitment_discount_quantity', 'consumed_quantity', 'pricing_quantity', 'request_count',
] %}
{%- set carried_columns = [
    'sku_charge_id', 'charge_key', 'source_relation', 'endpoint', 'charge_category', 'charge_frequency',
    'charge_description', 'billing_account_id', 'sub_account_id', 'sub_account_name', 'sub_account_type',
    'charge_period_start', 'charge_period_end', 'service_provider_name', 'host_provider_name', 'invoice_issuer_name',
    'service_name', 'billing_currency', 'processing_tier', 'context_window', 'region_scope', 'modality',
    'pricing_category', 'commitment_discount_category', 'commitment_discount_id', 'commitment_discount_name',
    'commitment_discount_status', 'commitment_discount_type', 'commitment_discount_unit', 'resource_id',
    'resource_name', 'resource_type', 'origin_invoice_id', 'origin_invoice_line_id', 'model_id', 'model_developer',
    'model_family', 'model_version', 'token_class', 'token_direction', 'token_cache_action', 'cache_retention', 'quantity_basis',
    'consumed_unit', 'pricing_unit', 'sku_id', 'sku_meter', 'sku_price_id', 'list_unit_price',
    'contracted_unit_price', 'list_price_basis', 'contracted_price_basis', 'allocated_method_id', 'allocated_ratio',
    'allocated_usage_quantity', 'allocated_usage_unit', 'customer_name',
] + (focus_ai.attribution_columns().keys() | list) %}
{%- set content = [
    focus_ai.decimal_text('billed_cost'), focus_ai.decimal_text('effective_cost'), focus_ai.decimal_text('list_cost'),
    focus_ai.decimal_text('contracted_cost'), focus_ai.decimal_text('commitment_discount_quantity'),
    focus_ai.decimal_text('consumed_quantity'), 'consumed_unit', focus_ai.decimal_text('pricing_quantity'),
    'pricing_unit', focus_ai.decimal_text('list_unit_price'), focus_ai.decimal_text('contracted_unit_price'),
    'sku_price_id', focus_ai.count_text('request_count'),
] %}

with

current_charges as (

    select
        *,
        {{ focus_ai.hash_id(content) }} as content_hash
    from {{ ref('int_focus_ai__costed') }}
    where ledger_version = 'current'

),

closed_charges as (

    select
        *,
        {{ focus_ai.hash_id(content) }} as content_hash
    from {{ ref('int_focus_ai__closed_charges') }}

),

provider_charges as (

    select * from {{ ref('int_focus_ai__provider_charges') }}

),

accounting_periods as (

    select
        accounting_period_start,
        closed_at
    from {{ ref('int_focus_ai__accounting_periods') }}

),

open_charges as (

    select current_charges.*
    from current_charges
    left join accounting_periods
        on current_charges.accounting_period_start = accounting_periods.accounting_period_start
    where accounting_periods.closed_at is null

),

-- What a closed period would look like today: corrections are the difference (R13).
recomputed_charges as (

    select
        current_charges.*,
        accounting_periods.closed_at
    from current_charges
    inner join accounting_periods
        on
            current_charges.accounting_period_start = accounting_periods.accounting_period_start
            and accounting_periods.closed_at is not null

),

unchanged_keys as (

    select closed_charges.allocated_charge_id
    from closed_charges
    inner join recomputed_charges
        on
            closed_charges.allocated_charge_id = recomputed_charges.allocated_charge_id
            and closed_charges.content_hash = recomputed_charges.content_hash

),

-- When the evidence of a cell changed after its close: a newer load of it, or a load without it.
cell_changes as (

    select
        charge_key,
        max(changed_at) as changed_at
    from (
        select
            charge_key,
            loaded_at as changed_at
        from recomputed_charges
        where loaded_at > closed_at
        union all
        select
            charge_key,
            superseded_at as changed_at
        from provider_charges
        where
            ledger_version = 'as_closed'
            and superseded_at is not null
    ) as loads
    group by charge_key

),

differences as (

    {%- for posting_kind, charges in [('Reversal', 'closed_charges'), ('Re-entry', 'recomputed_charges')] %}
    select
        '{{ posting_kind }}' as posting_kind,
        {{ charges }}.allocated_charge_id,
        {{ charges }}.charge_key,
        {{ charges }}.source_relation,
        {{ charges }}.billing_account_id,
        {{ charges }}.accounting_period_start as corrected_period_start
    from {{ charges }}
    left join unchanged_keys
        on {{ charges }}.allocated_charge_id = unchanged_keys.allocated_charge_id
    where unchanged_keys.allocated_charge_id is null
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

-- A cell can differ without news of its own: another cell's restatement moves prepaid credit. It follows
-- the account.
dated as (

    select
        differences.*,
        coalesce(
            cell_changes.changed_at,
            max(cell_changes.changed_at) over (
                partition by
                    differences.source_relation,
                    differences.billing_account_id,
                    differences.corrected_period_start
            ),
            max(cell_changes.changed_at) over (partition by differences.corrected_period_start)
        ) as changed_at
    from differences
    left join cell_changes
        on differences.charge_key = cell_changes.charge_key

),

-- Posted in the earliest period that was not closed when the news came.
placed as (

    select
        dated.posting_kind,
        dated.allocated_charge_id,
        dated.charge_key,
        min(accounting_periods.accounting_period_start) as posting_period_start
    from dated
    inner join accounting_periods
        on
            accounting_periods.closed_at is null
            or dated.changed_at < accounting_periods.closed_at
    where dated.corrected_period_start < accounting_periods.accounting_period_start
    group by dated.posting_kind, dated.allocated_charge_id, dated.charge_key

),

closed_cells as (

    select distinct charge_key
    from closed_charges

),

recomputed_cells as (

    select
        charge_key,
        max(case when loaded_at > closed_at then 1 else 0 end) as is_reloaded
    from recomputed_charges
    group by charge_key

),

reasons as (

    select
        coalesce(closed_cells.charge_key, recomputed_cells.charge_key) as charge_key,
        case
            when closed_cells.charge_key is null then 'LateCharge'
            when recomputed_cells.charge_key is null then 'WithdrawnCharge'
            when recomputed_cells.is_reloaded = 1 then 'RestatedCharge'
            else 'RestatedAccount'
        end as correction_reason
    from closed_cells
    full outer join recomputed_cells
        on closed_cells.charge_key = recomputed_cells.charge_key

),

corrections as (

    {%- for posting_kind, charges, sign in [
        ('Reversal', 'closed_charges', '-'), ('Re-entry', 'recomputed_charges', '')
    ] %}
    select
        {{ focus_ai.hash_id([
            charges ~ '.allocated_charge_id', 'placed.posting_kind', focus_ai.utc_text('placed.posting_period_start')
        ]) }} as posted_charge_id,
        {{ charges }}.allocated_charge_id,
        placed.posting_kind,
        'Correction' as charge_class,
        placed.posting_period_start as accounting_period_start,
        placed.posting_period_start as billing_period_start,
        {{ focus_ai.month_end('placed.posting_period_start') }} as billing_period_end,
        {{ charges }}.accounting_period_start as corrected_accounting_period_start,
        {{ charges }}.billing_period_start as corrected_billing_period_start,
        {{ focus_ai.typed_null('text') }} as corrected_invoice_id,
        reasons.correction_reason,
        {{ focus_ai.column_list(carried_columns, charges) }},
        {{ focus_ai.signed_columns(reversed_columns, charges, sign) }}
    from {{ charges }}
    inner join placed
        on
            {{ charges }}.allocated_charge_id = placed.allocated_charge_id
            and placed.posting_kind = '{{ posting_kind }}'
    left join reasons
        on {{ charges }}.charge_key = reasons.charge_key
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

final as (

    {%- for charges in ['open_charges', 'closed_charges'] %}
    select
        allocated_charge_id as posted_charge_id,
        allocated_charge_id,
        'Original' as posting_kind,
        charge_class,
        accounting_period_start,
        billing_period_start,
        billing_period_end,
        {{ focus_ai.typed_null('timestamp') }} as corrected_accounting_period_start,
        corrected_billing_period_start,
        corrected_invoice_id,
        correction_reason,
        {{ focus_ai.column_list(carried_columns + reversed_columns) }}
    from {{ charges }}
    union all
    {%- endfor %}
    select * from corrections

)

select * from final
