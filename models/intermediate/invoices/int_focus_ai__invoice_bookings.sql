{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set columns = [
    'accounting_period_start', 'source_relation', 'invoice_issuer_name', 'billing_account_id', 'billing_currency',
    'charge_category', 'charge_class', 'charge_period_start', 'billing_period_start', 'corrected_billing_period_start',
    'commitment_discount_status', 'sub_account_id', 'model_id', 'origin_invoice_id', 'origin_invoice_line_id',
] %}
{%- set booking = [
    'accounting_period_start', 'invoice_match_key', 'invoice_issuer_name', 'invoice_id', 'issued_at', 'voided_at',
] %}
{%- set fits = focus_ai.invoice_line_conditions('keyed', 'invoice_lines') %}

with

charges as (

    select
        {{ focus_ai.column_list(columns) }},
        sku_meter
    from {{ ref('int_focus_ai__published') }}
    where commitment_discount_status is null
    union distinct
    select
        {{ focus_ai.column_list(columns) }},
        {{ focus_ai.typed_null('text') }} as sku_meter
    from {{ ref('int_focus_ai__invoice_rounding') }}

),

keyed as (

    select
        charges.*,
        {{ focus_ai.invoice_match_key('charges') }} as invoice_match_key
    from charges

),

invoice_lines as (

    select
        *,
        case
            when invoice_status = 'Issued' or (invoice_status = 'Voided' and issue_date is not null)
                then greatest(known_at, coalesce(issue_date, known_at))
        end as issued_at
    from {{ ref('int_focus_ai__invoice_lines') }}

),

-- What an open period books is what is known now.
period_ends as (

    select
        accounting_period_start,
        closed_at,
        coalesce(closed_at, {{ focus_ai.end_of_time() }}) as known_until
    from {{ ref('int_focus_ai__accounting_periods') }}

),

-- What came from an invoice line stands on it wherever it was posted; all else is matched as in FOCUS (R9).
fitting as (

    select
        keyed.accounting_period_start,
        keyed.invoice_match_key,
        invoice_lines.invoice_issuer_name,
        invoice_lines.invoice_id,
        invoice_lines.known_at,
        invoice_lines.issued_at,
        invoice_lines.voided_at,
        invoice_lines.is_adjusting,
        invoice_lines.adjusts_until,
        keyed.charge_class,
        {{ fits.is_origin_known }} as is_origin_known
    from keyed
    inner join invoice_lines
        on
            keyed.invoice_issuer_name = invoice_lines.invoice_issuer_name
            and keyed.billing_account_id = invoice_lines.billing_account_id
            and keyed.billing_currency = invoice_lines.billing_currency
            and {{ fits.is_origin }}
            and (
                {{ fits.is_origin_known }}
                or (
                    keyed.billing_period_start = invoice_lines.billing_period_start
                    and {{ fits.is_corrected_period }}
                    and {{ fits.is_category }}
                    and {{ fits.is_service_window }}
                    and {{ fits.is_grain }}
                )
            )

),

-- The lines that a charge fitted at the end of each period: one is its invoice, several are a question.
standing as (

    select
        {{ focus_ai.column_list(booking, 'fitting') }},
        period_ends.accounting_period_start as period_start,
        period_ends.known_until,
        count(*) over (
            partition by
                fitting.accounting_period_start, fitting.invoice_match_key,
                period_ends.accounting_period_start
        ) as line_count
    from fitting
    inner join period_ends
        on
            fitting.accounting_period_start <= period_ends.accounting_period_start
            and {{ focus_ai.is_owed_at('fitting', 'period_ends.known_until') }}
            and (
                fitting.is_origin_known
                or (fitting.charge_class is null)
                <> {{ focus_ai.is_adjusting_at('fitting', 'period_ends.known_until') }}
            )

),

-- Booked in the first period, from that of the cost on, at whose end it was issued and alone.
booked as (

    select
        {{ focus_ai.column_list(booking) }},
        min(period_start) as booked_period_start
    from standing
    where line_count = 1 and issued_at <= known_until
    group by
        {{ focus_ai.column_list(booking) }}

),

-- And taken back in the first period that was open when it was voided: what was closed stays.
voided as (

    select
        {{ focus_ai.column_list(booking, 'booked') }},
        min(period_ends.accounting_period_start) as voided_period_start
    from booked
    inner join period_ends
        on
            booked.booked_period_start < period_ends.accounting_period_start
            and booked.voided_at <= period_ends.known_until
    group by
        {{ focus_ai.column_list(booking, 'booked') }}

),

final as (

    select
        accounting_period_start,
        invoice_match_key,
        invoice_issuer_name,
        invoice_id,
        false as is_void,
        issued_at as occurred_at,
        booked_period_start
    from booked

    union all

    select
        accounting_period_start,
        invoice_match_key,
        invoice_issuer_name,
        invoice_id,
        true as is_void,
        voided_at as occurred_at,
        voided_period_start as booked_period_start
    from voided

)

select * from final
