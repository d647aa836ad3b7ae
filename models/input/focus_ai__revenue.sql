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

)

select
    {{ columns.keys() | join(',\n    ') }}
from unioned
