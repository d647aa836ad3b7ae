{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set has_customers = focus_ai.input_enabled('customers') %}
{%- set key = 'accounting_period_start, customer_id, product_line' %}
{%- set columns = focus_ai.margin_columns().keys() | list %}
{%- set margins = focus_ai.gross_margin_columns('not is_bill_complete and not is_month_closed') %}

with

closed_margin as (

    select * from {{ ref('focus_ai__closed_margin') }}

),

detail as (

    select * from {{ ref('focus_ai__customer_gross_margin_detail') }}

),

cost as (

    select * from {{ ref('int_focus_ai__cost_in_reporting_currency') }}

),

accounting_periods as (

    select * from {{ ref('int_focus_ai__accounting_periods') }}

),

bills as (

    select min(complete_through) as complete_through
    from {{ ref('int_focus_ai__complete_through') }}

),

{%- if has_customers %}

customers as (

    select
        customer_id,
        customer_name,
        segment,
        is_internal,
        row_number() over (partition by customer_id order by recorded_at desc, customer_name asc)
            as newest_first
    from {{ ref('focus_ai__customers') }}

),
{%- endif %}

money as (

    select
        {{ key }},
        {%- for name in focus_ai.margin_measures() if name != 'estimated_ai_cost' %}
        {{ focus_ai.known_sum('reporting_' ~ name) }} as {{ name }},
        {%- endfor %}
        case when sum(estimate_count) > 0 then {{ focus_ai.known_sum('reporting_estimated_ai_cost') }} end
            as estimated_ai_cost
    from detail
    group by {{ key }}

),

-- The month's own usage: what coverage and cost per request are measured on.
usage as (

    select
        accounting_period_start,
        {{ focus_ai.margin_customer('customer_id', 'cost_class') }} as customer_id,
        {{ focus_ai.margin_product_line('product_line') }} as product_line,
        source_relation,
        credential_id,
        cost_class = 'CostOfRevenue' as is_cost_of_revenue,
        request_count,
        coalesce(is_shared_cost, false) as is_shared_cost,
        abs(reporting_effective_cost) as cost_volume,
        is_priced,
        unattributed_reason is null as is_attributed
    from cost
    where charge_category = 'Usage' and not is_prior_period

),

requests_by_credential as (

    select
        {{ key }},
        source_relation,
        credential_id,
        is_cost_of_revenue,
        sum(request_count) as request_count,
        count(request_count) = 0
        and max(case when not is_shared_cost and coalesce(cost_volume, 1) <> 0 then 1 else 0 end) = 1
            as is_uncounted,
        {{ focus_ai.known_sum('cost_volume') }} as cost_volume,
        sum(case when is_priced then cost_volume else 0 end) as priced_volume
    from usage
    group by {{ key }}, source_relation, credential_id, is_cost_of_revenue

),

-- Traffic with a cost and without a count (seen by credential) leaves the number of requests unknown: a part
-- is not passed for the whole. A share of what others spent brings cost and no traffic.
usage_totals as (

    select
        {{ key }},
        case when count(case when is_uncounted then 1 end) = 0 then sum(request_count) end as request_count,
        case
            when count(case when is_uncounted and is_cost_of_revenue then 1 end) = 0
                then sum(case when is_cost_of_revenue then request_count end)
        end as cost_of_revenue_request_count,
        case
            when count(cost_volume) = count(*)
                then {{ focus_ai.divide('sum(priced_volume)', 'sum(cost_volume)') }}
        end as priced_share
    from requests_by_credential
    group by {{ key }}

),

attribution as (

    select
        accounting_period_start,
        case
            when count(cost_volume) = count(*)
                then {{ focus_ai.divide(
                    'sum(case when is_attributed then cost_volume else 0 end)', 'sum(cost_volume)'
                ) }}
        end as attributed_share
    from usage
    group by accounting_period_start

),

covered as (

    select
        money.*,
        {%- if has_customers %}
        coalesce(customers.customer_name, money.customer_id) as customer_name,
        customers.segment as customer_segment,
        customers.is_internal,
        {%- else %}
        money.customer_id as customer_name,
        {{ focus_ai.typed_null('text') }} as customer_segment,
        {{ focus_ai.typed_null('boolean') }} as is_internal,
        {%- endif %}
        usage_totals.request_count,
        usage_totals.cost_of_revenue_request_count,
        usage_totals.priced_share,
        attribution.attributed_share,
        least(bills.complete_through, {{ focus_ai.bills_until('accounting_periods.accounting_period_end') }})
            as complete_through,
        coalesce(
            bills.complete_through >= {{ focus_ai.bills_until('accounting_periods.accounting_period_end') }},
            false
        )
            as is_bill_complete,
        coalesce(accounting_periods.closed_at is not null, false) as is_month_closed
    from money
    left join usage_totals
        on
            money.accounting_period_start = usage_totals.accounting_period_start
            and money.customer_id = usage_totals.customer_id
            and money.product_line = usage_totals.product_line
    left join attribution
        on money.accounting_period_start = attribution.accounting_period_start
    left join accounting_periods
        on money.accounting_period_start = accounting_periods.accounting_period_start
    cross join bills
    {%- if has_customers %}
    left join customers
        on money.customer_id = customers.customer_id and customers.newest_first = 1
    {%- endif %}

),

reasoned as (

    select
        *,
        case when revenue + prior_period_revenue is null then '{{ focus_ai.no_revenue_reason() }}' end
            as revenue_null_reason,
        case
            when
                ai_cost_of_revenue + prior_period_ai_cost + unclassified_ai_cost + operating_ai_cost
                + prior_period_other_ai_cost + excluded_tax is null
                then 'MissingRate'
        end as ai_cost_null_reason,
        case
            when ai_cost_of_revenue is null then 'MissingRate'
            when cost_of_revenue_request_count is null then 'RequestsUnknown'
            when cost_of_revenue_request_count = 0 then 'NoRequests'
        end as cost_per_1000_requests_null_reason
    from covered

),

per_request as (

    select
        *,
        case
            when cost_per_1000_requests_null_reason is null
                then {{ focus_ai.divide('ai_cost_of_revenue * 1000', 'cost_of_revenue_request_count') }}
        end as cost_per_1000_requests,
        case
            when cost_per_1000_requests_null_reason is null
                then {{ focus_ai.divide('revenue * 1000', 'cost_of_revenue_request_count') }}
        end as revenue_per_1000_requests
    from reasoned

),

recomputed as (

    select
        {{ focus_ai.hash_id([
            focus_ai.utc_text('accounting_period_start'), 'customer_id', 'product_line'
        ]) }} as margin_id,
        accounting_period_start,
        customer_id,
        customer_name,
        customer_segment,
        is_internal,
        product_line,
        '{{ focus_ai.reporting_currency() }}' as reporting_currency,
        revenue,
        ai_cost_of_revenue,
        {{ margins.gross_margin }} as gross_margin,
        {{ margins.gross_margin_percent }} as gross_margin_percent,
        other_cost_of_revenue,
        {{ margins.gross_margin_after_other }} as gross_margin_after_other,
        estimated_ai_cost,
        prior_period_revenue,
        prior_period_ai_cost,
        unclassified_ai_cost,
        operating_ai_cost,
        prior_period_other_ai_cost,
        prior_period_other_cost_of_revenue,
        excluded_tax,
        cast(request_count as {{ focus_ai.type_count() }}) as request_count,
        cast(cost_of_revenue_request_count as {{ focus_ai.type_count() }}) as cost_of_revenue_request_count,
        revenue_per_1000_requests,
        cost_per_1000_requests,
        -- A line whose credits exceed its charges breaks even at any price.
        {{ focus_ai.money('case when cost_per_1000_requests < 0 then 0 else cost_per_1000_requests end') }}
            as break_even_price_per_1000_requests,
        attributed_share,
        priced_share,
        complete_through,
        is_month_closed,
        revenue_null_reason,
        ai_cost_null_reason,
        {{ margins.gross_margin_null_reason }} as gross_margin_null_reason,
        {{ margins.gross_margin_percent_null_reason }} as gross_margin_percent_null_reason,
        cost_per_1000_requests_null_reason
    from per_request

),

-- A frozen month shows the lines that were signed (R15); in another reporting currency it is computed anew.
frozen as (

    select closed_margin.*
    from closed_margin
    inner join accounting_periods
        on closed_margin.close_id = accounting_periods.close_id
    where closed_margin.reporting_currency = '{{ focus_ai.reporting_currency() }}'

),

frozen_periods as (

    select distinct accounting_period_start
    from frozen

),

open_periods as (

    select recomputed.*
    from recomputed
    left join frozen_periods
        on recomputed.accounting_period_start = frozen_periods.accounting_period_start
    where frozen_periods.accounting_period_start is null

),

final as (

    select
        {{ focus_ai.column_list(columns) }},
        is_month_closed
    from open_periods

    union all

    select
        {{ focus_ai.column_list(columns) }},
        true as is_month_closed
    from frozen

)

select * from final
