{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set has_revenue = focus_ai.input_enabled('revenue', ['stripe']) %}
{%- set has_calls = focus_ai.input_enabled('observed_calls', ['litellm']) %}

with

cost as (

    select * from {{ ref('int_focus_ai__cost_in_reporting_currency') }}

),

{%- if has_calls %}

estimated_cost as (

    select * from {{ ref('focus_ai__estimated_cost') }}

),
{%- endif %}

{%- if has_revenue %}

revenue as (

    select * from {{ ref('int_focus_ai__revenue_by_month') }}

),
{%- endif %}

entries as (

    select
        accounting_period_start,
        customer_id,
        product_line,
        currency,
        reporting_rate,
        'cost' as side,
        is_prior_period,
        charge_category = 'Tax' as is_tax,
        cost_class,
        {{ focus_ai.typed_null('money') }} as revenue,
        {{ focus_ai.typed_null('money') }} as reporting_revenue,
        cost_of_revenue,
        reporting_cost_of_revenue,
        effective_cost - cost_of_revenue as other_cost,
        reporting_effective_cost - reporting_cost_of_revenue as reporting_other_cost,
        {{ focus_ai.typed_null('money') }} as estimated_cost,
        {{ focus_ai.typed_null('money') }} as reporting_estimated_cost
    from cost
    {%- if has_calls %}

    union all

    select
        accounting_period_start,
        customer_id,
        product_line,
        currency,
        reporting_rate,
        'estimate' as side,
        false as is_prior_period,
        false as is_tax,
        cost_class,
        {{ focus_ai.typed_null('money') }} as revenue,
        {{ focus_ai.typed_null('money') }} as reporting_revenue,
        {{ focus_ai.typed_null('money') }} as cost_of_revenue,
        {{ focus_ai.typed_null('money') }} as reporting_cost_of_revenue,
        {{ focus_ai.typed_null('money') }} as other_cost,
        {{ focus_ai.typed_null('money') }} as reporting_other_cost,
        estimated_cost,
        reporting_estimated_cost
    from estimated_cost
    {%- endif %}
    {%- if has_revenue %}

    union all

    select
        accounting_period_start,
        customer_id,
        product_line,
        currency,
        reporting_rate,
        'revenue' as side,
        is_prior_period,
        false as is_tax,
        {{ focus_ai.typed_null('text') }} as cost_class,
        amount as revenue,
        reporting_amount as reporting_revenue,
        {{ focus_ai.typed_null('money') }} as cost_of_revenue,
        {{ focus_ai.typed_null('money') }} as reporting_cost_of_revenue,
        {{ focus_ai.typed_null('money') }} as other_cost,
        {{ focus_ai.typed_null('money') }} as reporting_other_cost,
        {{ focus_ai.typed_null('money') }} as estimated_cost,
        {{ focus_ai.typed_null('money') }} as reporting_estimated_cost
    from revenue
    {%- endif %}

),

-- Every key is filled: what has no customer or no product line is a line of its own.
keyed as (

    select
        *,
        {{ focus_ai.margin_customer('customer_id', 'cost_class') }} as margin_customer_id,
        {{ focus_ai.margin_product_line('product_line') }} as margin_product_line
    from entries

),

-- Revenue of other months stays in int_focus_ai__revenue_by_month: deferred, or of a time before the bills.
months as (

    select
        min(accounting_period_start) as first_month,
        max(accounting_period_start) as last_month
    from entries
    where side <> 'revenue'

),

final as (

    select
        {{ focus_ai.hash_id([
            focus_ai.utc_text('keyed.accounting_period_start'),
            'keyed.margin_customer_id',
            'keyed.margin_product_line',
            'keyed.currency',
        ]) }} as margin_detail_id,
        keyed.accounting_period_start,
        keyed.margin_customer_id as customer_id,
        keyed.margin_product_line as product_line,
        keyed.currency,
        max(keyed.reporting_rate) as reporting_rate,
        sum(case when keyed.side = 'estimate' then 1 else 0 end) as estimate_count,
        {{ focus_ai.margin_sums('', has_revenue) }},
        {{ focus_ai.margin_sums('reporting_', has_revenue) }}
    from keyed
    inner join months
        on keyed.accounting_period_start between months.first_month and months.last_month
    group by
        keyed.accounting_period_start,
        keyed.margin_customer_id,
        keyed.margin_product_line,
        keyed.currency

)

select * from final
