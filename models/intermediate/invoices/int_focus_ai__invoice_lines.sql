{{ config(enabled=focus_ai.any_cost_source() or focus_ai.input_enabled('provider_invoices')) }}

{%- set has_invoices = (
    focus_ai.input_enabled('provider_invoices')
    and focus_ai.input_enabled('provider_invoice_lines')
) %}
{#- What an account's bill says of its invoices. -#}
{%- set account_columns = [
    'source_relation', 'service_provider_name', 'host_provider_name', 'service_name',
] %}

with

{% if has_invoices -%}
invoices as (

    select * from {{ ref('focus_ai__provider_invoices') }}

),

lines as (

    select * from {{ ref('focus_ai__provider_invoice_lines') }}

),

currency_subunits as (

    select
        currency,
        {{ focus_ai.money('subunit') }} as subunit
    from {{ ref('focus_ai_currency_subunits') }}

),

{% if focus_ai.any_cost_source() -%}
billed_cost as (

    select * from {{ ref('focus_ai__billed_cost') }}

),

grants as (

    select * from {{ ref('int_focus_ai__prepaid_grants') }}

),

known_accounts as (

    {%- for relation, is_billed in [('billed_cost', 'true'), ('grants', 'false')] %}
    select
        invoice_issuer_name,
        billing_account_id,
        {{ focus_ai.column_list(account_columns) }},
        {{ is_billed }} as is_billed
    from {{ relation }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

-- An invoice names its issuer and account; the bill of the account says which source and service it is about,
-- before the first bill the credit bought for it.
billed_accounts as (

    select
        {%- for column in account_columns %}
        coalesce(min(case when is_billed then {{ column }} end), min({{ column }})) as {{ column }},
        {%- endfor %}
        invoice_issuer_name,
        billing_account_id
    from known_accounts
    group by invoice_issuer_name, billing_account_id

),
{%- else -%}
billed_accounts as (

    select
        {{ focus_ai.typed_null('text') }} as invoice_issuer_name,
        {{ focus_ai.typed_null('text') }} as billing_account_id,
        {{ focus_ai.typed_null('text') }} as source_relation,
        {{ focus_ai.typed_null('text') }} as service_provider_name,
        {{ focus_ai.typed_null('text') }} as host_provider_name,
        {{ focus_ai.typed_null('text') }} as service_name
    where 1 = 0

),
{%- endif %}

dated_invoices as (

    select
        *,
        coalesce(created_at, issue_date, billing_period_end) as known_at,
        case
            when status = 'Voided'
                then coalesce(voided_at, updated_at, created_at, issue_date, billing_period_end)
        end as owed_until
    from invoices

),

final as (

    select
        coalesce(billed_accounts.source_relation, 'provider_invoices') as source_relation,
        dated_invoices.invoice_issuer_name,
        dated_invoices.invoice_id,
        lines.invoice_line_id,
        dated_invoices.billing_account_id,
        dated_invoices.currency as billing_currency,
        coalesce(currency_subunits.subunit, {{ focus_ai.money("'0.01'") }}) as currency_subunit,
        lines.line_type as charge_category,
        lines.description as line_description,
        lines.amount as line_amount,
        lines.tax_rate,
        coalesce(lines.service_start, dated_invoices.billing_period_start) as service_start,
        coalesce(lines.service_end, dated_invoices.billing_period_end) as service_end,
        lines.sub_account_id,
        lines.model_id,
        lines.sku_meter,
        dated_invoices.status as invoice_status,
        dated_invoices.billing_period_start,
        dated_invoices.billing_period_end,
        -- What is billed later than it was served (a refund, a late credit) belongs to the month of the bill.
        {{ focus_ai.accounting_period_of_day(
            'greatest(coalesce(lines.service_start, dated_invoices.billing_period_start), '
            ~ dbt.dateadd('second', -1, focus_ai.month_end('dated_invoices.billing_period_start')) ~ ')'
        ) }} as accounting_period_start,
        coalesce(dated_invoices.reference_invoice_id <> dated_invoices.invoice_id, false) as is_adjusting,
        adjusted_invoices.owed_until as adjusts_until,
        coalesce(dated_invoices.reference_invoice_id, dated_invoices.invoice_id) as reference_invoice_id,
        adjusted_invoices.billing_period_start as adjusted_billing_period_start,
        dated_invoices.issue_date,
        dated_invoices.due_date,
        dated_invoices.payment_terms,
        dated_invoices.purchase_order_number,
        coalesce(billed_accounts.service_provider_name, dated_invoices.invoice_issuer_name)
            as service_provider_name,
        coalesce(billed_accounts.host_provider_name, dated_invoices.invoice_issuer_name)
            as host_provider_name,
        coalesce(billed_accounts.service_name, dated_invoices.invoice_issuer_name) as service_name,
        dated_invoices.known_at,
        dated_invoices.owed_until as voided_at,
        greatest(
            dated_invoices.known_at,
            coalesce(dated_invoices.updated_at, dated_invoices.known_at),
            coalesce(lines.updated_at, dated_invoices.known_at)
        ) as last_updated_at
    from lines
    inner join dated_invoices
        on lines.invoice_id = dated_invoices.invoice_id
    left join dated_invoices as adjusted_invoices
        on
            dated_invoices.reference_invoice_id = adjusted_invoices.invoice_id
            and dated_invoices.invoice_id <> adjusted_invoices.invoice_id
    left join billed_accounts
        on
            dated_invoices.invoice_issuer_name = billed_accounts.invoice_issuer_name
            and dated_invoices.billing_account_id = billed_accounts.billing_account_id
    left join currency_subunits
        on dated_invoices.currency = currency_subunits.currency

)
{%- else -%}
final as (

    select
        {{ focus_ai.typed_null('text') }} as source_relation,
        {{ focus_ai.typed_null('text') }} as invoice_issuer_name,
        {{ focus_ai.typed_null('text') }} as invoice_id,
        {{ focus_ai.typed_null('text') }} as invoice_line_id,
        {{ focus_ai.typed_null('text') }} as billing_account_id,
        {{ focus_ai.typed_null('text') }} as billing_currency,
        {{ focus_ai.typed_null('money') }} as currency_subunit,
        {{ focus_ai.typed_null('text') }} as charge_category,
        {{ focus_ai.typed_null('text') }} as line_description,
        {{ focus_ai.typed_null('money') }} as line_amount,
        {{ focus_ai.typed_null('ratio') }} as tax_rate,
        {{ focus_ai.typed_null('timestamp') }} as service_start,
        {{ focus_ai.typed_null('timestamp') }} as service_end,
        {{ focus_ai.typed_null('text') }} as sub_account_id,
        {{ focus_ai.typed_null('text') }} as model_id,
        {{ focus_ai.typed_null('text') }} as sku_meter,
        {{ focus_ai.typed_null('text') }} as invoice_status,
        {{ focus_ai.typed_null('timestamp') }} as billing_period_start,
        {{ focus_ai.typed_null('timestamp') }} as billing_period_end,
        {{ focus_ai.typed_null('timestamp') }} as accounting_period_start,
        {{ focus_ai.typed_null('boolean') }} as is_adjusting,
        {{ focus_ai.typed_null('timestamp') }} as adjusts_until,
        {{ focus_ai.typed_null('text') }} as reference_invoice_id,
        {{ focus_ai.typed_null('timestamp') }} as adjusted_billing_period_start,
        {{ focus_ai.typed_null('timestamp') }} as issue_date,
        {{ focus_ai.typed_null('timestamp') }} as due_date,
        {{ focus_ai.typed_null('text') }} as payment_terms,
        {{ focus_ai.typed_null('text') }} as purchase_order_number,
        {{ focus_ai.typed_null('text') }} as service_provider_name,
        {{ focus_ai.typed_null('text') }} as host_provider_name,
        {{ focus_ai.typed_null('text') }} as service_name,
        {{ focus_ai.typed_null('timestamp') }} as known_at,
        {{ focus_ai.typed_null('timestamp') }} as voided_at,
        {{ focus_ai.typed_null('timestamp') }} as last_updated_at
    where 1 = 0

)
{%- endif %}

select * from final
