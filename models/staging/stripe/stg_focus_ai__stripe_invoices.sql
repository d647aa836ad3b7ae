{{ config(enabled=focus_ai.source_enabled('stripe')) }}

with raw_invoices as (

    {{ focus_ai.select_raw(
        'stripe', 'invoice',
        required=['id', 'customer_id', 'currency', 'status', 'created'],
        optional=[
            'number', 'finalized_at', 'status_transitions_finalized_at', 'status_transitions_voided_at',
            'status_transitions_marked_uncollectible_at', 'livemode', 'is_deleted', 'tax', 'total',
            'total_excluding_tax',
        ],
    ) }}

)

select
    id as invoice_id,
    customer_id as billing_customer_id,
    number as invoice_number,
    upper(currency) as currency,
    lower(status) as invoice_status,
    -- Newer versions of the API give the total without tax instead of the tax.
    coalesce(
        cast(tax as {{ focus_ai.type_count() }}),
        cast(total as {{ focus_ai.type_count() }}) - cast(total_excluding_tax as {{ focus_ai.type_count() }})
    ) as tax_minor_units,
    cast(total as {{ focus_ai.type_count() }}) as total_minor_units,
    coalesce(
        {{ focus_ai.minor_units_to_money('total_excluding_tax', 'currency') }},
        {{ focus_ai.minor_units_to_money('total', 'currency') }}
        - {{ focus_ai.minor_units_to_money("coalesce(tax, '0')", 'currency') }}
    ) as total_before_tax,
    {{ focus_ai.parse_utc('created') }} as created_at,
    -- A draft has no place in the books, nor has a void invoice that never was issued. An issued invoice
    -- without its date of issue takes that of its creation.
    case
        when lower(status) in ('open', 'paid', 'uncollectible')
            then {{ focus_ai.parse_utc('coalesce(status_transitions_finalized_at, finalized_at, created)') }}
        when lower(status) = 'void' and status_transitions_voided_at is not null
            then {{ focus_ai.parse_utc('coalesce(status_transitions_finalized_at, finalized_at)') }}
    end as booked_at,
    case
        when lower(status) = 'void' then {{ focus_ai.parse_utc('status_transitions_voided_at') }}
        when lower(status) = 'uncollectible'
            then {{ focus_ai.parse_utc(
                'coalesce(status_transitions_marked_uncollectible_at, status_transitions_finalized_at, created)'
            ) }}
    end as cancelled_at,
    coalesce(lower(livemode), 'true') in ('true', '1', 't') as is_live,
    coalesce(lower(is_deleted), 'false') in ('true', '1', 't') as is_deleted
from raw_invoices
