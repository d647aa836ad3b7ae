{{ config(enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('minimum_commitments')) }}

{#-
    What counts towards a minimum: no tax, no credits, no prepaid credits that expired unused. Prepaid credits count
    once: when they are bought as BilledCost, when they are used in the other measures.
-#}
{%- set used = '"ChargeCategory" = \'Usage\' and coalesce("CommitmentDiscountStatus", \'\') <> \'Unused\'' %}
{%- set measures = {
    'BilledCost': '"ChargeCategory" in (\'Usage\', \'Purchase\', \'Adjustment\')',
    'EffectiveCost': used,
    'ListCost': used,
    'ContractedCost': used,
} %}

with

minimum_commitments as (

    select * from {{ ref('focus_ai__minimum_commitments') }}

),

cost_and_usage as (

    select * from {{ ref('focus_ai__cost_and_usage') }}

),

accounting_periods as (

    select * from {{ ref('int_focus_ai__accounting_periods') }}

),

complete_through as (

    select * from {{ ref('int_focus_ai__complete_through') }}

),

daily_spend as (

    {%- for measure, condition in measures.items() %}
    select
        '{{ measure }}' as measure,
        "x_SourceRelation" as source_relation,
        "BillingAccountId" as billing_account_id,
        "BillingCurrency" as currency,
        {{ focus_ai.period_start('day', '"ChargePeriodStart"') }} as spend_day,
        sum("{{ measure }}") as amount
    from cost_and_usage
    where {{ condition }}
    group by
        "x_SourceRelation",
        "BillingAccountId",
        "BillingCurrency",
        {{ focus_ai.period_start('day', '"ChargePeriodStart"') }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

spend_by_month as (

    select
        minimum_commitments.commitment_id,
        {{ focus_ai.accounting_period_of_day('daily_spend.spend_day') }} as accounting_period_start,
        sum(daily_spend.amount) as amount
    from minimum_commitments
    inner join daily_spend
        on
            minimum_commitments.measure = daily_spend.measure
            and minimum_commitments.source_relation = daily_spend.source_relation
            and minimum_commitments.currency = daily_spend.currency
            and minimum_commitments.period_start <= daily_spend.spend_day
            and minimum_commitments.period_end > daily_spend.spend_day
            and (
                minimum_commitments.billing_account_id is null
                or minimum_commitments.billing_account_id = daily_spend.billing_account_id
            )
    group by
        minimum_commitments.commitment_id,
        {{ focus_ai.accounting_period_of_day('daily_spend.spend_day') }}

),

-- How far the bills of the commitment's accounts reach.
known as (

    select
        minimum_commitments.commitment_id,
        min(complete_through.complete_through) as complete_through
    from minimum_commitments
    inner join complete_through
        on
            minimum_commitments.source_relation = complete_through.source_relation
            and (
                minimum_commitments.billing_account_id is null
                or minimum_commitments.billing_account_id = complete_through.billing_account_id
            )
    group by minimum_commitments.commitment_id

),

first_period as (

    select min(accounting_period_start) as history_start
    from accounting_periods

),

months as (

    select
        minimum_commitments.*,
        accounting_periods.accounting_period_start,
        accounting_periods.accounting_period_end,
        accounting_periods.status as accounting_period_status,
        coalesce(spend_by_month.amount, 0) as spent,
        first_period.history_start <= minimum_commitments.period_start as has_history,
        least(
            coalesce(known.complete_through, minimum_commitments.period_start),
            accounting_periods.accounting_period_end,
            minimum_commitments.period_end
        ) as spent_through
    from minimum_commitments
    inner join accounting_periods
        on
            minimum_commitments.period_start < accounting_periods.accounting_period_end
            and minimum_commitments.period_end > accounting_periods.accounting_period_start
    cross join first_period
    left join known
        on minimum_commitments.commitment_id = known.commitment_id
    left join spend_by_month
        on
            minimum_commitments.commitment_id = spend_by_month.commitment_id
            and accounting_periods.accounting_period_start = spend_by_month.accounting_period_start

),

accumulated as (

    select
        *,
        sum(spent) over (
            partition by commitment_id
            order by accounting_period_start
            rows between unbounded preceding and current row
        ) as spent_to_date,
        {{ dbt.datediff('period_start', 'spent_through', 'day') }}
            as elapsed_days,
        {{ dbt.datediff('period_start', 'period_end', 'day') }}
            as total_days,
        spent_through >= period_end as is_over
    from months

),

forecast as (

    select
        *,
        case
            when not has_history then null
            when is_over then spent_to_date
            else {{ focus_ai.at_ratio('spent_to_date', 'total_days', 'elapsed_days') }}
        end as forecast_amount
    from accumulated

),

final as (

    select
        {{ focus_ai.hash_id(['commitment_id', focus_ai.utc_text('accounting_period_start')]) }}
            as commitment_status_id,
        commitment_id,
        accounting_period_start,
        accounting_period_status,
        source_relation,
        billing_account_id,
        description,
        measure,
        currency,
        period_start,
        period_end,
        minimum_amount,
        {{ focus_ai.money('spent') }} as spent,
        {{ focus_ai.money('spent_to_date') }} as spent_to_date,
        spent_through,
        {{ focus_ai.money('greatest(minimum_amount - spent_to_date, 0)') }} as remaining_amount,
        {{ focus_ai.money('forecast_amount') }} as forecast_amount,
        {{ focus_ai.money(
            'case when forecast_amount < minimum_amount then minimum_amount - forecast_amount else forecast_amount * 0 end'
        ) }} as shortfall_amount,
        case
            when spent_to_date >= minimum_amount then 'Met'
            when forecast_amount is null then 'Unknown'
            when is_over then 'Short'
            when forecast_amount >= minimum_amount then 'OnTrack'
            else 'AtRisk'
        end as commitment_status,
        case
            when not has_history then 'NoHistory'
            when forecast_amount is null then 'NoBillYet'
        end as null_reason
    from forecast

)

select * from final
