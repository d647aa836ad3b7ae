{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set dimensions = [
    'source_relation', 'billing_account_id', 'model_id', 'token_class', 'processing_tier', 'context_window',
    'region_scope',
] %}

with

cells as (

    select * from {{ ref('int_focus_ai__usage_price_cells') }}

),

final as (

    select
        accounting_period_start,
        billing_currency,
        {{ dimensions | join(',\n        ') }},
        difference_reason,
        count(charge_key) as cell_count,
        {{ focus_ai.money('sum(provider_reported_cost)') }} as provider_reported_cost,
        {{ focus_ai.money('sum(expected_cost)') }} as expected_cost,
        {{ focus_ai.money('sum(difference)') }} as difference,
        cast(sum(billed_quantity) as {{ focus_ai.type_quantity() }}) as billed_quantity,
        cast(sum(metered_quantity) as {{ focus_ai.type_quantity() }}) as metered_quantity
    from cells
    group by
        accounting_period_start,
        billing_currency,
        {{ dimensions | join(',\n        ') }},
        difference_reason

)

select * from final
