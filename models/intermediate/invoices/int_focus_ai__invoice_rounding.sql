{{ config(enabled=focus_ai.any_cost_source()) }}

with

invoice_line_sums as (

    select * from {{ ref('int_focus_ai__invoice_line_sums') }}

),

accounting_periods as (

    select * from {{ ref('int_focus_ai__accounting_periods') }}

),

-- Only what rounding explains: beyond the tolerance the difference stays open and the close refuses (R8).
rounded_lines as (

    select *
    from invoice_line_sums
    where
        difference <> 0
        and abs(difference) <= tolerance
        and matched_row_count > 0

),

-- An invoice that came after its period was closed is rounded in the first period that was open then.
posting_periods as (

    select
        rounded_lines.invoice_issuer_name,
        rounded_lines.invoice_id,
        rounded_lines.invoice_line_id,
        min(accounting_periods.accounting_period_start) as accounting_period_start
    from rounded_lines
    inner join accounting_periods
        on
            rounded_lines.accounting_period_start <= accounting_periods.accounting_period_start
            and (
                accounting_periods.closed_at is null
                or rounded_lines.known_at <= accounting_periods.closed_at
            )
    group by rounded_lines.invoice_issuer_name, rounded_lines.invoice_id, rounded_lines.invoice_line_id

),

placed as (

    select
        rounded_lines.*,
        coalesce(posting_periods.accounting_period_start, rounded_lines.accounting_period_start)
            as posting_period_start,
        coalesce(posting_periods.accounting_period_start > rounded_lines.accounting_period_start, false)
            as is_late
    from rounded_lines
    left join posting_periods
        on
            rounded_lines.invoice_issuer_name = posting_periods.invoice_issuer_name
            and rounded_lines.invoice_id = posting_periods.invoice_id
            and rounded_lines.invoice_line_id = posting_periods.invoice_line_id

),

final as (

    select
        {{- focus_ai.select_charge({
            'ledger_version': "'current'",
            'accounting_period_start': 'posting_period_start',
            'source_relation': 'source_relation',
            'charge_key': focus_ai.hash_id([
                "'invoice_rounding'", 'invoice_issuer_name', 'invoice_id', 'invoice_line_id',
            ]),
            'endpoint': "'invoice_lines'",
            'charge_category': "'Adjustment'",
            'charge_class': "case when is_late then 'Correction' end",
            'charge_frequency': "'One-Time'",
            'charge_description': "'Rounding of invoice ' || invoice_id || ', line ' || invoice_line_id",
            'billing_account_id': 'billing_account_id',
            'sub_account_id': 'sub_account_id',
            'charge_period_start': 'service_start',
            'charge_period_end': 'service_end',
            'billing_period_start': 'case when is_late then posting_period_start else billing_period_start end',
            'billing_period_end': 'case when is_late then ' ~ focus_ai.month_end('posting_period_start')
                ~ ' else billing_period_end end',
            'service_provider_name': 'service_provider_name',
            'host_provider_name': 'host_provider_name',
            'invoice_issuer_name': 'invoice_issuer_name',
            'service_name': 'service_name',
            'billing_currency': 'billing_currency',
            'loaded_at': 'known_at',
            'billed_cost': 'difference',
            'effective_cost': 'difference',
            'origin_invoice_id': 'invoice_id',
            'origin_invoice_line_id': 'invoice_line_id',
            'corrected_billing_period_start': 'case when is_late then billing_period_start end',
            'corrected_invoice_id': 'case when is_late then invoice_id end',
            'correction_reason': "case when is_late then 'LateInvoice' end",
        }) }},
        'InvoiceRounding' as adjustment_reason,
        case when not is_late then invoice_id end as invoice_id,
        case when not is_late then invoice_line_id end as invoice_detail_id,
        case when not is_late and invoice_status = 'Issued' then 'Invoiced' else 'ProviderReported' end
            as cost_basis
    from placed

)

select * from final
