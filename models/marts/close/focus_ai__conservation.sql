{{ config(enabled=focus_ai.any_cost_source()) }}

{#- Stages of the charge chain in their order, with what each must hold of the stage before. -#}
{%- set chain = [
    ('charges', 'int_focus_ai__charges'),
    ('token classes', 'int_focus_ai__token_classes'),
    ('priced', 'int_focus_ai__priced'),
    ('allocated', none),
    ('costed', 'int_focus_ai__costed'),
] %}

with

billed_cost as (

    select * from {{ ref('focus_ai__billed_cost') }}
    where superseded_at is null

),

allocated as (

    select
        allocated.provider_reported_cost,
        allocated.billed_cost,
        allocated.effective_cost,
        sku_charges.billing_currency
    from {{ ref('int_focus_ai__allocated') }} as allocated
    inner join {{ ref('int_focus_ai__priced') }} as sku_charges
        on
            allocated.ledger_version = sku_charges.ledger_version
            and allocated.sku_charge_id = sku_charges.sku_charge_id
    where allocated.ledger_version = 'current'

),

posted as (

    select * from {{ ref('int_focus_ai__posted') }}

),

invoice_rounding as (

    select * from {{ ref('int_focus_ai__invoice_rounding') }}

),

cost_and_usage as (

    select * from {{ ref('focus_ai__cost_and_usage') }}

),

invoice_lines as (

    select * from {{ ref('int_focus_ai__invoice_lines') }}
    where invoice_status <> 'Voided'

),

-- What a stage adds to the stage before: rounding, to the posted rows.
additions as (

    select
        8 as stage_number,
        billing_currency,
        count(*) as row_count,
        sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost
    from invoice_rounding
    group by billing_currency

),

stages as (

    select
        1 as stage_number,
        'provider bill' as stage_name,
        billing_currency,
        count(*) as row_count,
        sum(provider_reported_cost) as provider_reported_cost,
        {{ focus_ai.typed_null('money') }} as billed_cost,
        {{ focus_ai.typed_null('money') }} as effective_cost
    from billed_cost
    group by billing_currency
    {%- for stage, model in chain %}

    union all

    select
        {{ loop.index + 1 }} as stage_number,
        '{{ stage }}' as stage_name,
        billing_currency,
        count(*) as row_count,
        sum(provider_reported_cost) as provider_reported_cost,
        sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost
    from {% if model %}{{ ref(model) }}
    where ledger_version = 'current'{% else %}{{ stage }}{% endif %}
    group by billing_currency
    {%- endfor %}

    union all

    select
        7 as stage_number,
        'posted' as stage_name,
        billing_currency,
        count(*) as row_count,
        sum(provider_reported_cost) as provider_reported_cost,
        sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost
    from posted
    group by billing_currency

    union all

    select
        8 as stage_number,
        'FOCUS cost and usage' as stage_name,
        "BillingCurrency" as billing_currency,
        count(*) as row_count,
        {{ focus_ai.typed_null('money') }} as provider_reported_cost,
        sum("BilledCost") as billed_cost,
        sum("EffectiveCost") as effective_cost
    from cost_and_usage
    group by "BillingCurrency"

),

net_of_additions as (

    select
        stages.*,
        stages.billed_cost - coalesce(additions.billed_cost, 0) as net_billed_cost,
        stages.effective_cost - coalesce(additions.effective_cost, 0) as net_effective_cost
    from stages
    left join additions
        on
            stages.stage_number = additions.stage_number
            and stages.billing_currency = additions.billing_currency

),

compared as (

    select
        *,
        lag(provider_reported_cost) over (partition by billing_currency order by stage_number)
            as provider_reported_cost_before,
        lag(billed_cost) over (partition by billing_currency order by stage_number) as billed_cost_before,
        lag(effective_cost) over (partition by billing_currency order by stage_number)
            as effective_cost_before
    from net_of_additions

),

-- Invoices end the chain: they are compared with the FOCUS rows that stand on one.
invoiced as (

    select
        "BillingCurrency" as billing_currency,
        sum("BilledCost") as billed_cost
    from cost_and_usage
    where "InvoiceId" is not null
    group by "BillingCurrency"

),

invoices as (

    select
        billing_currency,
        count(*) as row_count,
        sum(line_amount) as billed_cost
    from invoice_lines
    group by billing_currency

),

final as (

    select
        stage_number,
        stage_name,
        billing_currency,
        row_count,
        {{ focus_ai.money('provider_reported_cost') }} as provider_reported_cost,
        {{ focus_ai.money('billed_cost') }} as billed_cost,
        {{ focus_ai.money('effective_cost') }} as effective_cost,
        {{ focus_ai.money('provider_reported_cost - provider_reported_cost_before') }}
            as provider_reported_cost_difference,
        {{ focus_ai.money('net_billed_cost - billed_cost_before') }} as billed_cost_difference,
        {{ focus_ai.money('net_effective_cost - effective_cost_before') }} as effective_cost_difference
    from compared

    union all

    select
        9 as stage_number,
        'invoices' as stage_name,
        invoices.billing_currency,
        invoices.row_count,
        {{ focus_ai.typed_null('money') }} as provider_reported_cost,
        {{ focus_ai.money('invoices.billed_cost') }} as billed_cost,
        {{ focus_ai.typed_null('money') }} as effective_cost,
        {{ focus_ai.typed_null('money') }} as provider_reported_cost_difference,
        {{ focus_ai.money('invoices.billed_cost - coalesce(invoiced.billed_cost, 0)') }}
            as billed_cost_difference,
        {{ focus_ai.typed_null('money') }} as effective_cost_difference
    from invoices
    left join invoiced
        on invoices.billing_currency = invoiced.billing_currency

)

select * from final
