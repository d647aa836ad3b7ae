{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set has_invoices = focus_ai.input_enabled('provider_invoices') %}

with

billed_cost as (

    select
        invoice_issuer_name,
        billing_period_start,
        billing_period_end,
        loaded_at
    from {{ ref('focus_ai__billed_cost') }}

),

grants as (

    select * from {{ ref('int_focus_ai__prepaid_grants') }}

),

accounting_periods as (

    select * from {{ ref('int_focus_ai__accounting_periods') }}

),

close_state as (

    select * from {{ ref('int_focus_ai__close_state') }}

),

evidence as (

    select
        invoice_issuer_name,
        billing_period_start,
        billing_period_end,
        loaded_at as seen_at
    from billed_cost
    union all
    select
        invoice_issuer_name,
        purchase_billing_period_start as billing_period_start,
        purchase_billing_period_end as billing_period_end,
        recorded_at as seen_at
    from grants
    {%- if has_invoices %}
    union all
    select
        invoice_issuer_name,
        billing_period_start,
        billing_period_end,
        created_at as seen_at
    from {{ ref('focus_ai__provider_invoices') }}
    {%- endif %}

),

issuers as (

    select
        invoice_issuer_name,
        min(billing_period_start) as first_billing_period_start
    from evidence
    group by invoice_issuer_name

),

-- Months without a charge of their own are billing periods too: corrections are posted in the open one.
months as (

    select
        {{ focus_ai.billing_period_of_corrections('accounting_period_start') }} as billing_period_start,
        accounting_period_start
    from accounting_periods

),

calendar_months as (

    select
        issuers.invoice_issuer_name,
        months.billing_period_start,
        {{ focus_ai.month_end('months.billing_period_start') }} as billing_period_end,
        months.accounting_period_start as seen_at
    from issuers
    inner join months
        on issuers.first_billing_period_start <= months.billing_period_start

),

periods as (

    select
        invoice_issuer_name,
        billing_period_start,
        max(billing_period_end) as billing_period_end,
        min(seen_at) as created_at
    from (
        select * from evidence
        union all
        select * from calendar_months
    ) as seen
    group by invoice_issuer_name, billing_period_start

),

-- An entry for the issuer goes before the company's entry for all issuers. One that names no billing period
-- is about those that end in its accounting period.
closes_ranked as (

    select
        periods.invoice_issuer_name,
        periods.billing_period_start,
        close_state.is_closed,
        close_state.changed_at,
        close_state.closed_by,
        row_number() over (
            partition by periods.invoice_issuer_name, periods.billing_period_start
            order by
                case when close_state.invoice_issuer_name is null then 1 else 0 end asc,
                close_state.changed_at desc,
                close_state.accounting_period_start desc
        ) as place
    from periods
    inner join close_state
        on
            (
                periods.billing_period_start = close_state.billing_period_start
                or (
                    close_state.billing_period_start is null
                    and {{ focus_ai.accounting_period_of_billing('periods.billing_period_start') }}
                    = close_state.accounting_period_start
                )
            )
            and (
                periods.invoice_issuer_name = close_state.invoice_issuer_name
                or close_state.invoice_issuer_name is null
            )

),

final as (

    select
        periods.invoice_issuer_name,
        periods.billing_period_start,
        periods.billing_period_end,
        case when closes_ranked.is_closed then 'Closed' else 'Open' end as status,
        case when closes_ranked.is_closed then closes_ranked.changed_at end as closed_at,
        case when closes_ranked.is_closed then closes_ranked.closed_by end as closed_by,
        periods.created_at,
        greatest(periods.created_at, coalesce(closes_ranked.changed_at, periods.created_at))
            as last_updated_at
    from periods
    left join closes_ranked
        on
            periods.invoice_issuer_name = closes_ranked.invoice_issuer_name
            and periods.billing_period_start = closes_ranked.billing_period_start
            and closes_ranked.place = 1

)

select * from final
