{{ config(enabled=focus_ai.any_cost_source(), materialized='view') }}

{%- set columns = focus_ai.carried_columns().keys() | list + focus_ai.reversed_columns().keys() | list %}

with

costed as (

    select * from {{ ref('int_focus_ai__costed') }}
    where ledger_version = 'as_closed'

),

frozen_charges as (

    select * from {{ ref('focus_ai__closed_charges') }}

),

accounting_periods as (

    select * from {{ ref('int_focus_ai__accounting_periods') }}

),

recomputed as (

    select costed.*
    from costed
    inner join accounting_periods
        on
            costed.accounting_period_start = accounting_periods.accounting_period_start
            and accounting_periods.close_id is null

),

-- The last that was posted of a charge, in any frozen period: in one period a re-entry follows its reversal.
-- A refund that only an invoice tells stands in the period of that invoice, and corrects another one.
last_posted as (

    select
        frozen_charges.*,
        frozen_charges.corrected_billing_period_start <> frozen_charges.original_billing_period_start
            as is_of_another_period,
        row_number() over (
            partition by frozen_charges.allocated_charge_id
            order by
                frozen_charges.accounting_period_start desc,
                case when frozen_charges.posting_kind = 'Reversal' then 1 else 0 end asc
        ) as place
    from frozen_charges
    inner join accounting_periods
        on frozen_charges.close_id = accounting_periods.close_id

),

final as (

    select
        ledger_version,
        allocated_charge_id,
        accounting_period_start,
        billing_period_start,
        billing_period_end,
        charge_class,
        corrected_billing_period_start,
        corrected_invoice_id,
        correction_reason,
        loaded_at,
        {{ focus_ai.column_list(columns) }}
    from recomputed

    union all

    select
        'as_closed' as ledger_version,
        allocated_charge_id,
        original_accounting_period_start as accounting_period_start,
        original_billing_period_start as billing_period_start,
        case when posting_kind = 'Original' then billing_period_end end as billing_period_end,
        case when is_of_another_period then 'Correction' end as charge_class,
        case when is_of_another_period then corrected_billing_period_start end
            as corrected_billing_period_start,
        case when is_of_another_period then corrected_invoice_id end as corrected_invoice_id,
        case when posting_kind = 'Original' then correction_reason end as correction_reason,
        {{ focus_ai.typed_null('timestamp') }} as loaded_at,
        {{ focus_ai.column_list(columns) }}
    from last_posted
    where place = 1 and posting_kind <> 'Reversal'

)

select * from final
