{{ config(enabled=focus_ai.any_cost_source(), materialized='view') }}

{%- set key = [
    'accounting_period_start', 'evidence', 'source_relation', 'billing_currency', 'corrected_accounting_period_start',
] %}

with

posted as (

    select
        *,
        original_accounting_period_start as corrected_accounting_period_start
    from {{ ref('int_focus_ai__posted') }}

),

-- What a voided invoice charged is not lost.
voided_lines as (

    select
        invoice_issuer_name,
        invoice_id,
        invoice_line_id
    from {{ ref('int_focus_ai__invoice_lines') }}
    where invoice_status = 'Voided'

),

-- Corrections of charges whose own bill did not change, by charge and by who pays for it.
consumers as (

    select
        accounting_period_start,
        source_relation,
        billing_currency,
        corrected_accounting_period_start,
        charge_key,
        customer_id,
        sum(effective_cost) as moved_cost,
        max(case when leftover_reason = 'NoUsageEvidence' then 1 else 0 end) as lacks_usage
    from posted
    where
        posting_kind <> 'Original'
        and correction_reason = 'RestatedAccount'
    group by
        accounting_period_start,
        source_relation,
        billing_currency,
        corrected_accounting_period_start,
        charge_key,
        customer_id

),

-- Of these, the charges that cost what they did: only who pays for them is another.
reattributed_charges as (

    select
        accounting_period_start,
        corrected_accounting_period_start,
        charge_key
    from consumers
    group by accounting_period_start, corrected_accounting_period_start, charge_key
    having sum(moved_cost) = 0 and max(lacks_usage) = 0

),

-- A closed charge that the bill has no more; one that nobody is known to have used any more; one that others
-- are said to have used, without a reclass.
lost as (

    select
        posted.accounting_period_start,
        'Bill' as evidence,
        posted.source_relation,
        posted.billing_currency,
        posted.corrected_accounting_period_start,
        abs(posted.effective_cost) as lost_cost,
        1 as lost_charge_count
    from posted
    left join voided_lines
        on
            posted.invoice_issuer_name = voided_lines.invoice_issuer_name
            and posted.origin_invoice_id = voided_lines.invoice_id
            and posted.origin_invoice_line_id = voided_lines.invoice_line_id
    where
        posted.posting_kind = 'Reversal'
        and posted.correction_reason = 'WithdrawnCharge'
        and voided_lines.invoice_id is null

    union all

    select
        accounting_period_start,
        'Usage' as evidence,
        source_relation,
        billing_currency,
        corrected_accounting_period_start,
        effective_cost as lost_cost,
        case posting_kind when 'Re-entry' then 1 else 0 end as lost_charge_count
    from posted
    where
        posting_kind <> 'Original'
        and leftover_reason = 'NoUsageEvidence'
        and correction_reason not in ('WithdrawnCharge', 'LateCharge')

    union all

    select
        consumers.accounting_period_start,
        'Attribution' as evidence,
        consumers.source_relation,
        consumers.billing_currency,
        consumers.corrected_accounting_period_start,
        abs(consumers.moved_cost) as lost_cost,
        1 as lost_charge_count
    from consumers
    inner join reattributed_charges
        on
            consumers.accounting_period_start = reattributed_charges.accounting_period_start
            and consumers.corrected_accounting_period_start
            = reattributed_charges.corrected_accounting_period_start
            and consumers.charge_key = reattributed_charges.charge_key
    where
        consumers.customer_id is not null
        and consumers.moved_cost < 0

),

summed as (

    select
        {{ key | join(',\n        ') }},
        sum(lost_cost) as lost_effective_cost,
        sum(lost_charge_count) as lost_charge_count
    from lost
    group by
        {{ key | join(',\n        ') }}
    having sum(lost_cost) > 0

),

closed as (

    select
        accounting_period_start,
        source_relation,
        billing_currency,
        sum(abs(effective_cost)) as closed_effective_cost
    from posted
    where posting_kind = 'Original'
    group by accounting_period_start, source_relation, billing_currency

),

shares as (

    select
        {{ focus_ai.column_list(key, 'summed') }},
        cast(summed.lost_charge_count as {{ focus_ai.type_count() }}) as lost_charge_count,
        {{ focus_ai.money('summed.lost_effective_cost') }} as lost_effective_cost,
        {{ focus_ai.money('coalesce(closed.closed_effective_cost, 0)') }} as closed_effective_cost,
        {{ focus_ai.divide('summed.lost_effective_cost', 'closed.closed_effective_cost') }} as lost_share
    from summed
    left join closed
        on
            summed.corrected_accounting_period_start = closed.accounting_period_start
            and summed.source_relation = closed.source_relation
            and summed.billing_currency = closed.billing_currency

),

final as (

    select
        {{ focus_ai.hash_id([
            focus_ai.utc_text('accounting_period_start'), 'evidence', 'source_relation', 'billing_currency',
            focus_ai.utc_text('corrected_accounting_period_start'),
        ]) }} as withdrawn_evidence_id,
        {{ focus_ai.column_list(key) }},
        lost_charge_count,
        lost_effective_cost,
        closed_effective_cost,
        lost_share,
        coalesce(lost_share > {{ focus_ai.withdrawn_share_limit() }}, true) as is_unusual
    from shares

)

select * from final
