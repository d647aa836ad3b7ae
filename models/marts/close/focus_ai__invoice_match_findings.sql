{{ config(enabled=focus_ai.any_cost_source()) }}

with

matches as (

    select * from {{ ref('int_focus_ai__invoice_matches') }}
    where is_current and match_status in ('Unmatched', 'Ambiguous')

),

final as (

    select
        invoice_match_key,
        match_status,
        match_reason,
        match_reason = 'NoInvoice' as is_awaiting_invoice,
        hit_count,
        source_relation,
        invoice_issuer_name,
        billing_account_id,
        billing_currency,
        billing_period_start,
        charge_category,
        charge_class,
        charge_period_start,
        sub_account_id,
        model_id,
        sku_meter,
        corrected_billing_period_start,
        origin_invoice_id,
        origin_invoice_line_id,
        row_count,
        billed_cost
    from matches

)

select * from final
