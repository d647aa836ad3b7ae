{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set known_until = 'coalesce(ledger_versions.known_until, ' ~ focus_ai.end_of_time() ~ ')' %}

with

invoice_lines as (

    select * from {{ ref('int_focus_ai__invoice_lines') }}

),

ledger_versions as (

    select * from {{ ref('int_focus_ai__ledger_versions') }}

),

matches as (

    select * from {{ ref('int_focus_ai__invoice_matches') }}
    where match_status = 'Matched'

),

-- Each line in the versions of its month that knew it, but for those that a close froze.
versions as (

    select
        invoice_lines.*,
        coalesce(ledger_versions.ledger_version, 'current') as ledger_version,
        coalesce(ledger_versions.version_number, 1) as version_number,
        coalesce(ledger_versions.snapshot_period_start, {{ focus_ai.current_snapshot() }})
            as snapshot_period_start,
        coalesce(ledger_versions.posting_period_start, invoice_lines.accounting_period_start)
            as posting_period_start,
        {{ focus_ai.is_owed_at('invoice_lines', known_until) }} as is_owed
    from invoice_lines
    left join ledger_versions
        on
            invoice_lines.source_relation = ledger_versions.source_relation
            and invoice_lines.accounting_period_start = ledger_versions.accounting_period_start
    where
        ledger_versions.ledger_version is null
        or (
            invoice_lines.known_at <= ledger_versions.known_until
            and not (ledger_versions.is_frozen and ledger_versions.version_number = 1)
        )

),

matched as (

    select
        invoice_issuer_name,
        invoice_id,
        invoice_detail_id,
        snapshot_period_start,
        sum(row_count) as row_count,
        sum(billed_cost) as billed_cost
    from matches
    group by invoice_issuer_name, invoice_id, invoice_detail_id, snapshot_period_start

),

final as (

    select
        versions.*,
        coalesce(matched.row_count, 0) as matched_row_count,
        {{ focus_ai.money('coalesce(matched.billed_cost, 0)') }} as matched_billed_cost,
        case
            when versions.is_owed
                then {{ focus_ai.money('versions.line_amount - coalesce(matched.billed_cost, 0)') }}
            else {{ focus_ai.money('0') }}
        end as difference,
        {{ focus_ai.invoice_line_tolerance('versions.currency_subunit') }} as tolerance
    from versions
    left join matched
        on
            versions.invoice_issuer_name = matched.invoice_issuer_name
            and versions.invoice_id = matched.invoice_id
            and versions.invoice_line_id = matched.invoice_detail_id
            and versions.snapshot_period_start = matched.snapshot_period_start

)

select * from final
