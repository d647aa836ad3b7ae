{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set has_revenue = focus_ai.input_enabled('revenue') %}
{%- set has_other_costs = focus_ai.input_enabled('other_costs') %}
{%- set has_calls = focus_ai.input_enabled('observed_calls') %}
{%- set piece = [
    'measure', 'accounting_period_start', 'customer_id', 'product_line', 'cost_class', 'currency', 'reporting_rate',
] %}

with

cost as (

    select * from {{ ref('int_focus_ai__cost_in_reporting_currency') }}

),

-- What belongs to a stretch of time, not to a day: it is spread by seconds over the company's days.
pieces as (

    select
        {{ focus_ai.null_columns({
            'measure': 'text', 'piece_key': 'text', 'accounting_period_start': 'timestamp', 'customer_id': 'text',
            'product_line': 'text', 'cost_class': 'text', 'currency': 'text', 'reporting_rate': 'price',
            'earned_from': 'timestamp', 'earned_until': 'timestamp', 'amount': 'money', 'reporting_amount': 'money',
        }) }}
    where 1 = 0
    {%- if has_revenue %}

    union all

    select
        case when is_prior_period then 'prior_period_revenue' else 'revenue' end as measure,
        {{ focus_ai.hash_id([
            'source_relation', 'revenue_line_id', focus_ai.utc_text('service_month'),
            focus_ai.utc_text('accounting_period_start'), 'currency',
        ]) }} as piece_key,
        accounting_period_start,
        customer_id,
        product_line,
        {{ focus_ai.typed_null('text') }} as cost_class,
        currency,
        reporting_rate,
        {{ focus_ai.accounting_time('earned_from') }} as earned_from,
        {{ focus_ai.accounting_time('earned_until') }} as earned_until,
        amount,
        reporting_amount
    from {{ ref('int_focus_ai__revenue_by_month') }}
    {%- endif %}
    {%- if has_other_costs %}

    union all

    select
        case when is_prior_period then 'prior_period_other_cost_of_revenue' else 'other_cost_of_revenue' end
            as measure,
        other_cost_key as piece_key,
        accounting_period_start,
        customer_id,
        product_line,
        {{ focus_ai.typed_null('text') }} as cost_class,
        currency,
        reporting_rate,
        {{ focus_ai.accounting_time('service_month') }} as earned_from,
        {{ focus_ai.accounting_time(focus_ai.accounting_period_end('service_month')) }} as earned_until,
        amount,
        reporting_amount
    from {{ ref('int_focus_ai__other_costs_by_month') }}
    {%- endif %}

),

-- A piece lies within one accounting period.
numbers as (

    {{ dbt.generate_series(focus_ai.accounting_period_days()) }}

),

piece_days as (

    select
        pieces.*,
        cast({{ dbt.dateadd(
            'day',
            'cast(numbers.generated_number as integer) - 1',
            focus_ai.period_start('day', 'pieces.earned_from')
        ) }} as {{ focus_ai.type_timestamp() }}) as day_start
    from pieces
    cross join numbers

),

covered_days as (

    select
        *,
        {{ dbt.datediff(
            'greatest(day_start, earned_from)',
            'least(' ~ dbt.dateadd('day', 1, 'day_start') ~ ', earned_until)',
            'second'
        ) }} as covered_seconds
    from piece_days
    where day_start < earned_until

),

spread as (

    {{ focus_ai.distribute(
        'covered_days',
        columns=piece + ['day_start'],
        partition_by=['measure', 'piece_key'],
        order_by=['day_start'],
        weight='covered_seconds',
        amounts=[('amount', 12), ('reporting_amount', 12)],
    ) | indent(4) }}

),

entries as (

    -- Of a charge, the part that is cost of revenue ...
    select
        case when is_prior_period then 'prior_period_ai_cost' else 'ai_cost_of_revenue' end as measure,
        accounting_period_start,
        {{ focus_ai.period_start('day', 'charge_period_start') }} as day_start,
        customer_id,
        product_line,
        agent_id,
        model_id,
        cost_class,
        currency,
        reporting_rate,
        case when charge_category = 'Usage' and not is_prior_period then request_count end as request_count,
        cost_of_revenue as amount,
        reporting_cost_of_revenue as reporting_amount
    from cost

    union all

    -- ... and the rest of it.
    select
        case
            when charge_category = 'Tax' then 'excluded_tax'
            when is_prior_period then 'prior_period_other_ai_cost'
            when cost_class = 'Unclassified' then 'unclassified_ai_cost'
            else 'operating_ai_cost'
        end as measure,
        accounting_period_start,
        {{ focus_ai.period_start('day', 'charge_period_start') }} as day_start,
        customer_id,
        product_line,
        agent_id,
        model_id,
        cost_class,
        currency,
        reporting_rate,
        {{ focus_ai.typed_null('count') }} as request_count,
        effective_cost - cost_of_revenue as amount,
        reporting_effective_cost - reporting_cost_of_revenue as reporting_amount
    from cost
    where effective_cost <> cost_of_revenue
    {%- if has_calls %}

    union all

    select
        'estimated_ai_cost' as measure,
        accounting_period_start,
        day_start,
        customer_id,
        product_line,
        agent_id,
        model_id,
        cost_class,
        currency,
        reporting_rate,
        {{ focus_ai.typed_null('count') }} as request_count,
        estimated_cost as amount,
        reporting_estimated_cost as reporting_amount
    from {{ ref('focus_ai__estimated_cost') }}
    {%- endif %}

    union all

    select
        measure,
        accounting_period_start,
        day_start,
        customer_id,
        product_line,
        {{ focus_ai.typed_null('text') }} as agent_id,
        {{ focus_ai.typed_null('text') }} as model_id,
        cost_class,
        currency,
        reporting_rate,
        {{ focus_ai.typed_null('count') }} as request_count,
        amount_share as amount,
        reporting_amount_share as reporting_amount
    from spread

),

-- Revenue of other months stays in int_focus_ai__revenue_by_month: deferred, or of a time before the bills.
months as (

    select
        min(accounting_period_start) as first_month,
        max(accounting_period_start) as last_month
    from entries
    where
        measure not in (
            'revenue', 'prior_period_revenue', 'other_cost_of_revenue', 'prior_period_other_cost_of_revenue'
        )

),

-- Every key is filled: what has no customer or no product line is a line of its own.
final as (

    select
        entries.measure,
        entries.accounting_period_start,
        entries.day_start,
        {{ focus_ai.margin_customer('entries.customer_id', 'entries.cost_class') }} as customer_id,
        {{ focus_ai.margin_product_line('entries.product_line') }} as product_line,
        entries.agent_id,
        entries.model_id,
        entries.cost_class,
        entries.currency,
        entries.reporting_rate,
        entries.request_count,
        {{ focus_ai.money('entries.amount') }} as amount,
        {{ focus_ai.money('entries.reporting_amount') }} as reporting_amount
    from entries
    inner join months
        on entries.accounting_period_start between months.first_month and months.last_month

)

select * from final
