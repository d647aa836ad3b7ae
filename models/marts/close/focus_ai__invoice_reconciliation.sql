{{ config(enabled=focus_ai.any_cost_source()) }}

with

invoice_line_sums as (

    select * from {{ ref('int_focus_ai__invoice_line_sums') }}
    where ledger_version = 'current'

),

invoice_rounding as (

    select * from {{ ref('int_focus_ai__invoice_rounding') }}

),

invoice_matches as (

    select * from {{ ref('int_focus_ai__invoice_matches') }}
    where is_current

),

rounding_by_line as (

    select
        invoice_issuer_name,
        origin_invoice_id as invoice_id,
        origin_invoice_line_id as invoice_line_id,
        sum(billed_cost) as rounding_cost
    from invoice_rounding
    group by invoice_issuer_name, origin_invoice_id, origin_invoice_line_id

),

-- What could explain it: charges of the line's kind that stand on no line, later corrections of its period.
unmatched_cost as (

    select
        invoice_issuer_name,
        billing_account_id,
        billing_currency,
        charge_category,
        billing_period_start,
        sum(billed_cost) as billed_cost
    from invoice_matches
    where match_status in ('Unmatched', 'Ambiguous') and charge_class is null
    group by invoice_issuer_name, billing_account_id, billing_currency, charge_category, billing_period_start

),

later_corrections as (

    select
        invoice_issuer_name,
        billing_account_id,
        billing_currency,
        charge_category,
        corrected_billing_period_start as billing_period_start,
        sum(billed_cost) as billed_cost
    from invoice_matches
    where charge_class = 'Correction' and match_status <> 'Matched'
    group by
        invoice_issuer_name,
        billing_account_id,
        billing_currency,
        charge_category,
        corrected_billing_period_start

),

explained as (

    select
        invoice_line_sums.*,
        {{ focus_ai.money('coalesce(rounding_by_line.rounding_cost, 0)') }} as rounding_cost,
        {{ focus_ai.money(
            'invoice_line_sums.difference - coalesce(rounding_by_line.rounding_cost, 0)'
        ) }} as remaining_difference,
        coalesce(unmatched_cost.billed_cost, 0) as unmatched_billed_cost,
        coalesce(later_corrections.billed_cost, 0) as later_correction_cost,
        sum(invoice_line_sums.difference) over (
            partition by
                invoice_line_sums.invoice_issuer_name, invoice_line_sums.billing_account_id,
                invoice_line_sums.billing_currency, invoice_line_sums.charge_category,
                invoice_line_sums.billing_period_start
        ) as kind_difference,
        sum(invoice_line_sums.tolerance) over (
            partition by
                invoice_line_sums.invoice_issuer_name, invoice_line_sums.billing_account_id,
                invoice_line_sums.billing_currency, invoice_line_sums.charge_category,
                invoice_line_sums.billing_period_start
        ) as kind_tolerance
    from invoice_line_sums
    left join rounding_by_line
        on
            invoice_line_sums.invoice_issuer_name = rounding_by_line.invoice_issuer_name
            and invoice_line_sums.invoice_id = rounding_by_line.invoice_id
            and invoice_line_sums.invoice_line_id = rounding_by_line.invoice_line_id
    left join unmatched_cost
        on
            invoice_line_sums.invoice_issuer_name = unmatched_cost.invoice_issuer_name
            and invoice_line_sums.billing_account_id = unmatched_cost.billing_account_id
            and invoice_line_sums.billing_currency = unmatched_cost.billing_currency
            and invoice_line_sums.charge_category = unmatched_cost.charge_category
            and invoice_line_sums.billing_period_start = unmatched_cost.billing_period_start
    left join later_corrections
        on
            invoice_line_sums.invoice_issuer_name = later_corrections.invoice_issuer_name
            and invoice_line_sums.billing_account_id = later_corrections.billing_account_id
            and invoice_line_sums.billing_currency = later_corrections.billing_currency
            and invoice_line_sums.charge_category = later_corrections.charge_category
            and invoice_line_sums.billing_period_start = later_corrections.billing_period_start

),

final as (

    select
        source_relation,
        invoice_issuer_name,
        invoice_id,
        invoice_line_id,
        billing_account_id,
        billing_currency,
        charge_category,
        line_description,
        invoice_status,
        billing_period_start,
        billing_period_end,
        service_start,
        service_end,
        accounting_period_start,
        line_amount,
        matched_row_count,
        matched_billed_cost,
        difference,
        tolerance,
        rounding_cost,
        remaining_difference,
        case
            when invoice_status = 'Voided' then 'Voided'
            when difference = 0 then 'Tied'
            when remaining_difference = 0 then 'Rounded'
            else 'Open'
        end as reconciliation_status,
        case
            when invoice_status = 'Voided' or difference = 0 then null
            when remaining_difference = 0 then 'Rounding'
            when later_correction_cost <> 0 and abs(kind_difference - later_correction_cost) <= kind_tolerance
                then 'Timing'
            when unmatched_billed_cost <> 0 and abs(kind_difference - unmatched_billed_cost) <= kind_tolerance
                then 'UnmatchedCharges'
            when charge_category = 'Credit' then 'Credit'
            when charge_category = 'Tax' then 'Tax'
            when matched_row_count = 0 then 'NoCharges'
            else 'Unknown'
        end as difference_reason
    from explained

)

select * from final
