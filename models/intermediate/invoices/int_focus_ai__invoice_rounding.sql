{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set line = ['invoice_issuer_name', 'invoice_id', 'invoice_line_id'] %}
{%- set posting_billing_period = focus_ai.billing_period_of_corrections('posting_period_start') %}
{%- set columns = focus_ai.closed_datasets()['invoice_rounding'].columns.keys() | list %}
{#- Invoice ids are bound when read (R10): a closed row of an invoice that was voided stands on none. -#}
{%- set bound = {
    'invoice_id': "case when invoice_lines.invoice_status <> 'Voided' then posted.invoice_id end",
    'invoice_detail_id': "case when invoice_lines.invoice_status <> 'Voided' then posted.invoice_detail_id end",
    'cost_basis': "case when posted.invoice_id is not null and invoice_lines.invoice_status = 'Issued'"
        ~ " then 'Invoiced' else 'ProviderReported' end",
} %}
{%- set bound_columns = [] %}
{%- for column in columns -%}
{%- do bound_columns.append(bound[column] ~ ' as ' ~ column if column in bound else 'posted.' ~ column) -%}
{%- endfor %}
{%- set facts = [
    'source_relation', 'billing_account_id', 'sub_account_id', 'billing_currency', 'service_provider_name',
    'host_provider_name', 'service_name', 'billing_period_start', 'billing_period_end',
] %}

with

invoice_line_sums as (

    select * from {{ ref('int_focus_ai__invoice_line_sums') }}

),

invoice_lines as (

    select * from {{ ref('int_focus_ai__invoice_lines') }}

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

-- What is frozen for a line, and the facts of its first row, should the line be gone.
frozen_rows as (

    select
        *,
        sum(billed_cost) over (partition by invoice_issuer_name, origin_invoice_id, origin_invoice_line_id)
            as frozen_amount,
        row_number() over (
            partition by invoice_issuer_name, origin_invoice_id, origin_invoice_line_id
            order by accounting_period_start asc
        ) as place
    from frozen

),

settled as (

    select
        {{ focus_ai.column_list(facts) }},
        invoice_issuer_name,
        origin_invoice_id as invoice_id,
        origin_invoice_line_id as invoice_line_id,
        charge_period_start as service_start,
        charge_period_end as service_end,
        loaded_at as known_at,
        frozen_amount
    from frozen_rows
    where place = 1

),

first_open_period as (

    select min(accounting_period_start) as accounting_period_start
    from accounting_periods
    where closed_at is null

),

-- What a line's rows lack in each version of its month, the frozen one first; null where it is more than
-- rounding explains: beyond the tolerance the difference stays open and the close refuses (R8).
versions as (

    select
        {{ focus_ai.column_list(facts + line) }},
        service_start,
        service_end,
        known_at,
        version_number,
        posting_period_start,
        false as is_frozen,
        case
            when matched_row_count = 0 then 0
            when abs(difference) <= tolerance then difference
        end as rounding
    from invoice_line_sums

    union all

    select
        {{ focus_ai.column_list(facts + line) }},
        service_start,
        service_end,
        known_at,
        1 as version_number,
        {{ focus_ai.typed_null('timestamp') }} as posting_period_start,
        true as is_frozen,
        frozen_amount as rounding
    from settled

    union all

    select
        {{ focus_ai.column_list(facts + line, 'settled') }},
        settled.service_start,
        settled.service_end,
        settled.known_at,
        2 as version_number,
        first_open_period.accounting_period_start as posting_period_start,
        false as is_frozen,
        0 as rounding
    from settled
    left join invoice_lines
        on {{ focus_ai.same_columns(line, 'settled', 'invoice_lines') }}
    cross join first_open_period
    where invoice_lines.invoice_id is null

),

-- Beyond the tolerance what was posted last stands.
counted as (

    select
        *,
        count(rounding) over (
            partition by {{ line | join(', ') }}
            order by version_number
            rows between unbounded preceding and current row
        ) as known_count
    from versions

),

standing as (

    select
        *,
        coalesce(
            max(rounding) over (partition by {{ line | join(', ') }}, known_count), 0
        ) as standing_rounding
    from counted

),

differences as (

    select
        *,
        coalesce(lag(standing_rounding) over (
            partition by {{ line | join(', ') }}
            order by version_number
        ), 0) as posted_rounding,
        version_number > 1 as is_late
    from standing

),

-- Each version posts what it differs in from the one before, in its own period.
unposted as (

    select
        {{- focus_ai.select_charge({
            'ledger_version': "'current'",
            'accounting_period_start': 'posting_period_start',
            'source_relation': 'source_relation',
            'charge_key': 'case when is_late then ' ~ focus_ai.hash_id([
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
            'billed_cost': 'standing_rounding - posted_rounding',
            'effective_cost': 'standing_rounding - posted_rounding',
            'origin_invoice_id': 'invoice_id',
            'origin_invoice_line_id': 'invoice_line_id',
            'corrected_billing_period_start': 'case when is_late then billing_period_start end',
            'corrected_invoice_id': 'case when is_late then invoice_id end',
            'correction_reason': "case when posted_rounding <> 0 then 'RestatedInvoice'"
                ~ " when is_late then 'LateInvoice' end",
        }) }},
        'InvoiceRounding' as adjustment_reason,
        case when not is_late then invoice_id end as invoice_id,
        case when not is_late then invoice_line_id end as invoice_detail_id,
        {{ focus_ai.typed_null('text') }} as cost_basis
    from differences
    where not is_frozen and standing_rounding <> posted_rounding

),

posted as (

    select
        {{ focus_ai.column_list(columns) }}
    from unposted
    union all
    select
        {{ focus_ai.column_list(columns) }}
    from frozen

),

final as (

    select
        {{ bound_columns | join(',\n        ') }}
    from posted
    left join invoice_lines
        on
            posted.invoice_issuer_name = invoice_lines.invoice_issuer_name
            and posted.origin_invoice_id = invoice_lines.invoice_id
            and posted.origin_invoice_line_id = invoice_lines.invoice_line_id

)

select * from final
