{{ config(enabled=focus_ai.any_cost_source()) }}

{#- Shares lie between 0 and 1, and a figure is null exactly where a reason stands beside it. -#}

select
    margin_id,
    accounting_period_start,
    customer_id,
    product_line
from {{ ref('focus_ai__customer_gross_margin_monthly') }}
where
    not coalesce(attributed_share between 0 and 1, true)
    or not coalesce(priced_share between 0 and 1, true)
    or (revenue + prior_period_revenue is null) <> (revenue_null_reason is not null)
    or (ai_cost_of_revenue + unclassified_ai_cost + operating_ai_cost is null and ai_cost_null_reason is null)
    or (gross_margin is null) <> (gross_margin_null_reason is not null)
    or (gross_margin_percent is null) <> (gross_margin_percent_null_reason is not null)
    or (cost_per_1000_requests is null) <> (cost_per_1000_requests_null_reason is not null)
