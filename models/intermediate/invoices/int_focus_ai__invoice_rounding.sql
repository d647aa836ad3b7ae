{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set line = ['invoice_issuer_name', 'invoice_id', 'invoice_line_id'] %}
{%- set posting_billing_period = focus_ai.billing_period_of_corrections('posting_period_start') %}
{%- set columns = focus_ai.closed_datasets()['invoice_rounding'].columns.keys() | list %}
{#- Invoice ids are bound when read (R10): a frozen row of an invoice that was voided stands on none. -#}
{%- set bound = {
    'invoice_id': "case when invoice_line_sums.invoice_status <> 'Voided' then frozen.invoice_id end",
    'invoice_detail_id': "case when invoice_line_sums.invoice_status <> 'Voided' then frozen.invoice_detail_id end",
    'cost_basis': "case when frozen.invoice_id is not null and invoice_line_sums.invoice_status = 'Issued'"
        ~ " then 'Invoiced' else 'ProviderReported' end",
} %}
{%- set frozen_columns = [] %}
{%- for column in columns -%}
{%- do frozen_columns.append(bound.get(column, 'frozen.' ~ column) ~ ' as ' ~ column) -%}
{%- endfor %}
{%- set facts = [
    'source_relation', 'invoice_issuer_name', 'billing_account_id', 'sub_account_id', 'billing_currency', 'service_provider_name',
    'host_provider_name', 'service_name', 'service_start', 'service_end', 'billing_period_start',
    'billing_period_end', 'known_at',
] %}

with

invoice_line_sums as (

    select * from {{ ref('int_focus_ai__invoice_line_sums') }}

),

accounting_periods as (

    select * from {{ ref('int_focus_ai__accounting_periods') }}

),

closed_rounding as (

    select * from {{ ref('focus_ai__closed_invoice_rounding') }}

),

-- Frozen rows stay as they are (R15).
frozen as (

    select closed_rounding.*
    from closed_rounding
    inner join accounting_periods
        on closed_rounding.close_id = accounting_periods.close_id

),

-- What is frozen for a line, and the facts of its last row, should the line be gone.
frozen_rows as (

    select
        *,
        origin_invoice_id as frozen_invoice_id,
        origin_invoice_line_id as frozen_invoice_line_id,
        charge_period_start as service_start,
        charge_period_end as service_end,
        loaded_at as known_at,
        sum(billed_cost) over (partition by invoice_issuer_name, origin_invoice_id, origin_invoice_line_id)
            as frozen_amount,
        row_number() over (
            partition by invoice_issuer_name, origin_invoice_id, origin_invoice_line_id
            order by accounting_period_start desc
        ) as newest_first
    from frozen

),

settled as (

    select * from frozen_rows
    where newest_first = 1

),

-- Only what rounding explains: beyond the tolerance the difference stays open and the close refuses (R8).
lines as (

    select
        invoice_line_sums.invoice_status,
        invoice_line_sums.accounting_period_start,
        coalesce(invoice_line_sums.invoice_id, settled.frozen_invoice_id) as invoice_id,
        coalesce(invoice_line_sums.invoice_line_id, settled.frozen_invoice_line_id) as invoice_line_id,
        {%- for column in facts %}
        coalesce(invoice_line_sums.{{ column }}, settled.{{ column }}) as {{ column }},
        {%- endfor %}
        settled.frozen_amount is not null as is_settled,
        case
            when invoice_line_sums.invoice_line_id is null or invoice_line_sums.matched_row_count = 0 then 0
            when abs(invoice_line_sums.difference) <= invoice_line_sums.tolerance
                then invoice_line_sums.difference
            else coalesce(settled.frozen_amount, 0)
        end - coalesce(settled.frozen_amount, 0) as rounding
    from invoice_line_sums
    full outer join settled
        on
            invoice_line_sums.invoice_issuer_name = settled.invoice_issuer_name
            and invoice_line_sums.invoice_id = settled.frozen_invoice_id
            and invoice_line_sums.invoice_line_id = settled.frozen_invoice_line_id

),

rounded_lines as (

    select * from lines
    where rounding <> 0

),

first_open_period as (

    select min(accounting_period_start) as accounting_period_start
    from accounting_periods
    where closed_at is null

),

-- An invoice that came after its period was closed is rounded in the first period that was open then; a
-- frozen period takes nothing more.
posting_periods as (

    select
        rounded_lines.invoice_issuer_name,
        rounded_lines.invoice_id,
        rounded_lines.invoice_line_id,
        min(accounting_periods.accounting_period_start) as accounting_period_start
    from rounded_lines
    inner join accounting_periods
        on
            not rounded_lines.is_settled
            and rounded_lines.accounting_period_start <= accounting_periods.accounting_period_start
            and accounting_periods.close_id is null
            and (
                accounting_periods.closed_at is null
                or rounded_lines.known_at <= accounting_periods.closed_at
            )
    group by rounded_lines.invoice_issuer_name, rounded_lines.invoice_id, rounded_lines.invoice_line_id

),

placed as (

    select
        rounded_lines.*,
        coalesce(
            posting_periods.accounting_period_start,
            case when rounded_lines.is_settled then first_open_period.accounting_period_start end,
            rounded_lines.accounting_period_start
        ) as posting_period_start,
        rounded_lines.is_settled
        or coalesce(posting_periods.accounting_period_start > rounded_lines.accounting_period_start, false)
            as is_late
    from rounded_lines
    left join posting_periods
        on {{ focus_ai.same_columns(line, 'rounded_lines', 'posting_periods') }}
    cross join first_open_period

),

unposted as (

    select
        {{- focus_ai.select_charge({
            'ledger_version': "'current'",
            'accounting_period_start': 'posting_period_start',
            'source_relation': 'source_relation',
            'charge_key': 'case when is_settled then ' ~ focus_ai.hash_id([
                "'invoice_rounding'", 'invoice_issuer_name', 'invoice_id', 'invoice_line_id',
                focus_ai.utc_text('posting_period_start'),
            ]) ~ ' else ' ~ focus_ai.hash_id([
                "'invoice_rounding'", 'invoice_issuer_name', 'invoice_id', 'invoice_line_id',
            ]) ~ ' end',
            'endpoint': "'invoice_lines'",
            'charge_category': "'Adjustment'",
            'charge_class': "case when is_late then 'Correction' end",
            'charge_frequency': "'One-Time'",
            'charge_description': "'Rounding of invoice ' || invoice_id || ', line ' || invoice_line_id",
            'billing_account_id': 'billing_account_id',
            'sub_account_id': 'sub_account_id',
            'charge_period_start': 'service_start',
            'charge_period_end': 'service_end',
            'billing_period_start': 'case when is_late then ' ~ posting_billing_period ~ ' else billing_period_start end',
            'billing_period_end': 'case when is_late then ' ~ focus_ai.month_end(posting_billing_period)
                ~ ' else billing_period_end end',
            'service_provider_name': 'service_provider_name',
            'host_provider_name': 'host_provider_name',
            'invoice_issuer_name': 'invoice_issuer_name',
            'service_name': 'service_name',
            'billing_currency': 'billing_currency',
            'loaded_at': 'known_at',
            'billed_cost': 'rounding',
            'effective_cost': 'rounding',
            'origin_invoice_id': 'invoice_id',
            'origin_invoice_line_id': 'invoice_line_id',
            'corrected_billing_period_start': 'case when is_late then billing_period_start end',
            'corrected_invoice_id': 'case when is_late then invoice_id end',
            'correction_reason': "case when is_settled then 'RestatedInvoice' when is_late then 'LateInvoice' end",
        }) }},
        'InvoiceRounding' as adjustment_reason,
        case when not is_late then invoice_id end as invoice_id,
        case when not is_late then invoice_line_id end as invoice_detail_id,
        case when not is_late and invoice_status = 'Issued' then 'Invoiced' else 'ProviderReported' end
            as cost_basis
    from placed

),

final as (

    select
        {{ focus_ai.column_list(columns) }}
    from unposted
    union all
    select
        {{ frozen_columns | join(',\n        ') }}
    from frozen
    left join invoice_line_sums
        on
            frozen.invoice_issuer_name = invoice_line_sums.invoice_issuer_name
            and frozen.origin_invoice_id = invoice_line_sums.invoice_id
            and frozen.origin_invoice_line_id = invoice_line_sums.invoice_line_id

)

select * from final
