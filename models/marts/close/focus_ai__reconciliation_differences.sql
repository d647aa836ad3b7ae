{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set has_invoices = focus_ai.input_enabled('provider_invoices') %}
{%- set has_ledger = focus_ai.input_enabled('general_ledger_entries') %}
{%- set has_subledger = (
    focus_ai.input_enabled('revenue') and focus_ai.input_enabled('revenue_subledger')
) %}
{%- set no_text = focus_ai.typed_null('text') %}
{%- set no_money = focus_ai.typed_null('money') %}
{#- (reason of the usage and price reconciliation, its class, the amount of that class) -#}
{%- set usage_price_classes = [
    ('Rounding', 'Rounding', 'difference'),
    ('Price', 'Price', 'difference'),
    ('FreeOfCharge', 'Price', 'difference'),
    ('NoPrice', 'Price', 'difference'),
    ('PriceAndQuantity', 'Price', 'price_difference'),
    ('PriceAndQuantity', 'Unmetered', 'quantity_difference'),
    ('Quantity', 'Unmetered', 'difference'),
    ('Unmetered', 'Unmetered', 'difference'),
    ('Timing', 'Timing', 'difference'),
    ('NotBilled', 'Unknown', 'difference'),
] %}

with

usage_price_cells as (

    select * from {{ ref('int_focus_ai__usage_price_cells') }}
    where difference_reason <> 'None'

),

{%- if has_invoices %}

invoice_lines as (

    select * from {{ ref('focus_ai__invoice_reconciliation') }}
    where reconciliation_status in ('Rounded', 'Open')

),

invoice_matches as (

    select * from {{ ref('focus_ai__invoice_match_findings') }}

),
{%- endif %}
{%- if has_ledger %}

general_ledger as (

    select * from {{ ref('focus_ai__general_ledger_reconciliation') }}
    where reconciliation_status <> 'Tied'

),
{%- endif %}
{%- if has_subledger %}

revenue_subledger as (

    select * from {{ ref('focus_ai__revenue_subledger_reconciliation') }}
    where reconciliation_status <> 'Tied'

),
{%- endif %}

differences as (

    {%- for reason, class, amount in usage_price_classes %}
    select
        'UsagePrice' as reconciliation,
        accounting_period_start,
        '{{ class }}' as difference_class,
        difference_reason,
        case when charge_key is null then 'UsageRecord' else 'BillCell' end as record_type,
        coalesce(charge_key, usage_key) as record_id,
        token_class as record_part,
        source_relation as counterparty,
        billing_account_id,
        model_id,
        {{ no_text }} as invoice_id,
        billing_currency as currency,
        {{ amount }} as amount,
        case when difference is null then provider_reported_cost end as unverified_amount
    from usage_price_cells
    where difference_reason = '{{ reason }}'
    {{ 'union all' if not loop.last }}
    {%- endfor %}
    {%- if has_invoices %}

    union all

    select
        'InvoiceLine' as reconciliation,
        accounting_period_start,
        case difference_reason
            when 'UnmatchedCharges' then 'Unknown'
            when 'NoCharges' then 'Unmetered'
            else difference_reason
        end as difference_class,
        difference_reason,
        'InvoiceLine' as record_type,
        invoice_line_id as record_id,
        charge_category as record_part,
        invoice_issuer_name as counterparty,
        billing_account_id,
        {{ no_text }} as model_id,
        invoice_id,
        billing_currency as currency,
        difference as amount,
        {{ no_money }} as unverified_amount
    from invoice_lines

    union all

    select
        'InvoiceMatch' as reconciliation,
        {{ focus_ai.accounting_period_of_billing('billing_period_start') }} as accounting_period_start,
        case
            when charge_category in ('Tax', 'Credit') then charge_category
            when match_reason = 'NoInvoice' or charge_class = 'Correction' then 'Timing'
            else 'Unknown'
        end as difference_class,
        match_reason as difference_reason,
        'ChargeGroup' as record_type,
        invoice_match_key as record_id,
        charge_category as record_part,
        invoice_issuer_name as counterparty,
        billing_account_id,
        model_id,
        {{ no_text }} as invoice_id,
        billing_currency as currency,
        -billed_cost as amount,
        {{ no_money }} as unverified_amount
    from invoice_matches
    {%- endif %}
    {%- if has_ledger %}

    union all

    select
        'GeneralLedger' as reconciliation,
        accounting_period_start,
        case
            when difference_reason in ('Rounding', 'Timing', 'Credit', 'Tax') then difference_reason
            when difference_reason = 'NotInvoiced' then 'Timing'
            else 'Unknown'
        end as difference_class,
        difference_reason,
        'LedgerReference' as record_type,
        invoice_id as record_id,
        {{ no_text }} as record_part,
        vendor as counterparty,
        {{ no_text }} as billing_account_id,
        {{ no_text }} as model_id,
        invoice_id,
        currency,
        difference as amount,
        {{ no_money }} as unverified_amount
    from general_ledger
    {%- endif %}
    {%- if has_subledger %}

    union all

    select
        'RevenueSubledger' as reconciliation,
        accounting_period_start,
        case
            when difference_reason in ('Rounding', 'Timing', 'Credit') then difference_reason
            else 'Unknown'
        end as difference_class,
        difference_reason,
        'RevenueInvoice' as record_type,
        invoice_id as record_id,
        {{ no_text }} as record_part,
        billing_customer_id as counterparty,
        {{ no_text }} as billing_account_id,
        {{ no_text }} as model_id,
        invoice_id,
        currency,
        difference as amount,
        {{ no_money }} as unverified_amount
    from revenue_subledger
    {%- endif %}

),

final as (

    select
        reconciliation,
        accounting_period_start,
        difference_class,
        difference_reason,
        record_type,
        record_id,
        record_part,
        counterparty,
        billing_account_id,
        model_id,
        invoice_id,
        currency,
        {{ focus_ai.money('amount') }} as amount,
        {{ focus_ai.money('unverified_amount') }} as unverified_amount
    from differences

)

select * from final
