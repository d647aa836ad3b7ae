{{ config(enabled=focus_ai.any_cost_source()) }}

{#- What a cell of the provider's bill says of every portion of it, and what differs between the portions. -#}
{%- set cell_columns = [
    'accounting_period_start', 'endpoint', 'charge_category', 'charge_frequency', 'charge_description',
    'billing_account_id', 'sub_account_id', 'sub_account_name', 'sub_account_type', 'credential_id',
    'charge_period_start', 'charge_period_end', 'billing_period_start', 'billing_period_end',
    'service_provider_name', 'host_provider_name', 'invoice_issuer_name', 'service_name', 'billing_currency',
    'provider_quantity_unit', 'model_id', 'token_class', 'processing_tier', 'context_window', 'region_scope',
    'modality', 'loaded_at',
] %}
{%- set portion_columns = [
    'provider_reported_cost', 'billed_cost', 'effective_cost', 'pricing_category', 'commitment_discount_category',
    'commitment_discount_id', 'commitment_discount_name', 'commitment_discount_quantity',
    'commitment_discount_status', 'commitment_discount_type', 'commitment_discount_unit',
] %}
{#- Of charges that come from finance's tables only. -#}
{%- set finance_columns = {
    'resource_id': 'text',
    'resource_name': 'text',
    'resource_type': 'text',
    'tax_rate': 'ratio',
    'origin_invoice_id': 'text',
    'origin_invoice_line_id': 'text',
    'charge_class': 'text',
    'corrected_billing_period_start': 'timestamp',
    'corrected_invoice_id': 'text',
    'correction_reason': 'text',
} %}
{%- set finance_names = finance_columns.keys() | list %}

with

provider_charges as (

    select * from {{ ref('int_focus_ai__provider_charges') }}

),

prepaid_draws as (

    select * from {{ ref('int_focus_ai__prepaid_draws') }}

),

prepaid_charges as (

    select * from {{ ref('int_focus_ai__prepaid_charges') }}

),

invoice_charges as (

    select * from {{ ref('int_focus_ai__invoice_charges') }}

),

accounting_periods as (

    select
        accounting_period_start,
        closed_at
    from {{ ref('int_focus_ai__accounting_periods') }}

),

-- What a grant is called stands on its purchase.
grants as (

    select
        source_relation,
        commitment_discount_id,
        commitment_discount_category,
        commitment_discount_name,
        commitment_discount_type,
        commitment_discount_unit
    from prepaid_charges
    where
        charge_category = 'Purchase'
        and ledger_version = 'current'

),

-- The part that a grant covers costs nothing on the bill; it costs what was paid for the credits (R6).
covered_portions as (

    select
        prepaid_draws.ledger_version,
        prepaid_draws.source_relation,
        prepaid_draws.charge_key,
        prepaid_draws.draw_face_amount as provider_reported_cost,
        {{ focus_ai.money('0') }} as billed_cost,
        prepaid_draws.draw_effective_cost as effective_cost,
        'Committed' as pricing_category,
        grants.commitment_discount_category,
        prepaid_draws.grant_id as commitment_discount_id,
        grants.commitment_discount_name,
        prepaid_draws.draw_face_amount as commitment_discount_quantity,
        'Used' as commitment_discount_status,
        grants.commitment_discount_type,
        grants.commitment_discount_unit
    from prepaid_draws
    left join grants
        on
            prepaid_draws.source_relation = grants.source_relation
            and prepaid_draws.grant_id = grants.commitment_discount_id

),

covered_totals as (

    select
        ledger_version,
        source_relation,
        charge_key,
        sum(provider_reported_cost) as covered_amount
    from covered_portions
    group by ledger_version, source_relation, charge_key

),

undrawn as (

    select
        provider_charges.ledger_version,
        provider_charges.source_relation,
        provider_charges.charge_key,
        {{ focus_ai.money(
            'provider_charges.provider_reported_cost - coalesce(covered_totals.covered_amount, 0)'
        ) }} as undrawn_amount
    from provider_charges
    left join covered_totals
        on
            provider_charges.ledger_version = covered_totals.ledger_version
            and provider_charges.source_relation = covered_totals.source_relation
            and provider_charges.charge_key = covered_totals.charge_key
    where
        covered_totals.covered_amount is null
        or provider_charges.provider_reported_cost <> covered_totals.covered_amount

),

on_demand_portions as (

    select
        ledger_version,
        source_relation,
        charge_key,
        undrawn_amount as provider_reported_cost,
        undrawn_amount as billed_cost,
        undrawn_amount as effective_cost,
        'Standard' as pricing_category,
        {{ focus_ai.typed_null('text') }} as commitment_discount_category,
        {{ focus_ai.typed_null('text') }} as commitment_discount_id,
        {{ focus_ai.typed_null('text') }} as commitment_discount_name,
        {{ focus_ai.typed_null('money') }} as commitment_discount_quantity,
        {{ focus_ai.typed_null('text') }} as commitment_discount_status,
        {{ focus_ai.typed_null('text') }} as commitment_discount_type,
        {{ focus_ai.typed_null('text') }} as commitment_discount_unit
    from undrawn

),

portions as (

    select * from covered_portions
    union all
    select * from on_demand_portions

),

portions_weighed as (

    select
        portions.*,
        {{ focus_ai.smallest_units('abs(portions.provider_reported_cost)', 12) }} as portion_weight,
        {{ focus_ai.quantity_units('provider_charges.provider_quantity') }} as quantity_units,
        {{ focus_ai.quantity_unit('provider_charges.provider_quantity') }} as quantity_unit
    from portions
    inner join provider_charges
        on
            portions.ledger_version = provider_charges.ledger_version
            and portions.source_relation = provider_charges.source_relation
            and portions.charge_key = provider_charges.charge_key

),

-- A partly covered cell's quantity splits like its money.
portions_measured as (

    {{ focus_ai.distribute(
        'portions_weighed',
        columns=['ledger_version', 'source_relation', 'charge_key', 'quantity_unit'] + portion_columns,
        partition_by=['ledger_version', 'source_relation', 'charge_key'],
        order_by=['commitment_discount_id'],
        weight='portion_weight',
        amounts=[('quantity_units', 0)]
    ) }}

),

usage_charges as (

    select
        provider_charges.ledger_version,
        provider_charges.source_relation,
        provider_charges.charge_key,
        {{ focus_ai.column_list(cell_columns, 'provider_charges') }},
        portions_measured.quantity_units_share * portions_measured.quantity_unit as provider_quantity,
        {{ focus_ai.column_list(portion_columns, 'portions_measured') }},
        {{ focus_ai.null_columns(finance_columns) }}
    from provider_charges
    inner join portions_measured
        on
            provider_charges.ledger_version = portions_measured.ledger_version
            and provider_charges.source_relation = portions_measured.source_relation
            and provider_charges.charge_key = portions_measured.charge_key

),

unioned as (

    select * from usage_charges
    {%- for finance_charges in ['prepaid_charges', 'invoice_charges'] %}
    union all
    select
        ledger_version,
        source_relation,
        charge_key,
        {{ focus_ai.column_list(cell_columns + ['provider_quantity'] + portion_columns + finance_names) }}
    from {{ finance_charges }}
    {%- endfor %}

),

final as (

    select
        unioned.ledger_version,
        {{ focus_ai.hash_id([
            'unioned.charge_key', 'unioned.commitment_discount_id', 'unioned.commitment_discount_status'
        ]) }} as charge_id,
        unioned.charge_key,
        unioned.source_relation,
        accounting_periods.closed_at as known_at,
        {{ focus_ai.column_list(cell_columns, 'unioned') }},
        cast(unioned.provider_quantity as {{ focus_ai.type_quantity() }}) as provider_quantity,
        {{ focus_ai.column_list(portion_columns + finance_names, 'unioned') }}
    from unioned
    left join accounting_periods
        on unioned.accounting_period_start = accounting_periods.accounting_period_start

)

select * from final
