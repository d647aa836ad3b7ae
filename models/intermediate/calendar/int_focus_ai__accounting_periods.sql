{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set has_invoices = focus_ai.input_enabled('provider_invoice_lines') %}
{%- set has_grants = focus_ai.input_enabled('prepaid_grants') %}

with

billed_cost as (

    select
        charge_period_start,
        loaded_at
    from {{ ref('focus_ai__billed_cost') }}

),

close_state as (

    select * from {{ ref('int_focus_ai__close_state') }}

),

-- Evidence loaded in a period is posted in it or an earlier one, so the newest load ends the calendar.
moments as (

    select loaded_at as moment
    from billed_cost
    union all
    select accounting_period_start as moment
    from close_state
    union all
    select changed_at as moment
    from close_state

),

billed_days as (

    select charge_period_start as billed_day
    from billed_cost
    {%- if has_invoices %}
    union all
    select service_start as billed_day
    from {{ ref('focus_ai__provider_invoice_lines') }}
    {%- endif %}
    {%- if has_grants %}
    union all
    select purchased_at as billed_day
    from {{ ref('focus_ai__prepaid_grants') }}
    {%- endif %}

),

known_periods as (

    select
        {{ focus_ai.accounting_period_start('min(moment)') }} as first_period,
        {{ focus_ai.accounting_period_start('max(moment)') }} as last_period
    from moments

    union all

    select
        {{ focus_ai.accounting_period_of_day('min(billed_day)') }} as first_period,
        {{ focus_ai.accounting_period_of_day('max(billed_day)') }} as last_period
    from billed_days

),

-- What an invoice alone names stands in the period in which its month ends; that may be to come.
invoiced_periods as (
    {% if has_invoices %}
    select
        {{ focus_ai.accounting_period_of_billing('min(billing_period_start)') }} as first_period,
        {{ focus_ai.accounting_period_of_billing('max(billing_period_start)') }} as last_period
    from {{ ref('focus_ai__provider_invoices') }}
    {%- else %}
    select
        {{ focus_ai.typed_null('timestamp') }} as first_period,
        {{ focus_ai.typed_null('timestamp') }} as last_period
    {%- endif %}

),

bounds as (

    select
        min(first_period) as first_period,
        max(last_period) as last_period,
        max(case when is_of_evidence then last_period end) as running_period
    from (
        select
            first_period,
            last_period,
            true as is_of_evidence
        from known_periods
        union all
        select
            first_period,
            last_period,
            false as is_of_evidence
        from invoiced_periods
    ) as periods

),

calendar as (

    {{- focus_ai.accounting_calendar_periods() }}

),

-- The company's own entry decides; without one the period is closed once the last of its issuers is. A part
-- that is reopened opens the whole.
closes_ranked as (

    select
        *,
        min(case when is_closed then 1 else 0 end) over (partition by accounting_period_start) = 1
            as is_period_closed,
        row_number() over (
            partition by accounting_period_start
            order by
                case when invoice_issuer_name is null then 0 else 1 end asc,
                changed_at desc,
                invoice_issuer_name asc
        ) as place
    from close_state

),

final as (

    select
        calendar.accounting_period,
        calendar.accounting_period_start,
        calendar.accounting_period_end,
        calendar.accounting_period_start < bounds.running_period as has_ended,
        case when closes_ranked.is_period_closed then 'Closed' else 'Open' end as status,
        case when closes_ranked.is_period_closed then closes_ranked.changed_at end as closed_at,
        case when closes_ranked.is_period_closed then closes_ranked.closed_by end as closed_by,
        case when closes_ranked.is_period_closed then closes_ranked.reviewed_by end as reviewed_by,
        case when closes_ranked.is_period_closed then closes_ranked.reason end as close_reason,
        case when closes_ranked.is_period_closed then closes_ranked.close_id end as close_id
    from calendar
    inner join bounds
        on calendar.accounting_period_start between bounds.first_period and bounds.last_period
    left join closes_ranked
        on
            calendar.accounting_period_start = closes_ranked.accounting_period_start
            and closes_ranked.place = 1

)

select * from final
