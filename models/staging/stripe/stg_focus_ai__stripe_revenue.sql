{{ config(enabled=focus_ai.source_enabled('stripe')) }}

with invoices as (

    select * from {{ ref('stg_focus_ai__stripe_invoices') }}

),

lines as (

    select * from {{ ref('stg_focus_ai__stripe_invoice_lines') }}

),

discounts as (

    select * from {{ ref('stg_focus_ai__stripe_discounts') }}

),

credit_notes as (

    select * from {{ ref('stg_focus_ai__stripe_credit_notes') }}

),

credit_note_lines as (

    select * from {{ ref('stg_focus_ai__stripe_credit_note_lines') }}

),

booked_invoices as (

    select
        invoice_id,
        billing_customer_id,
        invoice_status,
        tax_minor_units,
        total_minor_units,
        booked_at,
        cancelled_at
    from invoices
    where booked_at is not null and is_live and not is_deleted

),

booked_lines as (

    select
        lines.invoice_line_id,
        lines.invoice_id,
        lines.invoice_item_id,
        lines.currency,
        lines.amount_minor_units,
        lines.service_period_start,
        lines.service_period_end,
        lines.product_line,
        booked_invoices.billing_customer_id,
        booked_invoices.invoice_status,
        booked_invoices.booked_at,
        booked_invoices.cancelled_at,
        sum(lines.amount_minor_units) over (partition by lines.invoice_id) as invoice_amount,
        min(lines.amount_minor_units) over (partition by lines.invoice_id) as smallest_amount,
        sum(lines.amount_minor_units) over (
            partition by lines.invoice_id
            order by lines.invoice_line_id
            rows between unbounded preceding and current row
        ) as amount_up_to_here,
        row_number() over (partition by lines.invoice_id order by lines.invoice_line_id) as line_number
    from lines
    inner join booked_invoices
        on lines.invoice_id = booked_invoices.invoice_id

),

discount_totals as (

    select
        invoice_id,
        sum(amount_minor_units) as discounted_minor_units
    from discounts
    group by invoice_id

),

priced_invoices as (

    select distinct
        booked_invoices.invoice_id,
        booked_invoices.tax_minor_units,
        booked_invoices.total_minor_units,
        booked_lines.invoice_amount - coalesce(discount_totals.discounted_minor_units, 0)
            as price_minor_units
    from booked_invoices
    inner join booked_lines
        on booked_invoices.invoice_id = booked_lines.invoice_id
    left join discount_totals
        on booked_invoices.invoice_id = discount_totals.invoice_id

),

-- As far as the invoice comes to less than its lines less discounts, plus tax, prices include their tax.
measured_taxes as (

    select
        *,
        price_minor_units + tax_minor_units - total_minor_units as included_minor_units
    from priced_invoices

),

included_taxes as (

    select
        invoice_id,
        price_minor_units,
        included_minor_units
    from measured_taxes
    where
        included_minor_units <> 0
        and included_minor_units between least(tax_minor_units, 0) and greatest(tax_minor_units, 0)

),

issued_credit_notes as (

    select * from credit_notes
    where coalesce(credit_note_status, 'issued') <> 'void' or voided_at is not null

),

-- A note may credit an amount without saying of which lines.
credits as (

    select
        credit_note_lines.credit_note_line_id as deduction_id,
        issued_credit_notes.invoice_id,
        credit_note_lines.invoice_line_id,
        credit_note_lines.amount_minor_units,
        issued_credit_notes.created_at,
        issued_credit_notes.voided_at
    from credit_note_lines
    inner join issued_credit_notes
        on credit_note_lines.credit_note_id = issued_credit_notes.credit_note_id

    union all

    select
        issued_credit_notes.credit_note_id as deduction_id,
        issued_credit_notes.invoice_id,
        {{ focus_ai.typed_null('text') }} as invoice_line_id,
        issued_credit_notes.amount_minor_units,
        issued_credit_notes.created_at,
        issued_credit_notes.voided_at
    from issued_credit_notes
    left join credit_note_lines
        on issued_credit_notes.credit_note_id = credit_note_lines.credit_note_id
    where
        credit_note_lines.credit_note_line_id is null
        and issued_credit_notes.amount_minor_units is not null

),

deductions as (

    select
        discounts.discount_id as deduction_id,
        'discount' as revenue_type,
        discounts.invoice_id,
        booked_lines.invoice_line_id,
        discounts.amount_minor_units,
        {{ focus_ai.typed_null('timestamp') }} as booked_at,
        {{ focus_ai.typed_null('timestamp') }} as cancelled_at
    from discounts
    left join booked_lines
        on
            discounts.invoice_id = booked_lines.invoice_id
            and discounts.invoice_item_id = booked_lines.invoice_item_id

    union all

    select
        invoice_id || ':tax' as deduction_id,
        'included_tax' as revenue_type,
        invoice_id,
        {{ focus_ai.typed_null('text') }} as invoice_line_id,
        included_minor_units as amount_minor_units,
        {{ focus_ai.typed_null('timestamp') }} as booked_at,
        {{ focus_ai.typed_null('timestamp') }} as cancelled_at
    from included_taxes

    union all

    -- What is credited includes its tax as the invoice does.
    select
        credits.deduction_id,
        'credit_note' as revenue_type,
        credits.invoice_id,
        credits.invoice_line_id,
        credits.amount_minor_units - coalesce(
            {{ focus_ai.integer_divide(
                '(2 * credits.amount_minor_units * included_taxes.included_minor_units'
                ~ ' + included_taxes.price_minor_units)',
                '(2 * included_taxes.price_minor_units)'
            ) }},
            0
        ) as amount_minor_units,
        credits.created_at as booked_at,
        credits.voided_at as cancelled_at
    from credits
    left join included_taxes
        on
            credits.invoice_id = included_taxes.invoice_id
            and included_taxes.price_minor_units > 0

),

-- A deduction of a whole invoice is spread over its lines by amount: what is due up to a line, less what was
-- due up to the line before, so that the pieces add up to the deduction. With a negative or no amount to go
-- by, the first line carries it.
spread_deductions as (

    select
        deductions.deduction_id || ':' || booked_lines.invoice_line_id as revenue_line_id,
        deductions.revenue_type,
        booked_lines.billing_customer_id,
        booked_lines.product_line,
        booked_lines.service_period_start,
        booked_lines.service_period_end,
        booked_lines.currency,
        case
            when deductions.invoice_line_id is not null then deductions.amount_minor_units
            when booked_lines.smallest_amount >= 0 and booked_lines.invoice_amount > 0
                then
                    {{ focus_ai.integer_divide(
                        'deductions.amount_minor_units * booked_lines.amount_up_to_here', 'booked_lines.invoice_amount'
                    ) }}
                    - {{ focus_ai.integer_divide(
                        'deductions.amount_minor_units'
                        ~ ' * (booked_lines.amount_up_to_here - booked_lines.amount_minor_units)',
                        'booked_lines.invoice_amount'
                    ) }}
            when booked_lines.line_number = 1 then deductions.amount_minor_units
            else 0
        end as deducted_minor_units,
        booked_lines.invoice_id,
        booked_lines.invoice_status,
        coalesce(deductions.booked_at, booked_lines.booked_at) as booked_at,
        coalesce(deductions.cancelled_at, booked_lines.cancelled_at) as cancelled_at
    from deductions
    inner join booked_lines
        on
            deductions.invoice_id = booked_lines.invoice_id
            and (
                deductions.invoice_line_id is null
                or deductions.invoice_line_id = booked_lines.invoice_line_id
            )

),

pieces as (

    select
        invoice_line_id as revenue_line_id,
        'invoice_line' as revenue_type,
        billing_customer_id,
        product_line,
        service_period_start,
        service_period_end,
        currency,
        amount_minor_units,
        invoice_id,
        invoice_status,
        booked_at,
        cancelled_at
    from booked_lines

    union all

    select
        revenue_line_id,
        revenue_type,
        billing_customer_id,
        product_line,
        service_period_start,
        service_period_end,
        currency,
        cast(-deducted_minor_units as {{ focus_ai.type_count() }}) as amount_minor_units,
        invoice_id,
        invoice_status,
        booked_at,
        cancelled_at
    from spread_deductions
    where deducted_minor_units <> 0

),

-- What was booked and given up later stands as a row of its own, so that a closed month keeps its revenue.
with_cancellations as (

    select
        revenue_line_id,
        revenue_type,
        billing_customer_id,
        product_line,
        service_period_start,
        service_period_end,
        currency,
        amount_minor_units,
        invoice_id,
        invoice_status,
        booked_at
    from pieces

    union all

    select
        revenue_line_id || ':cancelled' as revenue_line_id,
        case when invoice_status = 'uncollectible' then 'uncollectible' else 'void' end as revenue_type,
        billing_customer_id,
        product_line,
        service_period_start,
        service_period_end,
        currency,
        cast(-amount_minor_units as {{ focus_ai.type_count() }}) as amount_minor_units,
        invoice_id,
        invoice_status,
        cancelled_at as booked_at
    from pieces
    where cancelled_at is not null

),

final as (

    select
        'stripe' as source_relation,
        revenue_line_id,
        billing_customer_id,
        product_line,
        revenue_type,
        service_period_start,
        service_period_end,
        currency,
        {{ focus_ai.minor_units_to_money('amount_minor_units', 'currency') }} as amount,
        invoice_id,
        invoice_status,
        booked_at
    from with_cancellations

)

select * from final
