{{ config(enabled=focus_ai.source_enabled('stripe')) }}

with raw_discounts as (

    {{ focus_ai.select_raw(
        'stripe', 'discount',
        required=['id', 'amount', 'invoice_id'],
        optional=['invoice_item_id', 'coupon_id'],
        if_missing='empty',
    ) }}

)

select
    id as discount_id,
    invoice_id,
    invoice_item_id,
    coupon_id,
    cast(amount as {{ focus_ai.type_count() }}) as amount_minor_units
from raw_discounts
-- A discount that has not reached an invoice is a promise, not a deduction.
where invoice_id is not null and amount is not null
