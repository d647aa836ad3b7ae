{{ config(enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('revenue')) }}

{%- set has_identifiers = focus_ai.input_enabled('customer_identifiers') %}
{%- set is_billed = focus_ai.revenue_basis() == 'billed' %}
{#- What a line says of the amount of each month. -#}
{%- set line_columns = [
    'earned_from', 'earned_until', 'billing_customer_id', 'customer_id', 'product_line', 'revenue_type', 'invoice_id',
    'booked_at',
] %}
{%- set piece = ['source_relation', 'revenue_line_id', 'service_month'] %}
{%- set key = piece + ['currency'] %}
{%- set end_of_time = "cast('9999-12-31T00:00:00' as " ~ focus_ai.type_timestamp() ~ ')' %}

with

revenue as (

    select * from {{ ref('focus_ai__revenue') }}

),

accounting_periods as (

    select * from {{ ref('int_focus_ai__accounting_periods') }}

),

reporting_rates as (

    select * from {{ ref('int_focus_ai__reporting_rates') }}

),

closed_revenue as (

    select * from {{ ref('focus_ai__closed_revenue') }}

),

{%- if has_identifiers %}

-- An identifier that is recorded again for the same start replaces its earlier record from then on.
identifiers as (

    select
        *,
        lead(recorded_at) over (partition by identifier, effective_from order by recorded_at) as replaced_at
    from {{ ref('focus_ai__customer_identifiers') }}
    where identifier_type = 'billing_system'

),
{%- endif %}

-- A century of accounting periods: a test proves that no line lost an amount.
calendar as (

    {{- focus_ai.accounting_calendar_periods() }}

),

-- A line without a period, or with an empty one, is for one moment.
lines as (

    select
        source_relation,
        revenue_line_id,
        billing_customer_id,
        product_line,
        revenue_type,
        currency,
        amount,
        invoice_id,
        booked_at,
        coalesce(service_period_start, booked_at) as service_start,
        case
            when service_period_end > service_period_start then service_period_end
            else {{ dbt.dateadd('second', 1, 'coalesce(service_period_start, booked_at)') }}
        end as service_end
    from revenue

),

-- Billed, a line is earned as a whole at the moment of its booking, whatever it is for.
earned_lines as (

    select
        *,
        {%- if is_billed %}
        booked_at as earned_start,
        {{ dbt.dateadd('second', 1, 'booked_at') }} as earned_end
        {%- else %}
        service_start as earned_start,
        service_end as earned_end
        {%- endif %}
    from lines

),

line_months as (

    select
        earned_lines.*,
        calendar.accounting_period_start as service_month,
        greatest(earned_lines.earned_start, calendar.accounting_period_start) as earned_from,
        least(earned_lines.earned_end, calendar.accounting_period_end) as earned_until
    from earned_lines
    inner join calendar
        on
            earned_lines.earned_start < calendar.accounting_period_end
            and earned_lines.earned_end > calendar.accounting_period_start

),

covered_months as (

    select
        *,
        {{ dbt.datediff(
            'earned_from', 'earned_until', 'second'
        ) }} as covered_seconds
    from line_months

),

prorated as (

    {{ focus_ai.distribute(
        'covered_months',
        columns=[
            'source_relation', 'revenue_line_id', 'billing_customer_id', 'product_line', 'revenue_type', 'currency',
            'invoice_id', 'booked_at', 'service_start', 'service_end', 'service_month', 'earned_from', 'earned_until',
        ],
        partition_by=['source_relation', 'revenue_line_id'],
        order_by=['service_month'],
        weight='covered_seconds',
        amounts=[('amount', 12)],
    ) | indent(4) }}

),

-- What was booked after the close of its month is posted in the first later month that was open then (R11).
booked_after_close as (

    {{- focus_ai.booked_after_close('prorated', piece) }}

),

placed as (

    select
        prorated.source_relation,
        prorated.revenue_line_id,
        prorated.billing_customer_id,
        prorated.product_line,
        prorated.revenue_type,
        prorated.currency,
        prorated.invoice_id,
        prorated.booked_at,
        prorated.service_month,
        prorated.earned_from,
        prorated.earned_until,
        prorated.{{ 'service_start' if is_billed else 'earned_from' }} as served_from,
        prorated.{{ 'service_end' if is_billed else 'earned_until' }} as served_until,
        prorated.amount_share as amount,
        coalesce(booked_after_close.accounting_period_start, prorated.service_month)
            as accounting_period_start,
        booked_after_close.accounting_period_start is not null as is_prior_period
    from prorated
    left join booked_after_close
        on {{ focus_ai.same_columns(piece, 'prorated', 'booked_after_close') }}

),

{%- if has_identifiers %}

-- What was known of the customers when the month was closed; of what came later also when it was posted; and
-- what is known today (R14).
known_moments as (

    {%- for month in ['service_month', 'accounting_period_start'] %}
    select
        placed.*,
        false as is_today,
        coalesce(accounting_periods.closed_at, {{ end_of_time }}) as known_at
    from placed
    left join accounting_periods
        on placed.{{ month }} = accounting_periods.accounting_period_start
    union distinct
    {%- endfor %}
    select
        placed.*,
        true as is_today,
        {{ end_of_time }} as known_at
    from placed

),

-- Each piece goes as a whole to the customer whom the identifier named when the piece began, else to the
-- first one that it named within the piece.
named as (

    select
        {{ focus_ai.column_list(piece + ['is_today'], 'known_moments') }},
        identifiers.customer_id,
        row_number() over (
            partition by {{ focus_ai.column_list(piece + ['is_today'], 'known_moments', 16) }}
            order by
                known_moments.known_at asc,
                greatest(identifiers.effective_from, known_moments.served_from) asc,
                identifiers.effective_from desc,
                identifiers.recorded_at desc,
                identifiers.customer_id asc
        ) as place
    from known_moments
    inner join identifiers
        on
            known_moments.billing_customer_id = identifiers.identifier
            and known_moments.served_until > identifiers.effective_from
            and (
                identifiers.effective_to is null
                or greatest(identifiers.effective_from, known_moments.served_from) < identifiers.effective_to
            )
            and known_moments.known_at >= identifiers.recorded_at
            and (identifiers.replaced_at is null or known_moments.known_at < identifiers.replaced_at)

),
{%- else %}

named as (

    select
        {{ focus_ai.column_list(piece) }},
        false as is_today,
        {{ focus_ai.typed_null('text') }} as customer_id,
        1 as place
    from placed
    where 1 = 0

),
{%- endif %}

posted as (

    select
        placed.*,
        named.customer_id,
        named_today.customer_id as customer_id_today
    from placed
    left join named
        on
            {{ focus_ai.same_columns(piece, 'placed', 'named') }}
            and named.place = 1
            and not named.is_today
    left join named as named_today
        on
            {{ focus_ai.same_columns(piece, 'placed', 'named_today') }}
            and named_today.place = 1
            and named_today.is_today

),

first_open_period as (

    select
        coalesce(
            min(case when closed_at is null then accounting_period_start end), max(accounting_period_end)
        ) as accounting_period_start
    from accounting_periods

),

-- Frozen rows stay as they are (R15).
frozen as (

    select
        closed_revenue.*,
        case
            when posted.source_relation is null then closed_revenue.customer_id
            else posted.customer_id_today
        end as customer_id_today
    from closed_revenue
    inner join accounting_periods
        on closed_revenue.close_id = accounting_periods.close_id
    left join posted
        on {{ focus_ai.same_columns(piece, 'closed_revenue', 'posted') }}

),

frozen_rows as (

    select
        *,
        sum(amount) over (partition by {{ key | join(', ') }}) as frozen_amount,
        row_number() over (
            partition by {{ key | join(', ') }}
            order by accounting_period_start desc
        ) as newest_first
    from frozen

),

settled as (

    select * from frozen_rows
    where newest_first = 1

),

-- What the evidence says now and no frozen row does is posted in the open period: a line that came with an
-- earlier date, changed, or is gone.
unposted as (

    select
        {%- for column in key + line_columns %}
        coalesce(posted.{{ column }}, settled.{{ column }}) as {{ column }},
        {%- endfor %}
        case
            when posted.source_relation is null then settled.customer_id
            else posted.customer_id_today
        end as customer_id_today,
        coalesce(posted.amount, 0) - coalesce(settled.frozen_amount, 0) as amount,
        settled.frozen_amount is not null or frozen_periods.close_id is not null as is_settled,
        case
            when posted.accounting_period_start is null or frozen_periods.close_id is not null
                then first_open_period.accounting_period_start
            when settled.frozen_amount is not null
                then greatest(posted.accounting_period_start, first_open_period.accounting_period_start)
            else posted.accounting_period_start
        end as accounting_period_start,
        coalesce(posted.is_prior_period, false) as is_booked_late
    from posted
    full outer join settled
        on {{ focus_ai.same_columns(key, 'posted', 'settled') }}
    left join accounting_periods as frozen_periods
        on
            posted.accounting_period_start = frozen_periods.accounting_period_start
            and frozen_periods.close_id is not null
    cross join first_open_period

),

rated as (

    select
        unposted.*,
        unposted.is_settled or unposted.is_booked_late as is_prior_period,
        {{ focus_ai.reporting_rate('unposted.currency', 'reporting_rates.rate') }} as reporting_rate
    from unposted
    left join reporting_rates
        on
            unposted.accounting_period_start = reporting_rates.accounting_period_start
            and unposted.currency = reporting_rates.currency
    where unposted.amount <> 0 or not unposted.is_settled

),

-- Converted once, here, to 12 decimals; everything after only sums (R17).
converted as (

    select
        *,
        {{ focus_ai.in_reporting_currency('amount', 'reporting_rate') }} as reporting_amount,
        case when reporting_rate is null and amount <> 0 then 'MissingRate' end as null_reason
    from rated

),

final as (

    {%- for relation in ['converted', 'frozen'] %}
    select
        source_relation,
        revenue_line_id,
        service_month,
        earned_from,
        earned_until,
        accounting_period_start,
        is_prior_period,
        billing_customer_id,
        customer_id,
        customer_id_today,
        product_line,
        revenue_type,
        invoice_id,
        booked_at,
        currency,
        {{ focus_ai.money('amount') }} as amount,
        reporting_rate,
        reporting_amount,
        null_reason
    from {{ relation }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select * from final
