{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set has_overrides = focus_ai.input_enabled('attribution_overrides') %}
{%- set request_texts = [
    'match_source_relation', 'match_credential_id', 'match_sub_account_id', 'match_agent_id', 'match_customer_id',
    'match_model_id', 'customer_id', 'product_line', 'agent_id', 'workflow_id', 'cost_center', 'cost_class', 'reason',
    'rejected_by', 'rejection_reason', 'withdraws_request_id',
] %}
{%- set request_moments = ['charge_period_from', 'charge_period_to', 'requested_at', 'rejected_at'] %}
{%- set price_key = [
    'price_kind', 'source_relation', 'billing_account_id', 'model_id', 'token_class', 'processing_tier',
    'context_window', 'currency', 'pricing_unit',
] %}
{%- set correction_key = [
    'accounting_period', 'corrected_billing_period', 'source_relation', 'billing_account_id', 'billing_currency',
    'correction_reason', 'customer_id',
] %}

with

{% if has_overrides -%}
overrides as (

    select * from {{ ref('focus_ai__attribution_overrides') }}

),

override_changes as (

    select
        'override' as action,
        request_id as subject,
        coalesce(rejected_by, requested_by) as actor,
        {{ focus_ai.typed_null('text') }} as approved_by,
        coalesce(rejected_at, requested_at) as occurred_at,
        {{ focus_ai.typed_null('text') }} as state_before,
        {{ focus_ai.json_object(
            focus_ai.json_texts(request_texts)
            + focus_ai.json_moments(request_moments)
            + [
                ('is_reclass', "case when is_reclass then 'true' else 'false' end"),
                ('requested_by', focus_ai.json_string('requested_by')),
            ]
        ) }} as state_after
    from overrides

),

approval_changes as (

    select
        'approval' as action,
        request_id as subject,
        approved_by as actor,
        approved_by,
        approved_at as occurred_at,
        {{ focus_ai.typed_null('text') }} as state_before,
        {{ focus_ai.json_object(
            focus_ai.json_texts(['approved_by', 'requested_by']) + focus_ai.json_moments(['approved_at'])
        ) }} as state_after
    from overrides
    where approved_by is not null

),

{% endif -%}
prices as (

    select
        *,
        {{ focus_ai.json_object(
            focus_ai.json_texts(price_key)
            + [('unit_price', focus_ai.json_string(focus_ai.decimal_text('unit_price')))]
            + focus_ai.json_moments(['effective_from', 'effective_to', 'recorded_at'])
        ) }} as state_after
    from {{ ref('focus_ai__unit_prices') }}

),

price_recorders as (

    {% if focus_ai.source_enabled('finance') -%}
    select
        price_id,
        recorded_by
    from {{ ref('stg_focus_ai__finance_contract_prices') }}
    {%- else -%}
    select
        {{ focus_ai.typed_null('text') }} as price_id,
        {{ focus_ai.typed_null('text') }} as recorded_by
    where 1 = 0
    {%- endif %}

),

-- What a new price takes the place of is the price of the same thing that was in force before it.
price_changes as (

    select
        'price_change' as action,
        prices.price_kind || ':' || prices.price_id as subject,
        case when prices.price_kind = 'contract' then price_recorders.recorded_by end as actor,
        {{ focus_ai.typed_null('text') }} as approved_by,
        prices.recorded_at as occurred_at,
        lag(prices.state_after) over (
            partition by {{ focus_ai.column_list(price_key, 'prices', indent=12) }}
            order by prices.effective_from, prices.recorded_at, prices.price_id
        ) as state_before,
        prices.state_after
    from prices
    left join price_recorders
        on prices.price_id = price_recorders.price_id

),

correction_rows as (

    select
        {{ focus_ai.accounting_period_name('"x_AccountingPeriodStart"') }} as accounting_period,
        {{ focus_ai.month_text('"x_CorrectedBillingPeriodStart"') }} as corrected_billing_period,
        "x_SourceRelation" as source_relation,
        "BillingAccountId" as billing_account_id,
        "BillingCurrency" as billing_currency,
        "x_CorrectionReason" as correction_reason,
        "x_CustomerId" as customer_id,
        "BilledCost" as billed_cost,
        "EffectiveCost" as effective_cost
    from {{ ref('focus_ai__cost_and_usage') }}
    where {{ focus_ai.is_prior_period() }}

),

correction_sums as (

    select
        {{ focus_ai.column_list(correction_key) }},
        count(*) as row_count,
        sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost
    from correction_rows
    group by {{ focus_ai.column_list(correction_key) }}

),

correction_changes as (

    select
        'correction' as action,
        {%- for name in correction_key %}
        coalesce({{ name }}, '-'){{ " || ' ' ||" if not loop.last else ' as subject,' }}
        {%- endfor %}
        {{ focus_ai.typed_null('text') }} as actor,
        {{ focus_ai.typed_null('text') }} as approved_by,
        {{ focus_ai.typed_null('timestamp') }} as occurred_at,
        {{ focus_ai.typed_null('text') }} as state_before,
        {{ focus_ai.json_object(
            focus_ai.json_texts(correction_key)
            + [
                ('row_count', focus_ai.count_text('row_count')),
                ('billed_cost', focus_ai.json_string(focus_ai.decimal_text('billed_cost'))),
                ('effective_cost', focus_ai.json_string(focus_ai.decimal_text('effective_cost'))),
            ]
        ) }} as state_after
    from correction_sums

),

final as (

    {% if has_overrides -%}
    select * from override_changes
    union all
    select * from approval_changes
    union all
    {% endif -%}
    select * from price_changes
    union all
    select * from correction_changes

)

select * from final
