{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set has_revenue = focus_ai.input_enabled('revenue') %}
{%- set amounts = ['revenue', 'ai_cost_of_revenue', 'other_ai_cost'] %}

with

cost as (

    select * from {{ ref('int_focus_ai__cost_in_reporting_currency') }}

),

cost_and_usage as (

    select
        "x_ChargeId" as charge_id,
        "x_CorrectedBillingPeriodStart" as corrected_billing_period_start
    from {{ ref('focus_ai__cost_and_usage') }}

),

-- What a refund on an invoice of a later month takes back is about the billing period that it names.
corrections as (

    select
        posted_charge_id,
        original_accounting_period_start
    from {{ ref('int_focus_ai__published') }}
    where corrected_billing_period_start = original_billing_period_start

),

accounting_periods as (

    select
        accounting_period_start,
        status
    from {{ ref('int_focus_ai__accounting_periods') }}

),

{%- if has_revenue %}

revenue as (

    select * from {{ ref('int_focus_ai__revenue_by_month') }}

),
{%- endif %}

-- Every amount has the month that it is about and the month that reports it.
entries as (

    select
        case
            when corrections.original_accounting_period_start is not null
                then corrections.original_accounting_period_start
            when cost.is_prior_period and cost_and_usage.corrected_billing_period_start is not null
                then {{ focus_ai.accounting_period_of_billing(
                    'cost_and_usage.corrected_billing_period_start'
                ) }}
            else cost.accounting_period_start
        end as original_period_start,
        cost.accounting_period_start as reported_period_start,
        cost.is_prior_period,
        {{ focus_ai.margin_customer('cost.customer_id', 'cost.cost_class') }} as customer_id,
        {{ focus_ai.margin_product_line('cost.product_line') }} as product_line,
        {{ focus_ai.money('0') }} as revenue,
        cost.reporting_cost_of_revenue as ai_cost_of_revenue,
        cost.reporting_effective_cost - cost.reporting_cost_of_revenue as other_ai_cost
    from cost
    inner join cost_and_usage
        on cost.charge_id = cost_and_usage.charge_id
    left join corrections
        on cost.charge_id = corrections.posted_charge_id
    {%- if has_revenue %}

    union all

    select
        service_month as original_period_start,
        accounting_period_start as reported_period_start,
        is_prior_period,
        {{ focus_ai.margin_customer('customer_id', "'CostOfRevenue'") }} as customer_id,
        {{ focus_ai.margin_product_line('product_line') }} as product_line,
        reporting_amount as revenue,
        {{ focus_ai.money('0') }} as ai_cost_of_revenue,
        {{ focus_ai.money('0') }} as other_ai_cost
    from revenue
    {%- endif %}

),

summed as (

    select
        original_period_start,
        customer_id,
        product_line,
        max(case when is_prior_period then reported_period_start end) as last_restated_in,
        {%- for amount in amounts %}
        {%- if amount == 'revenue' and not has_revenue %}
        {{ focus_ai.typed_null('money') }} as reported_revenue,
        {{ focus_ai.typed_null('money') }} as revenue_restatement,
        {%- else %}
        {{ focus_ai.known_sum(amount, 'not is_prior_period') }} as reported_{{ amount }},
        {{ focus_ai.known_sum(amount, 'is_prior_period') }} as {{ amount }}_restatement,
        {%- endif %}
        {%- endfor %}
        sum(case when is_prior_period then 1 else 0 end) as restatement_count
    from entries
    group by original_period_start, customer_id, product_line

),

final as (

    select
        {{ focus_ai.hash_id([
            focus_ai.utc_text('summed.original_period_start'), 'summed.customer_id', 'summed.product_line',
        ]) }} as restatement_id,
        summed.original_period_start as accounting_period_start,
        accounting_periods.status as accounting_period_status,
        summed.customer_id,
        summed.product_line,
        '{{ focus_ai.reporting_currency() }}' as reporting_currency,
        {%- for amount in amounts %}
        summed.reported_{{ amount }},
        summed.{{ amount }}_restatement,
        {{ focus_ai.money('summed.reported_' ~ amount ~ ' + summed.' ~ amount ~ '_restatement') }}
            as restated_{{ amount }},
        {%- endfor %}
        {{ focus_ai.money('summed.reported_revenue - summed.reported_ai_cost_of_revenue') }}
            as reported_gross_margin,
        {{ focus_ai.money(
            'summed.reported_revenue + summed.revenue_restatement'
            ~ ' - summed.reported_ai_cost_of_revenue - summed.ai_cost_of_revenue_restatement'
        ) }} as restated_gross_margin,
        summed.restatement_count,
        summed.last_restated_in
    from summed
    inner join accounting_periods
        on summed.original_period_start = accounting_periods.accounting_period_start

)

select * from final
