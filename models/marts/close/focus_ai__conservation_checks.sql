{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set key = [
    'source_relation', 'billing_account_id', 'invoice_issuer_name', 'billing_currency', 'billing_period_start',
] %}

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
    where invoice_status <> 'Voided'

),

cost_and_usage as (

    select
        "x_SourceRelation" as source_relation,
        "BillingAccountId" as billing_account_id,
        "InvoiceIssuerName" as invoice_issuer_name,
        "BillingCurrency" as billing_currency,
        "BillingPeriodStart" as billing_period_start,
        "ChargeCategory" as charge_category,
        "ChargeClass" as charge_class,
        "CommitmentDiscountStatus" as commitment_discount_status,
        "CommitmentDiscountQuantity" as commitment_discount_quantity,
        "InvoiceId" as invoice_id,
        "BilledCost" as billed_cost,
        "EffectiveCost" as effective_cost
    from {{ ref('focus_ai__cost_and_usage') }}

),

-- (a) The bill as posted: an open period as known now, a closed one as it was closed.
provider_reported as (

    select
        {%- for column in key %}
        provider_charges.{{ column }},
        {%- endfor %}
        sum(provider_charges.provider_reported_cost) as amount
    from provider_charges
    inner join accounting_periods
        on
            provider_charges.accounting_period_start = accounting_periods.accounting_period_start
            and provider_charges.ledger_version
            = case when accounting_periods.closed_at is null then 'current' else 'as_closed' end
    where provider_charges.charge_category = 'Usage'
    group by {% for column in key %}provider_charges.{{ column }}{{ ', ' if not loop.last }}{% endfor %}

),

-- Usage at what it cost; prepaid credits bought below face value make it cheaper than the bill says, by that much.
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
        and charge_class is null
        and coalesce(commitment_discount_status, '') <> 'Unused'
    group by {{ key | join(', ') }}

),

-- (b) Invoices against the rows that stand on them.
invoiced as (

    select
        {{ key | join(',\n        ') }},
        sum(line_amount) as amount,
        sum(tolerance) as tolerance
    from invoice_line_sums
    group by {{ key | join(', ') }}

),

invoiced_cost as (

    select
        {{ key | join(',\n        ') }},
        sum(billed_cost) as amount
    from cost_and_usage
    where invoice_id is not null
    group by {{ key | join(', ') }}

),

-- (c) A closed period as it would be today, against what was frozen and what was corrected since.
recomputed as (

    select
        {%- for column in key %}
        costed.{{ column }},
        {%- endfor %}
        sum(costed.billed_cost) as billed_cost,
        sum(costed.effective_cost) as effective_cost
    from costed
    inner join accounting_periods
        on
            costed.accounting_period_start = accounting_periods.accounting_period_start
            and accounting_periods.closed_at is not null
    where costed.ledger_version = 'current'
    group by {% for column in key %}costed.{{ column }}{{ ', ' if not loop.last }}{% endfor %}

),

frozen_and_corrected as (

    select
        posted.source_relation,
        posted.billing_account_id,
        posted.invoice_issuer_name,
        posted.billing_currency,
        case
            when posted.posting_kind = 'Original' then posted.billing_period_start
            else posted.corrected_billing_period_start
        end as billing_period_start,
        sum(posted.billed_cost) as billed_cost,
        sum(posted.effective_cost) as effective_cost
    from posted
    inner join accounting_periods
        on
            accounting_periods.accounting_period_start = case
                when posted.posting_kind = 'Original' then posted.accounting_period_start
                else posted.corrected_accounting_period_start
            end
            and accounting_periods.closed_at is not null
    group by 1, 2, 3, 4, 5

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
        on
            {%- for column in key %}
            {{ 'and ' if not loop.first }}provider_reported.{{ column }} = usage_cost.{{ column }}
            {%- endfor %}

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
        on
            {%- for column in key %}
            {{ 'and ' if not loop.first }}invoiced.{{ column }} = invoiced_cost.{{ column }}
            {%- endfor %}
    {%- for check_name, measure in [('ClosedBilledCost', 'billed_cost'), ('ClosedEffectiveCost', 'effective_cost')] %}

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
        on
            {%- for column in key %}
            {{ 'and ' if not loop.first }}recomputed.{{ column }} = frozen_and_corrected.{{ column }}
            {%- endfor %}
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
