{{ config(enabled=focus_ai.any_cost_source()) }}

with

invoice_lines as (

    select * from {{ ref('int_focus_ai__invoice_lines') }}

),

matches as (

    select * from {{ ref('int_focus_ai__invoice_matches') }}
    where match_status = 'Matched'

),

matched as (

    select
        invoice_issuer_name,
        invoice_id,
        invoice_detail_id,
        sum(row_count) as row_count,
        sum(billed_cost) as billed_cost
    from matches
    group by invoice_issuer_name, invoice_id, invoice_detail_id

),

final as (

    select
        invoice_lines.*,
        coalesce(matched.row_count, 0) as matched_row_count,
        {{ focus_ai.money('coalesce(matched.billed_cost, 0)') }} as matched_billed_cost,
        case
            when invoice_lines.invoice_status <> 'Voided'
                then {{ focus_ai.money('invoice_lines.line_amount - coalesce(matched.billed_cost, 0)') }}
            else {{ focus_ai.money('0') }}
        end as difference,
        {{ focus_ai.invoice_line_tolerance('invoice_lines.currency_subunit') }} as tolerance
    from invoice_lines
    left join matched
        on
            invoice_lines.invoice_issuer_name = matched.invoice_issuer_name
            and invoice_lines.invoice_id = matched.invoice_id
            and invoice_lines.invoice_line_id = matched.invoice_detail_id

)

select * from final
