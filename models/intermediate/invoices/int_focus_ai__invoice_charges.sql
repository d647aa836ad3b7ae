{{ config(enabled=focus_ai.any_cost_source()) }}

with

invoice_lines as (

    select * from {{ ref('int_focus_ai__invoice_lines') }}

),

prepaid_draws as (

    select * from {{ ref('int_focus_ai__prepaid_draws') }}
    where ledger_version = 'current'

),

provider_charges as (

    select * from {{ ref('int_focus_ai__provider_charges') }}

),

accounting_periods as (

    select * from {{ ref('int_focus_ai__accounting_periods') }}

),

billing_periods as (

    select * from {{ ref('int_focus_ai__billing_periods') }}

),

-- A cost API that gives tax or credits itself is the source of them; the invoice is matched to it.
billed_categories as (

    select distinct
        invoice_issuer_name,
        billing_account_id,
        billing_currency,
        billing_period_start,
        charge_category
    from provider_charges
    where ledger_version = 'current'

),

-- Where the cost API restated a closed period, its corrections are the refund; else only the invoice knows.
restated_accounts as (

    select
        invoice_issuer_name,
        billing_account_id,
        billing_currency,
        billing_period_start
    from provider_charges
    where charge_category = 'Usage'
    group by invoice_issuer_name, billing_account_id, billing_currency, billing_period_start
    having
        sum(case when ledger_version = 'current' then provider_reported_cost else 0 end)
        <> sum(case when ledger_version = 'as_closed' then provider_reported_cost else 0 end)

),

drawn as (

    select
        source_relation,
        charge_key,
        sum(draw_face_amount) as draw_face_amount
    from prepaid_draws
    group by source_relation, charge_key

),

owed_usage as (

    select
        provider_charges.invoice_issuer_name,
        provider_charges.billing_account_id,
        provider_charges.billing_currency,
        provider_charges.billing_period_start,
        sum(provider_charges.provider_reported_cost - coalesce(drawn.draw_face_amount, 0)) as amount
    from provider_charges
    left join drawn
        on
            provider_charges.source_relation = drawn.source_relation
            and provider_charges.charge_key = drawn.charge_key
    where provider_charges.ledger_version = 'current' and provider_charges.charge_category = 'Usage'
    group by
        provider_charges.invoice_issuer_name,
        provider_charges.billing_account_id,
        provider_charges.billing_currency,
        provider_charges.billing_period_start

),

invoiced_usage as (

    select
        invoice_issuer_name,
        billing_account_id,
        billing_currency,
        billing_period_start,
        sum(line_amount) as amount,
        sum({{ focus_ai.invoice_line_tolerance('currency_subunit') }}) as tolerance
    from invoice_lines
    where charge_category = 'Usage' and invoice_status <> 'Voided' and not is_adjusting
    group by invoice_issuer_name, billing_account_id, billing_currency, billing_period_start

),

-- Where invoice and bill did not agree, an adjusting invoice may put the invoice right and not the cost: it
-- is news of the cost only where they did.
tied_accounts as (

    select
        owed_usage.invoice_issuer_name,
        owed_usage.billing_account_id,
        owed_usage.billing_currency,
        owed_usage.billing_period_start
    from owed_usage
    inner join invoiced_usage
        on
            owed_usage.invoice_issuer_name = invoiced_usage.invoice_issuer_name
            and owed_usage.billing_account_id = invoiced_usage.billing_account_id
            and owed_usage.billing_currency = invoiced_usage.billing_currency
            and owed_usage.billing_period_start = invoiced_usage.billing_period_start
    where abs(invoiced_usage.amount - owed_usage.amount) <= invoiced_usage.tolerance

),

-- What was voided after its period's close was owed then.
owed_lines as (

    select
        invoice_lines.*,
        invoice_lines.is_adjusting
        and coalesce(adjusted_periods.closed_at <= invoice_lines.known_at, false) as is_correction
    from invoice_lines
    left join billing_periods as adjusted_periods
        on
            invoice_lines.invoice_issuer_name = adjusted_periods.invoice_issuer_name
            and invoice_lines.adjusted_billing_period_start = adjusted_periods.billing_period_start
),

unbilled_lines as (

    select owed_lines.*
    from owed_lines
    left join billed_categories
        on
            owed_lines.invoice_issuer_name = billed_categories.invoice_issuer_name
            and owed_lines.billing_account_id = billed_categories.billing_account_id
            and owed_lines.billing_currency = billed_categories.billing_currency
            and owed_lines.billing_period_start = billed_categories.billing_period_start
            and owed_lines.charge_category = billed_categories.charge_category
    left join restated_accounts
        on
            owed_lines.invoice_issuer_name = restated_accounts.invoice_issuer_name
            and owed_lines.billing_account_id = restated_accounts.billing_account_id
            and owed_lines.billing_currency = restated_accounts.billing_currency
            and owed_lines.adjusted_billing_period_start = restated_accounts.billing_period_start
    left join tied_accounts
        on
            owed_lines.invoice_issuer_name = tied_accounts.invoice_issuer_name
            and owed_lines.billing_account_id = tied_accounts.billing_account_id
            and owed_lines.billing_currency = tied_accounts.billing_currency
            and owed_lines.adjusted_billing_period_start = tied_accounts.billing_period_start
    where
        (
            owed_lines.charge_category in ('Tax', 'Credit', 'Adjustment')
            and billed_categories.charge_category is null
        )
        or (
            owed_lines.charge_category = 'Usage'
            and owed_lines.is_correction
            and restated_accounts.billing_period_start is null
            and tied_accounts.billing_period_start is not null
        )

),

versions as (

    select
        unbilled_lines.*,
        'current' as ledger_version
    from unbilled_lines
    where unbilled_lines.invoice_status <> 'Voided'
    union all
    select
        unbilled_lines.*,
        'as_closed' as ledger_version
    from unbilled_lines
    inner join accounting_periods
        on
            unbilled_lines.accounting_period_start = accounting_periods.accounting_period_start
            and unbilled_lines.known_at <= accounting_periods.closed_at
            and coalesce(unbilled_lines.voided_at > accounting_periods.closed_at, true)

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
    from versions

)

select * from final
