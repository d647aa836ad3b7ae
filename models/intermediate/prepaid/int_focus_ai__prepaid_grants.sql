{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set has_grants = focus_ai.input_enabled('prepaid_grants') %}
{%- set has_invoices = focus_ai.input_enabled('provider_invoices') %}
{#- Their bills are not read, so what their credits paid for is not known. -#}
{%- set sources_off = ['openai', 'anthropic'] | reject('in', focus_ai.enabled_sources()) | list %}
{%- set names = ['service_provider_name', 'host_provider_name', 'invoice_issuer_name', 'service_name'] %}

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
        invoice_issuer_name,
        billing_period_start,
        billing_period_end
    from {{ ref('focus_ai__provider_invoices') }}

),
{%- else -%}
invoices as (

    select
        {{ focus_ai.typed_null('text') }} as invoice_id,
        {{ focus_ai.typed_null('text') }} as invoice_issuer_name,
        {{ focus_ai.typed_null('timestamp') }} as billing_period_start,
        {{ focus_ai.typed_null('timestamp') }} as billing_period_end
    where 1 = 0

),
{%- endif %}

known_providers as (

    select * from {{ ref('focus_ai_providers') }}

),

bills as (

    select
        {%- for name in names %}
        min({{ name }}) as {{ name }},
        {%- endfor %}
        source_relation
    from billed_cost
    group by source_relation

),

-- Who sells the credits is who bills the usage of that source, or will.
sold_grants as (

    select
        {%- for name in names %}
        coalesce(bills.{{ name }}, known_providers.{{ name }}) as {{ name }},
        {%- endfor %}
        grants.*
    from grants
    left join bills
        on grants.source_relation = bills.source_relation
    left join known_providers
        on grants.source_relation = known_providers.source_relation
    {%- if sources_off %}
    where
        bills.source_relation is not null
        or grants.source_relation not in ('{{ sources_off | join("', '") }}')
    {%- endif %}

),

newest_evidence as (

    select max(seen_at) as known_until
    from (
        select loaded_at as seen_at from billed_cost
        union all
        select recorded_at as seen_at from grants
    ) as evidence

),

final as (

    select
        sold_grants.source_relation,
        sold_grants.grant_id,
        sold_grants.billing_account_id,
        sold_grants.currency as billing_currency,
        -- A source of the user's own, before its first bill.
        {%- for name in names %}
        coalesce(sold_grants.{{ name }}, invoices.invoice_issuer_name, sold_grants.source_relation)
            as {{ name }},
        {%- endfor %}
        sold_grants.invoice_issuer_name is not null as is_known_provider,
        sold_grants.purchased_at,
        sold_grants.expires_at,
        -- A bill knows days: credits serve the whole UTC day of their purchase, no day that starts at expiry.
        {{ focus_ai.period_start('day', 'sold_grants.purchased_at') }} as available_from,
        coalesce(sold_grants.expires_at, cast('9999-12-31T00:00:00' as {{ focus_ai.type_timestamp() }}))
            as available_until,
        sold_grants.face_amount,
        sold_grants.paid_amount,
        {{ focus_ai.accounting_period_of_day('sold_grants.purchased_at') }}
            as purchase_accounting_period_start,
        coalesce(invoices.billing_period_start, {{ focus_ai.month_start('sold_grants.purchased_at') }})
            as purchase_billing_period_start,
        coalesce(invoices.billing_period_end, {{ focus_ai.month_end('sold_grants.purchased_at') }})
            as purchase_billing_period_end,
        sold_grants.invoice_id,
        sold_grants.invoice_line_id,
        sold_grants.recorded_at,
        newest_evidence.known_until
    from sold_grants
    cross join newest_evidence
    left join invoices
        on
            sold_grants.invoice_id = invoices.invoice_id
            and coalesce(sold_grants.invoice_issuer_name, invoices.invoice_issuer_name)
            = invoices.invoice_issuer_name

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
        {{ focus_ai.typed_null('boolean') }} as is_known_provider,
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
        {{ focus_ai.typed_null('timestamp') }} as recorded_at,
        {{ focus_ai.typed_null('timestamp') }} as known_until
    where 1 = 0

)
{%- endif %}

select * from final
