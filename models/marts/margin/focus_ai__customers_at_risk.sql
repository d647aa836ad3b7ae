{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set falling_months = focus_ai.falling_margin_months() %}
{%- set concentrations = [
    ('RevenueConcentration', 'revenue', 'revenue_share'),
    ('CostConcentration', 'ai_cost_of_revenue', 'cost_share'),
] %}

with

margins as (

    select * from {{ ref('focus_ai__customer_gross_margin_monthly') }}

),

month_totals as (

    select
        accounting_period_start,
        {{ focus_ai.known_sum('revenue') }} as total_revenue,
        {{ focus_ai.known_sum('ai_cost_of_revenue') }} as total_ai_cost_of_revenue
    from margins
    group by accounting_period_start

),

-- All product lines of a customer; a line whose margin is unknown makes the customer's unknown.
customer_months as (

    select
        accounting_period_start,
        customer_id,
        max(customer_name) as customer_name,
        max(case when is_internal then 1 else 0 end) = 1 as is_internal,
        {{ focus_ai.known_sum('revenue') }} as revenue,
        {{ focus_ai.known_sum('ai_cost_of_revenue') }} as ai_cost_of_revenue,
        {{ focus_ai.known_sum('gross_margin') }} as gross_margin,
        {{ focus_ai.known_sum('cost_of_revenue_request_count', 'ai_cost_of_revenue <> 0') }} as request_count,
        max(attributed_share) as attributed_share,
        max(case when is_month_closed then 1 else 0 end) = 1 as is_month_closed,
        max(gross_margin_null_reason) as null_reason
    from margins
    where customer_id not in ('(unattributed)', '(no customer)')
    group by accounting_period_start, customer_id

),

measured as (

    select
        customer_months.*,
        {%- for _, measure, share in concentrations %}
        case
            when month_totals.total_{{ measure }} > 0
                then {{ focus_ai.divide('customer_months.' ~ measure, 'month_totals.total_' ~ measure) }}
        end as {{ share }},
        customer_months.{{ measure }} > 0
        and customer_months.{{ measure }}
        >= {{ focus_ai.multiply('month_totals.total_' ~ measure, focus_ai.concentration_share()) }}
            as is_high_{{ share }},
        {%- endfor %}
        case
            when customer_months.revenue > 0
                then {{ focus_ai.divide('customer_months.gross_margin * 100', 'customer_months.revenue') }}
        end as gross_margin_percent,
        {{ focus_ai.divide('customer_months.revenue * 1000', 'customer_months.request_count') }}
            as revenue_per_1000_requests,
        {{ focus_ai.divide('customer_months.ai_cost_of_revenue * 1000', 'customer_months.request_count') }}
            as cost_per_1000_requests
    from customer_months
    inner join month_totals
        on customer_months.accounting_period_start = month_totals.accounting_period_start

),

calendar as (

    {{- focus_ai.accounting_calendar_periods() }}

),

numbered as (

    select
        measured.*,
        calendar.period_number
    from measured
    inner join calendar
        on measured.accounting_period_start = calendar.accounting_period_start

),

earlier as (

    select
        *,
        {%- for months_ago in range(1, falling_months + 1) %}
        lag(gross_margin_percent, {{ months_ago }})
            over (partition by customer_id order by accounting_period_start) as percent_{{ months_ago }}_ago,
        {%- endfor %}
        period_number - lag(period_number, {{ falling_months }})
            over (partition by customer_id order by period_number) as periods_between
    from numbered

),

trends as (

    select
        *,
        periods_between = {{ falling_months }}
        and gross_margin_percent < percent_1_ago
        {%- for months_ago in range(2, falling_months + 1) %}
        and percent_{{ months_ago - 1 }}_ago < percent_{{ months_ago }}_ago
        {%- endfor %}
            as is_falling
    from earlier

),

risks as (

    select
        *,
        'NegativeMargin' as risk_type,
        gross_margin as trigger_figure,
        {{ focus_ai.money('0') }} as trigger_threshold,
        'Amount' as trigger_unit
    from trends
    where gross_margin < 0

    union all

    select
        *,
        'FallingMargin' as risk_type,
        gross_margin_percent as trigger_figure,
        percent_{{ falling_months }}_ago as trigger_threshold,
        'Percent' as trigger_unit
    from trends
    where is_falling
    {%- for risk_type, _, share in concentrations %}

    union all

    select
        *,
        '{{ risk_type }}' as risk_type,
        {{ share }} as trigger_figure,
        {{ focus_ai.money(focus_ai.concentration_share()) }} as trigger_threshold,
        'Share' as trigger_unit
    from trends
    where is_high_{{ share }} and null_reason is null
    {%- endfor %}

    union all

    -- Nobody is to read a month that is not there yet as one without risks.
    select
        *,
        'Unknown' as risk_type,
        {{ focus_ai.typed_null('money') }} as trigger_figure,
        {{ focus_ai.typed_null('money') }} as trigger_threshold,
        {{ focus_ai.typed_null('text') }} as trigger_unit
    from trends
    where null_reason is not null

),

final as (

    select
        {{ focus_ai.hash_id([
            focus_ai.utc_text('accounting_period_start'), 'customer_id', 'risk_type'
        ]) }} as customer_at_risk_id,
        accounting_period_start,
        customer_id,
        customer_name,
        is_internal,
        '{{ focus_ai.reporting_currency() }}' as reporting_currency,
        risk_type,
        {{ focus_ai.money('trigger_figure') }} as trigger_figure,
        {{ focus_ai.money('trigger_threshold') }} as trigger_threshold,
        trigger_unit,
        revenue,
        ai_cost_of_revenue,
        gross_margin,
        gross_margin_percent,
        revenue_share,
        cost_share,
        revenue_per_1000_requests,
        {{ focus_ai.money('case when cost_per_1000_requests < 0 then 0 else cost_per_1000_requests end') }}
            as break_even_price_per_1000_requests,
        attributed_share,
        is_month_closed,
        null_reason
    from risks

)

select * from final
