{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set key = ['accounting_period_start', 'customer_id', 'product_line'] %}
{%- set token_group = ['model_id', 'processing_tier', 'token_direction'] %}
{%- set token_class = ['token_cache_action', 'cache_retention'] %}
{%- set figures = ['revenue', 'ai_cost_of_revenue', 'gross_margin', 'cost_of_revenue_request_count'] %}
{%- set changes_of_line = {
    'NewCustomer': 'new_customer',
    'LostCustomer': 'lost_customer',
    'NewProductLine': 'new_product_line',
    'EndedProductLine': 'ended_product_line',
} %}
{%- set steps = [
    'request_volume', 'price', 'tokens_per_request', 'model_mix', 'cache_share', 'cost_rate', 'other_cost',
] %}
{%- set next_month = focus_ai.accounting_period_end('accounting_period_start') %}

with

margins as (

    select * from {{ ref('focus_ai__customer_gross_margin_monthly') }}

),

token_spend as (

    select * from {{ ref('focus_ai__token_spend_daily') }}

),

months as (

    select
        accounting_period_start,
        {{ next_month }} as next_month,
        max(attributed_share) as attributed_share,
        max(case when gross_margin_null_reason = 'BillIncomplete' then 1 else 0 end) = 1 as is_incomplete
    from margins
    group by accounting_period_start

),

-- Each line stands twice: in its own month, and as the previous one of the next month.
line_pairs as (

    select
        {{ focus_ai.column_list(key) }},
        customer_name,
        {{ focus_ai.column_list(figures) }},
        gross_margin_null_reason,
        coalesce(revenue <> 0 or ai_cost_of_revenue <> 0, true) as is_active,
        false as is_previous
    from margins

    union all

    select
        {{ next_month }} as accounting_period_start,
        customer_id,
        product_line,
        customer_name,
        {{ focus_ai.column_list(figures) }},
        gross_margin_null_reason,
        coalesce(revenue <> 0 or ai_cost_of_revenue <> 0, true) as is_active,
        true as is_previous
    from margins

),

paired as (

    select
        {{ focus_ai.column_list(key) }},
        max(customer_name) as customer_name,
        {%- for figure in figures %}
        max(case when not is_previous then {{ figure }} end) as {{ figure }},
        max(case when is_previous then {{ figure }} end) as previous_{{ figure }},
        {%- endfor %}
        max(case when not is_previous then gross_margin_null_reason end) as null_reason,
        max(case when is_previous then gross_margin_null_reason end) as previous_null_reason,
        max(case when not is_previous then 1 else 0 end) = 1 as is_line,
        max(case when is_previous then 1 else 0 end) = 1 as is_previous_line,
        max(case when not is_previous and is_active then 1 else 0 end) as is_active,
        max(case when is_previous and is_active then 1 else 0 end) as is_previous_active
    from line_pairs
    group by {{ key | join(', ') }}

),

-- A line that is not there has a margin of 0, unless its month is not complete.
lines as (

    select
        {{ focus_ai.column_list(key, 'paired') }},
        paired.customer_name,
        case when paired.is_line then paired.revenue else 0 end as revenue,
        case when paired.is_previous_line then paired.previous_revenue else 0 end as previous_revenue,
        case when paired.is_line then paired.ai_cost_of_revenue else 0 end as line_cost,
        case when paired.is_previous_line then paired.previous_ai_cost_of_revenue else 0 end
            as previous_line_cost,
        case when paired.is_line then paired.cost_of_revenue_request_count else 0 end as request_count,
        case when paired.is_previous_line then paired.previous_cost_of_revenue_request_count else 0 end
            as previous_request_count,
        case
            when paired.is_line then paired.gross_margin
            when not months.is_incomplete then 0
        end as gross_margin,
        case
            when paired.is_previous_line then paired.previous_gross_margin
            when not previous_months.is_incomplete then 0
        end as previous_gross_margin,
        paired.is_active,
        paired.is_previous_active,
        max(paired.is_active) over (partition by paired.accounting_period_start, paired.customer_id)
            as is_customer_active,
        max(paired.is_previous_active) over (partition by paired.accounting_period_start, paired.customer_id)
            as is_customer_previously_active,
        months.attributed_share,
        previous_months.attributed_share as previous_attributed_share,
        case
            when previous_months.next_month is null then 'NoPreviousMonth'
            when months.is_incomplete then 'BillIncomplete'
            when previous_months.is_incomplete then 'PreviousBillIncomplete'
            when paired.null_reason is not null then paired.null_reason
            when paired.previous_null_reason is not null then 'Previous' || paired.previous_null_reason
        end as bridge_null_reason
    from paired
    inner join months
        on paired.accounting_period_start = months.accounting_period_start
    left join months as previous_months
        on paired.accounting_period_start = previous_months.next_month

),

-- Cost of revenue that has tokens: what can be told apart into volume, mix, cache share and rate.
token_costs as (

    select
        accounting_period_start,
        {{ focus_ai.margin_customer('customer_id', 'cost_class') }} as customer_id,
        {{ focus_ai.margin_product_line('product_line') }} as product_line,
        {%- for column in token_group + token_class %}
        coalesce({{ column }}, '') as {{ column }},
        {%- endfor %}
        tokens,
        reporting_effective_cost as token_cost
    from token_spend
    where consumed_unit = 'Tokens' and cost_class = 'CostOfRevenue' and not is_correction

),

token_pairs as (

    select
        {{ focus_ai.column_list(key + token_group + token_class) }},
        tokens,
        token_cost,
        0 as previous_tokens,
        0 as previous_token_cost
    from token_costs

    union all

    select
        {{ next_month }} as accounting_period_start,
        customer_id,
        product_line,
        {{ focus_ai.column_list(token_group + token_class) }},
        0 as tokens,
        0 as token_cost,
        tokens as previous_tokens,
        token_cost as previous_token_cost
    from token_costs

),

token_classes as (

    select
        {{ focus_ai.column_list(key + token_group + token_class) }},
        sum(tokens) as tokens,
        {{ focus_ai.known_sum('token_cost') }} as token_cost,
        sum(previous_tokens) as previous_tokens,
        {{ focus_ai.known_sum('previous_token_cost') }} as previous_token_cost
    from token_pairs
    group by {{ (key + token_group + token_class) | join(', ') }}

),

-- This month's tokens at last month's rates, class by class. What had no rate last month has this month's.
token_groups as (

    select
        {{ focus_ai.column_list(key + token_group) }},
        sum(tokens) as tokens,
        {{ focus_ai.known_sum('token_cost') }} as token_cost,
        sum(previous_tokens) as previous_tokens,
        {{ focus_ai.known_sum('previous_token_cost') }} as previous_token_cost,
        {{ focus_ai.known_sum(
            'coalesce(' ~ focus_ai.at_ratio('previous_token_cost', 'tokens', 'previous_tokens') ~ ', token_cost)'
        ) }} as cost_at_previous_rates
    from token_classes
    group by {{ (key + token_group) | join(', ') }}

),

-- The same with last month's shares of the cache in each model's input.
token_lines as (

    select
        {{ focus_ai.column_list(key) }},
        sum(tokens) as tokens,
        {{ focus_ai.known_sum('token_cost') }} as token_cost,
        sum(previous_tokens) as previous_tokens,
        {{ focus_ai.known_sum('previous_token_cost') }} as previous_token_cost,
        {{ focus_ai.known_sum('cost_at_previous_rates') }} as cost_at_previous_rates,
        {{ focus_ai.known_sum(
            'coalesce(' ~ focus_ai.at_ratio('previous_token_cost', 'tokens', 'previous_tokens') ~ ', token_cost)'
        ) }} as cost_at_previous_cache_shares
    from token_groups
    group by {{ key | join(', ') }}

),

drivers as (

    select
        lines.*,
        case
            when lines.customer_id not in ('(unattributed)', '(no customer)') then
                case
                    when lines.is_customer_active = 1 and lines.is_customer_previously_active = 0
                        then 'NewCustomer'
                    when lines.is_customer_active = 0 and lines.is_customer_previously_active = 1
                        then 'LostCustomer'
                    when lines.is_active = 1 and lines.is_previous_active = 0 then 'NewProductLine'
                    when lines.is_active = 0 and lines.is_previous_active = 1 then 'EndedProductLine'
                end
        end as change_of_line,
        coalesce(token_lines.tokens, 0) as tokens,
        coalesce(token_lines.previous_tokens, 0) as previous_tokens,
        coalesce(token_lines.token_cost, 0) as token_cost,
        coalesce(token_lines.previous_token_cost, 0) as previous_token_cost,
        coalesce(token_lines.cost_at_previous_rates, 0) as cost_at_previous_rates,
        coalesce(token_lines.cost_at_previous_cache_shares, 0) as cost_at_previous_cache_shares,
        case
            when lines.request_count > 0 and lines.previous_request_count > 0 then 'Requests'
            when token_lines.tokens > 0 and token_lines.previous_tokens > 0 then 'Tokens'
            else 'None'
        end as volume_basis
    from lines
    left join token_lines
        on
            {{ focus_ai.same_columns(key, 'lines', 'token_lines') }}

),

volumes as (

    select
        *,
        line_cost - token_cost as other_cost,
        previous_line_cost - previous_token_cost as previous_other_cost,
        case volume_basis when 'Requests' then request_count when 'Tokens' then tokens else 1 end as volume,
        case volume_basis
            when 'Requests' then previous_request_count
            when 'Tokens' then previous_tokens
            else 1
        end as previous_volume,
        tokens > 0 and previous_tokens > 0 as has_tokens
    from drivers

),

-- Last month's figures, one driver after the other brought to this month: each part is the way to the next.
steps as (

    select
        *,
        {{ focus_ai.at_ratio('previous_revenue', 'volume', 'previous_volume') }} as revenue_at_volume,
        {{ focus_ai.at_ratio('previous_other_cost', 'volume', 'previous_volume') }} as other_cost_at_volume,
        case
            when has_tokens then {{ focus_ai.at_ratio('previous_token_cost', 'volume', 'previous_volume') }}
            else token_cost
        end as cost_at_volume,
        case
            when has_tokens then {{ focus_ai.at_ratio('previous_token_cost', 'tokens', 'previous_tokens') }}
            else token_cost
        end as cost_at_tokens,
        case when has_tokens then cost_at_previous_cache_shares else token_cost end as cost_at_mix,
        case when has_tokens then cost_at_previous_rates else token_cost end as cost_at_cache_shares
    from volumes

),

effects as (

    select
        *,
        case when bridge_null_reason is null then coalesce(change_of_line, 'Continuing') end as line_status,
        case when bridge_null_reason is null then gross_margin - previous_gross_margin end
            as gross_margin_change,
        (revenue_at_volume - previous_revenue) - (cost_at_volume - previous_token_cost)
        - (other_cost_at_volume - previous_other_cost) as request_volume_step,
        revenue - revenue_at_volume as price_step,
        cost_at_volume - cost_at_tokens as tokens_per_request_step,
        cost_at_tokens - cost_at_mix as model_mix_step,
        cost_at_mix - cost_at_cache_shares as cache_share_step,
        cost_at_cache_shares - token_cost as cost_rate_step,
        other_cost_at_volume - other_cost as other_cost_step
    from steps

),

final as (

    select
        {{ focus_ai.hash_id([
            focus_ai.utc_text('accounting_period_start'), 'customer_id', 'product_line'
        ]) }} as margin_bridge_id,
        {{ focus_ai.column_list(key) }},
        customer_name,
        '{{ focus_ai.reporting_currency() }}' as reporting_currency,
        line_status,
        {{ focus_ai.money('previous_gross_margin') }} as previous_gross_margin,
        {{ focus_ai.money('gross_margin') }} as gross_margin,
        {{ focus_ai.money('gross_margin_change') }} as gross_margin_change,
        {%- for status, part in changes_of_line.items() %}
        {{ focus_ai.money(
            "case when line_status = '" ~ status
            ~ "' then gross_margin_change when line_status is not null then 0 end"
        ) }} as {{ part }}_effect,
        {%- endfor %}
        {%- for part in steps %}
        {{ focus_ai.money(
            "case when line_status = 'Continuing' then " ~ part ~ '_step when line_status is not null then 0 end'
        ) }} as {{ part }}_effect,
        {%- endfor %}
        case when line_status = 'Continuing' then volume_basis end as volume_basis,
        previous_attributed_share,
        attributed_share,
        bridge_null_reason as null_reason
    from effects

)

select * from final
