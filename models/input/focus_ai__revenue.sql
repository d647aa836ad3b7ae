{{ config(enabled=focus_ai.input_enabled('revenue', ['stripe'])) }}

{% set columns = {
    'source_relation': focus_ai.type_text(),
    'revenue_line_id': focus_ai.type_text(),
    'billing_customer_id': focus_ai.type_text(),
    'product_line': focus_ai.type_text(),
    'revenue_type': focus_ai.type_text(),
    'service_period_start': focus_ai.type_timestamp(),
    'service_period_end': focus_ai.type_timestamp(),
    'currency': focus_ai.type_text(),
    'amount': focus_ai.type_money(),
    'invoice_id': focus_ai.type_text(),
    'invoice_status': focus_ai.type_text(),
    'booked_at': focus_ai.type_timestamp(),
} %}

with unioned as (

    {{ focus_ai.union_input('revenue', {'stripe': 'stg_focus_ai__stripe_revenue'}, columns) }}

),

{% if focus_ai.input_enabled('customer_identifiers', ['attribution']) -%}
identifiers as (

    select
        customer_id,
        identifier,
        effective_from,
        effective_to,
        recorded_at
    from {{ ref('focus_ai__customer_identifiers') }}
    where identifier_type = 'billing_system'

),

matched as (

    select
        unioned.*,
        identifiers.customer_id,
        -- Of overlapping identifiers the one recorded last holds; a revenue row is never doubled.
        row_number() over (
            partition by unioned.source_relation, unioned.revenue_line_id
            order by
                identifiers.recorded_at desc, identifiers.effective_from desc, identifiers.customer_id asc
        ) as match_rank
    from unioned
    left join identifiers
        on
            unioned.billing_customer_id = identifiers.identifier
            and unioned.service_period_start >= identifiers.effective_from
            and (identifiers.effective_to is null or unioned.service_period_start < identifiers.effective_to)

),
{% else -%}
matched as (

    select
        *,
        cast(null as {{ focus_ai.type_text() }}) as customer_id,
        1 as match_rank
    from unioned

),
{% endif %}
final as (

    select
        source_relation,
        revenue_line_id,
        billing_customer_id,
        customer_id,
        product_line,
        revenue_type,
        service_period_start,
        service_period_end,
        currency,
        amount,
        invoice_id,
        invoice_status,
        booked_at
    from matched
    where match_rank = 1

)

select * from final
