{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set columns = [
    'accounting_period_start', 'source_relation', 'billing_account_id', 'invoice_issuer_name', 'billing_currency',
    'charge_category', 'charge_class', 'charge_period_start', 'billing_period_start', 'corrected_billing_period_start',
    'commitment_discount_status', 'sub_account_id', 'model_id', 'sku_meter', 'origin_invoice_id',
    'origin_invoice_line_id', 'correction_reason', 'cost_center', 'billed_cost', 'effective_cost',
] %}
{%- set facts = [
    'accounting_period_start', 'source_relation', 'billing_account_id', 'invoice_issuer_name', 'billing_currency',
    'charge_category', 'commitment_discount_status', 'cost_class', 'cost_center', 'settlement',
] %}
{%- set key = facts + ['invoice_id', 'is_void', 'occurred_at', 'booked_period_start'] %}

with

published as (

    select * from {{ ref('int_focus_ai__published') }}

),

-- A rounding is nobody's cost (R8).
invoice_rounding as (

    select
        *,
        {{ focus_ai.typed_null('text') }} as sku_meter,
        {{ focus_ai.typed_null('text') }} as cost_class,
        {{ focus_ai.typed_null('text') }} as cost_center
    from {{ ref('int_focus_ai__invoice_rounding') }}

),

bookings as (

    select * from {{ ref('int_focus_ai__invoice_bookings') }}

),

charges as (

    {%- for relation in ['published', 'invoice_rounding'] %}
    select
        {{ focus_ai.column_list(columns) }},
        coalesce(cost_class, 'Unclassified') as cost_class
    from {{ relation }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

-- What prepaid credits pay is cost when drawn or expired; all else when it is billed. A reclass moves cost
-- from one owner to another, and no invoice will ever come for it.
settled as (

    select
        charges.*,
        case
            when charges.commitment_discount_status is not null then 'PrepaidCredits'
            when charges.correction_reason = 'Reclass' then 'Reclass'
            else 'Invoice'
        end as settlement,
        {{ focus_ai.invoice_match_key('charges') }} as invoice_match_key,
        case
            when charges.commitment_discount_status is null then charges.billed_cost
            else charges.effective_cost
        end as amount
    from charges

),

summed as (

    select
        {{ focus_ai.column_list(facts) }},
        invoice_match_key,
        sum(amount) as amount
    from settled
    where amount <> 0
    group by
        {{ focus_ai.column_list(facts) }},
        invoice_match_key

),

-- Charges whose invoice was not voided again.
invoiced as (

    select
        accounting_period_start,
        invoice_match_key
    from bookings
    group by accounting_period_start, invoice_match_key
    having sum(case when is_void then -1 else 1 end) > 0

),

-- A voided invoice is owed from its booking to its void: two rows that cancel, beside the row of what is owed
-- now.
owed as (

    select
        {{ focus_ai.column_list(facts, 'summed') }},
        bookings.invoice_id,
        bookings.is_void,
        bookings.occurred_at,
        bookings.booked_period_start,
        case when bookings.is_void then -summed.amount else summed.amount end as amount
    from summed
    inner join bookings
        on
            summed.accounting_period_start = bookings.accounting_period_start
            and summed.invoice_match_key = bookings.invoice_match_key
    where summed.settlement = 'Invoice'

    union all

    select
        {{ focus_ai.column_list(facts, 'summed') }},
        {{ focus_ai.typed_null('text') }} as invoice_id,
        false as is_void,
        {{ focus_ai.typed_null('timestamp') }} as occurred_at,
        case when summed.settlement <> 'Invoice' then summed.accounting_period_start end
            as booked_period_start,
        summed.amount
    from summed
    left join invoiced
        on
            summed.accounting_period_start = invoiced.accounting_period_start
            and summed.invoice_match_key = invoiced.invoice_match_key
    where summed.settlement <> 'Invoice' or invoiced.invoice_match_key is null

),

final as (

    select
        {{ focus_ai.column_list(key) }},
        {{ focus_ai.money('sum(amount)') }} as amount
    from owed
    group by
        {{ focus_ai.column_list(key) }}

)

select * from final
