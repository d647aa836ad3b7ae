{{ config(enabled=focus_ai.source_enabled('stripe')) }}

with raw_customers as (

    {{ focus_ai.select_raw(
        'stripe', 'customer',
        required=['id'],
        optional=['name', 'currency', 'created', 'is_deleted'],
        if_missing='empty',
    ) }}

)

select
    id as billing_customer_id,
    name as billing_customer_name,
    upper(currency) as currency,
    {{ focus_ai.parse_utc('created') }} as created_at,
    coalesce(lower(is_deleted), 'false') in ('true', '1', 't') as is_deleted
from raw_customers
