{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set reversed_columns = focus_ai.reversed_columns().keys() | list %}
{%- set carried_columns = focus_ai.carried_columns().keys() | list %}
{%- set charge_columns = [
    'ledger_version', 'allocated_charge_id', 'accounting_period_start', 'billing_period_start', 'billing_period_end',
    'charge_class', 'corrected_billing_period_start', 'corrected_invoice_id', 'correction_reason', 'loaded_at',
] + carried_columns + reversed_columns %}
{%- set content = [
    focus_ai.decimal_text('billed_cost'), focus_ai.decimal_text('effective_cost'), focus_ai.decimal_text('list_cost'),
    focus_ai.decimal_text('contracted_cost'), focus_ai.decimal_text('commitment_discount_quantity'),
    focus_ai.decimal_text('consumed_quantity'), 'consumed_unit', focus_ai.decimal_text('pricing_quantity'),
    'pricing_unit', focus_ai.decimal_text('list_unit_price'), focus_ai.decimal_text('contracted_unit_price'),
    'sku_price_id', focus_ai.count_text('request_count'),
] %}

with

costed as (

    select * from {{ ref('int_focus_ai__costed') }}
    where ledger_version <> 'as_closed'

),

closed_charges as (

    select * from {{ ref('int_focus_ai__closed_charges') }}

),

frozen_charges as (

    select * from {{ ref('focus_ai__closed_charges') }}

),

ledger_versions as (

    select
        *,
        max(version_number) over (partition by source_relation, accounting_period_start)
            as last_version_number
    from {{ ref('int_focus_ai__ledger_versions') }}

),

invoice_lines as (

    select * from {{ ref('int_focus_ai__invoice_lines') }}

),

-- Which charges an approved reclass, or the withdrawal of one, moved in which version.
reclasses as (

    select
        sku_charges.charge_key,
        sku_charges.ledger_version,
        max(requests.decided_at) as decided_at
    from {{ ref('int_focus_ai__override_matches') }} as matches
    inner join {{ ref('int_focus_ai__override_requests') }} as requests
        on matches.request_id = requests.request_id
    inner join {{ ref('int_focus_ai__priced') }} as sku_charges
        on
            matches.ledger_version = sku_charges.ledger_version
            and matches.sku_charge_id = sku_charges.sku_charge_id
    where
        matches.stage_name in ('reclass', 'reclass_withdrawal')
        and matches.conflicting_request_id is null
    group by sku_charges.charge_key, sku_charges.ledger_version

),

accounting_periods as (

    select * from {{ ref('int_focus_ai__accounting_periods') }}

),

moments as (

    select distinct known_until
    from ledger_versions

),

-- What an issuer's billing period cost is settled once it is invoiced.
invoiced_billing_periods as (

    select
        moments.known_until,
        invoice_lines.invoice_issuer_name,
        invoice_lines.billing_account_id,
        invoice_lines.billing_currency,
        invoice_lines.billing_period_start,
        min(invoice_lines.known_at) as invoiced_at
    from moments
    inner join invoice_lines
        on
            {{ focus_ai.is_owed_at('invoice_lines', 'moments.known_until') }}
            and not {{ focus_ai.is_adjusting_at('invoice_lines', 'moments.known_until') }}
    group by
        moments.known_until, invoice_lines.invoice_issuer_name, invoice_lines.billing_account_id,
        invoice_lines.billing_currency, invoice_lines.billing_period_start

),

charges as (

    select
        {{ focus_ai.column_list(charge_columns) }}
    from closed_charges
    union all
    select
        {{ focus_ai.column_list(charge_columns) }}
    from costed

),

versioned as (

    select
        charges.*,
        {{ focus_ai.hash_id(content) }} as content_hash,
        ledger_versions.is_frozen,
        ledger_versions.version_number,
        ledger_versions.last_version_number
    from charges
    inner join ledger_versions
        on
            charges.source_relation = ledger_versions.source_relation
            and charges.accounting_period_start = ledger_versions.accounting_period_start
            and charges.ledger_version = ledger_versions.ledger_version

),

cells as (

    select
        versioned.charge_key,
        versioned.version_number,
        max(versioned.loaded_at) as loaded_at,
        max(reclasses.decided_at) as reclassified_at,
        coalesce(sum(versioned.billed_cost), 0) as billed_cost,
        coalesce(sum(versioned.effective_cost), 0) as effective_cost
    from versioned
    left join reclasses
        on
            versioned.charge_key = reclasses.charge_key
            and versioned.ledger_version = reclasses.ledger_version
    group by versioned.charge_key, versioned.version_number

),

-- What a version has no more, or not so, is reversed in its posting period; what is new in it is entered.
differences as (

    select
        'Reversal' as posting_kind,
        versioned.allocated_charge_id,
        versioned.charge_key,
        versioned.source_relation,
        versioned.accounting_period_start,
        versioned.version_number as row_version_number,
        versioned.version_number + 1 as to_version_number
    from versioned
    left join versioned as next_rows
        on
            versioned.allocated_charge_id = next_rows.allocated_charge_id
            and versioned.content_hash = next_rows.content_hash
            and versioned.version_number + 1 = next_rows.version_number
    where
        versioned.version_number < versioned.last_version_number
        and next_rows.allocated_charge_id is null

    union all

    select
        'Re-entry' as posting_kind,
        versioned.allocated_charge_id,
        versioned.charge_key,
        versioned.source_relation,
        versioned.accounting_period_start,
        versioned.version_number as row_version_number,
        versioned.version_number as to_version_number
    from versioned
    left join versioned as previous_rows
        on
            versioned.allocated_charge_id = previous_rows.allocated_charge_id
            and versioned.content_hash = previous_rows.content_hash
            and versioned.version_number - 1 = previous_rows.version_number
    where
        versioned.version_number > 1
        and previous_rows.allocated_charge_id is null

),

compared as (

    select
        differences.*,
        to_versions.posting_period_start,
        to_versions.known_until,
        from_versions.posted_through,
        from_cells.charge_key is null as is_new_cell,
        to_cells.charge_key is null as is_gone_cell,
        from_cells.billed_cost = to_cells.billed_cost and from_cells.effective_cost = to_cells.effective_cost
            as is_same_cost,
        coalesce(to_versions.newest_usage_at > from_versions.posted_through, false) as is_usage_news,
        case when to_cells.loaded_at > from_versions.posted_through then to_cells.loaded_at end
            as restated_at,
        case when to_cells.reclassified_at > from_versions.posted_through then to_cells.reclassified_at end
            as reclassified_at
    from differences
    inner join ledger_versions as from_versions
        on
            differences.source_relation = from_versions.source_relation
            and differences.accounting_period_start = from_versions.accounting_period_start
            and differences.to_version_number = from_versions.version_number + 1
    inner join ledger_versions as to_versions
        on
            differences.source_relation = to_versions.source_relation
            and differences.accounting_period_start = to_versions.accounting_period_start
            and differences.to_version_number = to_versions.version_number
    left join cells as from_cells
        on
            differences.charge_key = from_cells.charge_key
            and differences.to_version_number = from_cells.version_number + 1
    left join cells as to_cells
        on
            differences.charge_key = to_cells.charge_key
            and differences.to_version_number = to_cells.version_number

),

-- A closed cell that costs what it did is not given to others unless usage, the cell's own evidence or an
-- approved reclass says so: a rule, mapping or price that is edited in place posts nothing (R14).
explained as (

    select
        posting_kind,
        allocated_charge_id,
        accounting_period_start,
        row_version_number,
        posting_period_start,
        known_until,
        coalesce(restated_at, reclassified_at, posted_through) as known_since,
        case
            when is_new_cell then 'LateCharge'
            when is_gone_cell then 'WithdrawnCharge'
            when restated_at is not null then 'RestatedCharge'
            when reclassified_at is not null and is_same_cost then 'Reclass'
            else 'RestatedAccount'
        end as correction_reason
    from compared
    where
        not coalesce(is_same_cost, false)
        or is_usage_news
        or restated_at is not null
        or reclassified_at is not null

),

-- While the issuer's billing period is open and not invoiced, a change in it corrects no earlier one, though
-- the company has closed the period that it falls in: a fiscal calendar does so before the month ends.
placed_charges as (

    select
        versioned.*,
        explained.posting_kind,
        explained.posting_period_start,
        explained.correction_reason as posting_reason,
        {{ focus_ai.accounting_period_of_billing('versioned.billing_period_start') }}
        >= explained.posting_period_start
        and coalesce(invoiced_billing_periods.invoiced_at >= explained.known_since, true)
            as is_billing_period_open
    from versioned
    inner join explained
        on
            versioned.allocated_charge_id = explained.allocated_charge_id
            and versioned.accounting_period_start = explained.accounting_period_start
            and versioned.version_number = explained.row_version_number
    left join invoiced_billing_periods
        on
            versioned.invoice_issuer_name = invoiced_billing_periods.invoice_issuer_name
            and versioned.billing_account_id = invoiced_billing_periods.billing_account_id
            and versioned.billing_currency = invoiced_billing_periods.billing_currency
            and versioned.billing_period_start = invoiced_billing_periods.billing_period_start
            and explained.known_until = invoiced_billing_periods.known_until

),

billed_charges as (

    select
        *,
        case
            when is_billing_period_open then billing_period_start
            else {{ focus_ai.billing_period_of_corrections('posting_period_start') }}
        end as posting_billing_period_start
    from placed_charges

),

corrections as (

    {%- for posting_kind, sign in [('Reversal', '-'), ('Re-entry', '')] %}
    select
        {{ focus_ai.hash_id([
            'billed_charges.allocated_charge_id',
            'billed_charges.posting_kind',
            focus_ai.utc_text('billed_charges.posting_period_start'),
        ]) }} as posted_charge_id,
        billed_charges.allocated_charge_id,
        billed_charges.posting_kind,
        case when billed_charges.is_billing_period_open then billed_charges.charge_class else 'Correction' end
            as charge_class,
        billed_charges.posting_period_start as accounting_period_start,
        billed_charges.posting_billing_period_start as billing_period_start,
        {{ focus_ai.month_end('billed_charges.posting_billing_period_start') }} as billing_period_end,
        billed_charges.accounting_period_start as original_accounting_period_start,
        billed_charges.billing_period_start as original_billing_period_start,
        coalesce(billed_charges.corrected_billing_period_start, billed_charges.billing_period_start)
            as corrected_billing_period_start,
        coalesce(billed_charges.corrected_invoice_id, billed_charges.origin_invoice_id)
            as corrected_invoice_id,
        billed_charges.posting_reason as correction_reason,
        {{ focus_ai.column_list(carried_columns, 'billed_charges') }},
        {{ focus_ai.signed_columns(reversed_columns, 'billed_charges', sign) }}
    from billed_charges
    where billed_charges.posting_kind = '{{ posting_kind }}'
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

originals as (

    select
        allocated_charge_id as posted_charge_id,
        allocated_charge_id,
        'Original' as posting_kind,
        charge_class,
        accounting_period_start,
        billing_period_start,
        billing_period_end,
        accounting_period_start as original_accounting_period_start,
        billing_period_start as original_billing_period_start,
        corrected_billing_period_start,
        corrected_invoice_id,
        correction_reason,
        {{ focus_ai.column_list(carried_columns + reversed_columns) }}
    from versioned
    where version_number = 1 and not is_frozen

),

-- Frozen rows are posted as they are, corrections of earlier periods among them.
frozen as (

    select
        {{ focus_ai.column_list(focus_ai.posted_columns().keys() | list, 'frozen_charges') }}
    from frozen_charges
    inner join accounting_periods
        on frozen_charges.close_id = accounting_periods.close_id

),

final as (

    select * from originals
    union all
    select * from corrections
    union all
    select * from frozen

)

select * from final
