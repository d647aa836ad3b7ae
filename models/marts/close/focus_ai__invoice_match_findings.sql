{{ config(enabled=focus_ai.any_cost_source()) }}

with

matches as (

    select * from {{ ref('int_focus_ai__invoice_matches') }}
    where match_status in ('Unmatched', 'Ambiguous')

),

billing_periods as (

    select * from {{ ref('int_focus_ai__billing_periods') }}

),

final as (

    select
        matches.invoice_match_key,
        matches.match_status,
        matches.match_reason,
        -- An open billing period may still wait for its invoice.
        matches.match_reason = 'NoInvoice'
        and coalesce(billing_periods.status = 'Open', false) as is_awaiting_invoice,
        matches.hit_count,
        matches.source_relation,
        matches.invoice_issuer_name,
        matches.billing_account_id,
        matches.billing_currency,
        matches.billing_period_start,
        matches.charge_category,
        matches.charge_class,
        matches.charge_period_start,
        matches.sub_account_id,
        matches.model_id,
        matches.sku_meter,
        matches.corrected_billing_period_start,
        matches.origin_invoice_id,
        matches.origin_invoice_line_id,
        matches.row_count,
        matches.billed_cost
    from matches
    left join billing_periods
        on
            matches.invoice_issuer_name = billing_periods.invoice_issuer_name
            and matches.billing_period_start = billing_periods.billing_period_start

)

select * from final
