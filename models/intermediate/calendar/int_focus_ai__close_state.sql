{{ config(enabled=focus_ai.any_cost_source() or focus_ai.input_enabled('provider_invoices')) }}

with

{% if focus_ai.any_cost_source() or focus_ai.input_enabled('close_log') -%}
close_log as (

    select * from {{ ref('focus_ai__close_log') }}

),

operated_periods as (

    select distinct accounting_period_start
    from close_log
    where close_id is not null

),

-- What focus_ai_close froze is closed until focus_ai_reopen opens it, whatever the company's own log says.
valid_entries as (

    select close_log.*
    from close_log
    left join operated_periods
        on close_log.accounting_period_start = operated_periods.accounting_period_start
    where close_log.close_id is not null or operated_periods.accounting_period_start is null

),

newest_first as (

    select
        *,
        row_number() over (
            partition by accounting_period_start, invoice_issuer_name, billing_period_start
            order by closed_at desc, action desc
        ) as place
    from valid_entries

),

final as (

    select
        company_id,
        accounting_period_start,
        invoice_issuer_name,
        billing_period_start,
        action = 'close' as is_closed,
        closed_at as changed_at,
        closed_by,
        reviewed_by,
        reason,
        case when action = 'close' then close_id end as close_id
    from newest_first
    where place = 1

)
{%- else -%}
final as (

    select
        {{ focus_ai.typed_null('text') }} as company_id,
        {{ focus_ai.typed_null('timestamp') }} as accounting_period_start,
        {{ focus_ai.typed_null('text') }} as invoice_issuer_name,
        {{ focus_ai.typed_null('timestamp') }} as billing_period_start,
        {{ focus_ai.typed_null('boolean') }} as is_closed,
        {{ focus_ai.typed_null('timestamp') }} as changed_at,
        {{ focus_ai.typed_null('text') }} as closed_by,
        {{ focus_ai.typed_null('text') }} as reviewed_by,
        {{ focus_ai.typed_null('text') }} as reason,
        {{ focus_ai.typed_null('text') }} as close_id
    where 1 = 0

)
{%- endif %}

select * from final
