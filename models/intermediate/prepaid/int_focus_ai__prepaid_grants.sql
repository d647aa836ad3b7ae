{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set has_grants = focus_ai.input_enabled('prepaid_grants', ['finance']) %}
{%- set has_invoices = focus_ai.input_enabled('provider_invoices', ['provider_invoices']) %}

with

{% if has_grants -%}
grants as (

    select * from {{ ref('focus_ai__prepaid_grants') }}

),

billed_cost as (

    select * from {{ ref('focus_ai__billed_cost') }}

),

{% if has_invoices -%}
invoices as (

    select
        invoice_id,
        billing_period_start,
        billing_period_end
    from {{ ref('focus_ai__provider_invoices') }}

),
{%- else -%}
invoices as (

    select
        {{ focus_ai.typed_null('text') }} as invoice_id,
        {{ focus_ai.typed_null('timestamp') }} as billing_period_start,
        {{ focus_ai.typed_null('timestamp') }} as billing_period_end
    where 1 = 0

),
{%- endif %}

-- Who sells the credits is who bills the usage of that source.
providers as (

    select
        source_relation,
        min(service_provider_name) as service_provider_name,
        min(host_provider_name) as host_provider_name,
        min(invoice_issuer_name) as invoice_issuer_name,
        min(service_name) as service_name
    from billed_cost
    group by source_relation

),

final as (

    select
        grants.source_relation,
        grants.grant_id,
        grants.billing_account_id,
        grants.currency as billing_currency,
        providers.service_provider_name,
        providers.host_provider_name,
        providers.invoice_issuer_name,
        providers.service_name,
        grants.purchased_at,
        grants.expires_at,
        -- A bill knows days: credits serve the whole UTC day of their purchase, no day that starts at expiry.
        {{ focus_ai.period_start('day', 'grants.purchased_at') }} as available_from,
        coalesce(grants.expires_at, cast('9999-12-31T00:00:00' as {{ focus_ai.type_timestamp() }}))
            as available_until,
        grants.face_amount,
        grants.paid_amount,
        {{ focus_ai.accounting_period_of_day('grants.purchased_at') }} as purchase_accounting_period_start,
        coalesce(invoices.billing_period_start, {{ focus_ai.month_start('grants.purchased_at') }})
            as purchase_billing_period_start,
        coalesce(invoices.billing_period_end, {{ focus_ai.month_end('grants.purchased_at') }})
            as purchase_billing_period_end,
        grants.invoice_id,
        grants.invoice_line_id,
        grants.recorded_at
    from grants
    inner join providers
        on grants.source_relation = providers.source_relation
    left join invoices
        on grants.invoice_id = invoices.invoice_id

)
{%- else -%}
final as (

    select
        {{ focus_ai.typed_null('text') }} as source_relation,
        {{ focus_ai.typed_null('text') }} as grant_id,
        {{ focus_ai.typed_null('text') }} as billing_account_id,
        {{ focus_ai.typed_null('text') }} as billing_currency,
        {{ focus_ai.typed_null('text') }} as service_provider_name,
        {{ focus_ai.typed_null('text') }} as host_provider_name,
        {{ focus_ai.typed_null('text') }} as invoice_issuer_name,
        {{ focus_ai.typed_null('text') }} as service_name,
        {{ focus_ai.typed_null('timestamp') }} as purchased_at,
        {{ focus_ai.typed_null('timestamp') }} as expires_at,
        {{ focus_ai.typed_null('timestamp') }} as available_from,
        {{ focus_ai.typed_null('timestamp') }} as available_until,
        {{ focus_ai.typed_null('money') }} as face_amount,
        {{ focus_ai.typed_null('money') }} as paid_amount,
        {{ focus_ai.typed_null('timestamp') }} as purchase_accounting_period_start,
        {{ focus_ai.typed_null('timestamp') }} as purchase_billing_period_start,
        {{ focus_ai.typed_null('timestamp') }} as purchase_billing_period_end,
        {{ focus_ai.typed_null('text') }} as invoice_id,
        {{ focus_ai.typed_null('text') }} as invoice_line_id,
        {{ focus_ai.typed_null('timestamp') }} as recorded_at
    where 1 = 0

)
{%- endif %}

select * from final
