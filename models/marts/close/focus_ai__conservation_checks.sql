{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set key = [
    'source_relation', 'billing_account_id', 'invoice_issuer_name', 'billing_currency', 'billing_period_start',
] %}
{%- set closed_checks = [('ClosedBilledCost', 'billed_cost'), ('ClosedEffectiveCost', 'effective_cost')] %}

with

provider_charges as (

    select * from {{ ref('int_focus_ai__provider_charges') }}

),

accounting_periods as (

    select * from {{ ref('int_focus_ai__accounting_periods') }}

),

costed as (

    select * from {{ ref('int_focus_ai__costed') }}

),

posted as (

    select * from {{ ref('int_focus_ai__posted') }}

),

invoice_line_sums as (

    select * from {{ ref('int_focus_ai__invoice_line_sums') }}
    where ledger_version = 'current' and invoice_status <> 'Voided'

),

cost_and_usage as (

    select
        "x_SourceRelation" as source_relation,
        "BillingAccountId" as billing_account_id,
        "InvoiceIssuerName" as invoice_issuer_name,
        "BillingCurrency" as billing_currency,
        "BillingPeriodStart" as billing_period_start,
        "ChargeCategory" as charge_category,
        {{ focus_ai.is_prior_period() }} as is_prior_period,
        "CommitmentDiscountStatus" as commitment_discount_status,
        "CommitmentDiscountQuantity" as commitment_discount_quantity,
        "InvoiceId" as invoice_id,
        "BilledCost" as billed_cost,
        "EffectiveCost" as effective_cost
    from {{ ref('focus_ai__cost_and_usage') }}

),

-- (a) The bill as posted: an open period as known now, a closed one as it was closed.
posted_bill as (

    select provider_charges.*
    from provider_charges
    inner join accounting_periods
        on
            provider_charges.accounting_period_start = accounting_periods.accounting_period_start
            and provider_charges.ledger_version
            = case when accounting_periods.closed_at is null then 'current' else 'as_closed' end
    where provider_charges.charge_category = 'Usage'

),

provider_reported as (

    select
        {{ key | join(',\n        ') }},
        sum(provider_reported_cost) as amount
    from posted_bill
    group by
        {{ key | join(',\n        ') }}

),

-- Usage at what it cost; credits bought below face value make it cheaper than the bill, by that discount.
usage_cost as (

    select
        {{ key | join(',\n        ') }},
        sum(effective_cost) as effective_cost,
        sum(
            case
                when commitment_discount_status = 'Used' then commitment_discount_quantity - effective_cost
                else 0
            end
        ) as prepaid_discount
    from cost_and_usage
    where
        charge_category = 'Usage'
        and not is_prior_period
        and coalesce(commitment_discount_status, '') <> 'Unused'
    group by
        {{ key | join(',\n        ') }}

),

-- (b) Invoices against the rows that stand on them.
invoiced as (

    select
        {{ key | join(',\n        ') }},
        sum(line_amount) as amount,
        sum(tolerance) as tolerance
    from invoice_line_sums
    group by
        {{ key | join(',\n        ') }}

),

invoiced_cost as (

    select
        {{ key | join(',\n        ') }},
        sum(billed_cost) as amount
    from cost_and_usage
    where invoice_id is not null
    group by
        {{ key | join(',\n        ') }}

),

-- (c) A closed period as it would be today, against what was frozen and what was corrected since.
closed_periods as (

    select accounting_period_start
    from accounting_periods
    where closed_at is not null

),

recomputed_rows as (

    select costed.*
    from costed
    inner join closed_periods
        on costed.accounting_period_start = closed_periods.accounting_period_start
    where costed.ledger_version = 'current'

),

recomputed as (

    select
        {{ key | join(',\n        ') }},
        sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost
    from recomputed_rows
    group by
        {{ key | join(',\n        ') }}

),

original_periods as (

    select
        source_relation,
        billing_account_id,
        invoice_issuer_name,
        billing_currency,
        original_accounting_period_start as accounting_period_start,
        original_billing_period_start as billing_period_start,
        billed_cost,
        effective_cost
    from posted

),

frozen_and_corrected_rows as (

    select original_periods.*
    from original_periods
    inner join closed_periods
        on original_periods.accounting_period_start = closed_periods.accounting_period_start

),

frozen_and_corrected as (

    select
        {{ key | join(',\n        ') }},
        sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost
    from frozen_and_corrected_rows
    group by
        {{ key | join(',\n        ') }}

),

checks as (

    select
        'UsageCost' as check_name,
        {%- for column in key %}
        coalesce(provider_reported.{{ column }}, usage_cost.{{ column }}) as {{ column }},
        {%- endfor %}
        provider_reported.amount as evidence_amount,
        usage_cost.effective_cost + usage_cost.prepaid_discount as focus_amount,
        usage_cost.prepaid_discount,
        0 as tolerance
    from provider_reported
    full outer join usage_cost
        on {{ focus_ai.same_values('provider_reported', 'usage_cost', key) }}

    union all

    select
        'InvoicedCost' as check_name,
        {%- for column in key %}
        coalesce(invoiced.{{ column }}, invoiced_cost.{{ column }}) as {{ column }},
        {%- endfor %}
        invoiced.amount as evidence_amount,
        invoiced_cost.amount as focus_amount,
        0 as prepaid_discount,
        invoiced.tolerance
    from invoiced
    full outer join invoiced_cost
        on {{ focus_ai.same_values('invoiced', 'invoiced_cost', key) }}
    {%- for check_name, measure in closed_checks %}

    union all

    select
        '{{ check_name }}' as check_name,
        {%- for column in key %}
        coalesce(recomputed.{{ column }}, frozen_and_corrected.{{ column }}) as {{ column }},
        {%- endfor %}
        recomputed.{{ measure }} as evidence_amount,
        frozen_and_corrected.{{ measure }} as focus_amount,
        0 as prepaid_discount,
        0 as tolerance
    from recomputed
    full outer join frozen_and_corrected
        on {{ focus_ai.same_values('recomputed', 'frozen_and_corrected', key) }}
    {%- endfor %}

),

final as (

    select
        check_name,
        {{ key | join(',\n        ') }},
        {{ focus_ai.money('coalesce(evidence_amount, 0)') }} as evidence_amount,
        {{ focus_ai.money('coalesce(focus_amount, 0)') }} as focus_amount,
        {{ focus_ai.money('prepaid_discount') }} as prepaid_discount,
        {{ focus_ai.money('coalesce(evidence_amount, 0) - coalesce(focus_amount, 0)') }} as difference,
        case
            when coalesce(evidence_amount, 0) = coalesce(focus_amount, 0) then 'Exact'
            when abs(coalesce(evidence_amount, 0) - coalesce(focus_amount, 0)) <= coalesce(tolerance, 0)
                then 'WithinTolerance'
            else 'Differs'
        end as check_status
    from checks

)

select * from final
