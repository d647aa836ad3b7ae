{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set account = ['invoice_issuer_name', 'billing_account_id', 'billing_currency', 'billing_period_start'] %}
{%- set category = ['snapshot_period_start'] + account + ['charge_category'] %}
{%- set account_at = ['snapshot_period_start'] + account %}

with

invoice_lines as (

    select * from {{ ref('int_focus_ai__invoice_lines') }}

),

ledger_versions as (

    select * from {{ ref('int_focus_ai__ledger_versions') }}

),

billing_periods as (

    select * from {{ ref('int_focus_ai__billing_periods') }}

),

billed_cost as (

    select * from {{ ref('focus_ai__billed_cost') }}

),

provider_charges as (

    select * from {{ ref('int_focus_ai__provider_charges') }}

),

drawdown as (

    select * from {{ ref('int_focus_ai__prepaid_drawdown') }}

),

-- What is owed in each version of the line's month: what was voided after a close was owed at it.
owed_lines as (

    select
        invoice_lines.*,
        ledger_versions.ledger_version,
        ledger_versions.snapshot_period_start,
        ledger_versions.known_until,
        {{ focus_ai.is_adjusting_at('invoice_lines', 'ledger_versions.known_until') }}
        and coalesce(adjusted_periods.closed_at <= invoice_lines.known_at, false) as is_correction
    from invoice_lines
    inner join ledger_versions
        on
            invoice_lines.source_relation = ledger_versions.source_relation
            and invoice_lines.accounting_period_start = ledger_versions.accounting_period_start
            and {{ focus_ai.is_owed_at('invoice_lines', 'ledger_versions.known_until') }}
    left join billing_periods as adjusted_periods
        on
            invoice_lines.invoice_issuer_name = adjusted_periods.invoice_issuer_name
            and invoice_lines.adjusted_billing_period_start = adjusted_periods.billing_period_start

),

-- A cost API that gives tax or credits itself is the source of them; the invoice is matched to it.
billed_categories as (

    select distinct
        {{ focus_ai.column_list(category, 'owed_lines') }}
    from owed_lines
    inner join billed_cost
        on
            {{ focus_ai.same_columns(account + ['charge_category'], 'owed_lines', 'billed_cost') }}
            and {{ focus_ai.is_known_at('billed_cost', 'owed_lines.known_until') }}
    where owed_lines.charge_category in ('Tax', 'Credit', 'Adjustment')

),

-- Closed months of which an invoice refunds usage.
refunded_accounts as (

    select distinct
        snapshot_period_start,
        known_until,
        invoice_issuer_name,
        billing_account_id,
        billing_currency,
        adjusted_billing_period_start as billing_period_start
    from owed_lines
    where charge_category = 'Usage' and is_correction

),

drawn as (

    select
        snapshot_period_start,
        source_relation,
        charge_key,
        sum(draw_face_amount) as draw_face_amount
    from drawdown
    group by snapshot_period_start, source_relation, charge_key

),

billed_usage as (

    select
        {{ focus_ai.column_list(account_at, 'refunded_accounts') }},
        sum(billed_cost.provider_reported_cost) as billed_amount,
        sum(billed_cost.provider_reported_cost - coalesce(drawn.draw_face_amount, 0)) as owed_amount
    from refunded_accounts
    inner join billed_cost
        on
            {{ focus_ai.same_columns(account, 'refunded_accounts', 'billed_cost') }}
            and {{ focus_ai.is_known_at('billed_cost', 'refunded_accounts.known_until') }}
    left join drawn
        on
            refunded_accounts.snapshot_period_start = drawn.snapshot_period_start
            and billed_cost.source_relation = drawn.source_relation
            and billed_cost.charge_key = drawn.charge_key
    where billed_cost.charge_category = 'Usage'
    group by
        {{ focus_ai.column_list(account_at, 'refunded_accounts') }}

),

closed_usage as (

    select
        {{ focus_ai.column_list(account) }},
        sum(provider_reported_cost) as billed_amount
    from provider_charges
    where ledger_version = 'as_closed' and charge_category = 'Usage'
    group by
        {{ focus_ai.column_list(account) }}

),

invoiced_usage as (

    select
        {{ focus_ai.column_list(account_at, 'refunded_accounts') }},
        sum(invoice_lines.line_amount) as amount,
        sum({{ focus_ai.invoice_line_tolerance('invoice_lines.currency_subunit') }}) as tolerance
    from refunded_accounts
    inner join invoice_lines
        on
            {{ focus_ai.same_columns(account, 'refunded_accounts', 'invoice_lines') }}
            and {{ focus_ai.is_owed_at('invoice_lines', 'refunded_accounts.known_until') }}
            and not {{ focus_ai.is_adjusting_at('invoice_lines', 'refunded_accounts.known_until') }}
    where invoice_lines.charge_category = 'Usage'
    group by
        {{ focus_ai.column_list(account_at, 'refunded_accounts') }}

),

-- Where the cost API restated a closed month, its corrections are the refund; else only the invoice knows.
-- And where invoice and bill did not agree, an adjusting invoice may put the invoice right and not the cost:
-- it is news of the cost only where they did.
refundable_accounts as (

    select
        {{ focus_ai.column_list(account_at, 'billed_usage') }}
    from billed_usage
    inner join invoiced_usage
        on {{ focus_ai.same_columns(account_at, 'billed_usage', 'invoiced_usage') }}
    left join closed_usage
        on {{ focus_ai.same_columns(account, 'billed_usage', 'closed_usage') }}
    where
        billed_usage.billed_amount = coalesce(closed_usage.billed_amount, 0)
        and abs(invoiced_usage.amount - billed_usage.owed_amount) <= invoiced_usage.tolerance

),

unbilled_lines as (

    select owed_lines.*
    from owed_lines
    left join billed_categories
        on {{ focus_ai.same_columns(category, 'owed_lines', 'billed_categories') }}
    left join refundable_accounts
        on
            owed_lines.snapshot_period_start = refundable_accounts.snapshot_period_start
            and owed_lines.invoice_issuer_name = refundable_accounts.invoice_issuer_name
            and owed_lines.billing_account_id = refundable_accounts.billing_account_id
            and owed_lines.billing_currency = refundable_accounts.billing_currency
            and owed_lines.adjusted_billing_period_start = refundable_accounts.billing_period_start
    where
        (
            owed_lines.charge_category in ('Tax', 'Credit', 'Adjustment')
            and billed_categories.charge_category is null
        )
        or (
            owed_lines.charge_category = 'Usage'
            and owed_lines.is_correction
            and refundable_accounts.billing_period_start is not null
        )

),

final as (

    select
        {{- focus_ai.select_charge({
            'ledger_version': 'ledger_version',
            'accounting_period_start': 'accounting_period_start',
            'source_relation': 'source_relation',
            'charge_key': focus_ai.hash_id([
                "'invoice_line'", 'invoice_issuer_name', 'invoice_id', 'invoice_line_id',
            ]),
            'endpoint': "'invoice_lines'",
            'charge_category': 'charge_category',
            'charge_class': "case when is_correction then 'Correction' end",
            'charge_frequency': "'One-Time'",
            'charge_description': 'coalesce(line_description, charge_category)',
            'billing_account_id': 'billing_account_id',
            'sub_account_id': 'sub_account_id',
            'charge_period_start': 'service_start',
            'charge_period_end': 'service_end',
            'billing_period_start': 'billing_period_start',
            'billing_period_end': 'billing_period_end',
            'service_provider_name': 'service_provider_name',
            'host_provider_name': 'host_provider_name',
            'invoice_issuer_name': 'invoice_issuer_name',
            'service_name': 'service_name',
            'billing_currency': 'billing_currency',
            'model_id': 'model_id',
            'raw_line_item': 'line_description',
            'loaded_at': 'known_at',
            'billed_cost': 'line_amount',
            'effective_cost': 'line_amount',
            'tax_rate': 'tax_rate',
            'origin_invoice_id': 'invoice_id',
            'origin_invoice_line_id': 'invoice_line_id',
            'corrected_billing_period_start': 'case when is_correction then adjusted_billing_period_start end',
            'corrected_invoice_id': 'case when is_correction then reference_invoice_id end',
            'correction_reason': "case when is_correction then 'AdjustingInvoice' end",
        }) }}
    from unbilled_lines

)

select * from final
