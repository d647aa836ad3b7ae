{{ config(enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('journal_accounts')) }}

{%- set document = [
    'journal_id', 'journal_type', 'accounting_period_start', 'posting_date', 'vendor', 'reference', 'entity_id',
    'currency', 'subunits_per_unit',
] %}

with

postings as (

    select * from {{ ref('int_focus_ai__journal_postings') }}

),

accounting_periods as (

    select
        accounting_period_start,
        status
    from {{ ref('int_focus_ai__accounting_periods') }}

),

-- A cost center is charged with cost; the other side is the balance sheet's.
sides as (

    select
        {{ document | join(',\n        ') }},
        debit_account as account_id,
        cost_center,
        exact_amount,
        subunits
    from postings

    union all

    select
        {{ document | join(',\n        ') }},
        credit_account as account_id,
        {{ focus_ai.typed_null('text') }} as cost_center,
        -exact_amount as exact_amount,
        -subunits as subunits
    from postings

),

lines as (

    select
        {{ document | join(',\n        ') }},
        account_id,
        cost_center,
        sum(exact_amount) as exact_amount,
        sum(subunits) as subunits
    from sides
    group by
        {{ document | join(',\n        ') }},
        account_id,
        cost_center
    having sum(subunits) <> 0 or sum(exact_amount) <> 0

),

final as (

    select
        {{ focus_ai.hash_id(['lines.journal_id', 'lines.account_id', 'lines.cost_center']) }}
            as journal_line_id,
        lines.journal_id,
        row_number() over (
            partition by lines.journal_id
            order by
                case when lines.subunits < 0 then 1 else 0 end asc,
                lines.account_id asc,
                coalesce(lines.cost_center, '') asc
        ) as line_number,
        lines.journal_type,
        lines.accounting_period_start,
        coalesce(accounting_periods.status, 'Open') as accounting_period_status,
        lines.posting_date,
        lines.entity_id,
        lines.currency,
        lines.account_id,
        lines.cost_center,
        cast(case when lines.subunits > 0 then lines.subunits else 0 end as {{ focus_ai.type_count() }})
            as debit_subunits,
        cast(case when lines.subunits < 0 then -lines.subunits else 0 end as {{ focus_ai.type_count() }})
            as credit_subunits,
        cast(lines.subunits_per_unit as {{ focus_ai.type_count() }}) as subunits_per_unit,
        {{ focus_ai.money('lines.exact_amount') }} as exact_amount,
        lines.vendor,
        lines.reference,
        lines.vendor || case
            when lines.journal_type = 'Invoice' then ' invoice ' || lines.reference
            when lines.journal_type = 'InvoiceVoid' then ' invoice ' || lines.reference || ' voided'
            when lines.journal_type = 'PrepaidUsage' then ' usage paid with prepaid credits'
            when lines.journal_type = 'Reclass' then ' usage moved between owners'
            when lines.reference = 'Estimate' then ' usage not billed at month end, estimated'
            else ' usage not invoiced at month end'
        end
        || case when lines.journal_type = 'AccrualReversal' then ': reversal' else '' end as description
    from lines
    left join accounting_periods
        on lines.accounting_period_start = accounting_periods.accounting_period_start

)

select * from final
