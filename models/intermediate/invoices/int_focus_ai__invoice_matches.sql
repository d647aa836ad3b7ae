{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set account = ['invoice_issuer_name', 'billing_account_id', 'billing_currency', 'billing_period_start'] %}
{%- set line_columns = account + [
    'invoice_id', 'invoice_line_id', 'charge_category', 'service_start', 'service_end', 'sub_account_id', 'model_id',
    'sku_meter', 'adjusted_billing_period_start', 'invoice_status',
] %}
{%- set fits = focus_ai.invoice_line_conditions('match_keys', 'standing_lines') %}

with

posted as (

    select * from {{ ref('int_focus_ai__posted') }}

),

keyed as (

    select
        posted.*,
        {{ focus_ai.invoice_match_key('posted') }} as invoice_match_key
    from posted

),

invoice_lines as (

    select * from {{ ref('int_focus_ai__invoice_lines') }}

),

ledger_versions as (

    select * from {{ ref('int_focus_ai__ledger_versions') }}

),

match_keys as (

    select
        invoice_match_key,
        source_relation,
        invoice_issuer_name,
        billing_account_id,
        billing_currency,
        charge_category,
        charge_class,
        charge_period_start,
        billing_period_start,
        sub_account_id,
        model_id,
        sku_meter,
        commitment_discount_status,
        corrected_billing_period_start,
        origin_invoice_id,
        origin_invoice_line_id,
        count(*) as row_count,
        sum(billed_cost) as billed_cost,
        -- Corrections that cancel (a reclass, a re-attributed charge) ask for no invoice.
        case
            when charge_class = 'Correction' or corrected_billing_period_start is not null
                then sum(billed_cost) <> 0
            else max(case when billed_cost <> 0 then 1 else 0 end) = 1
        end as has_billed_cost
    from keyed
    group by
        invoice_match_key,
        source_relation,
        invoice_issuer_name,
        billing_account_id,
        billing_currency,
        charge_category,
        charge_class,
        charge_period_start,
        billing_period_start,
        sub_account_id,
        model_id,
        sku_meter,
        commitment_discount_status,
        corrected_billing_period_start,
        origin_invoice_id,
        origin_invoice_line_id

),

-- Now; and the closes in whose knowledge an account's month was posted, unless they froze it.
moments as (

    select
        {{ focus_ai.column_list(account) }},
        {{ focus_ai.current_snapshot() }} as snapshot_period_start,
        {{ focus_ai.end_of_time() }} as known_until
    from match_keys

    union distinct

    select
        {{ focus_ai.column_list(account, 'invoice_lines') }},
        ledger_versions.snapshot_period_start,
        ledger_versions.known_until
    from invoice_lines
    inner join ledger_versions
        on
            invoice_lines.source_relation = ledger_versions.source_relation
            and invoice_lines.accounting_period_start = ledger_versions.accounting_period_start
            and not (ledger_versions.is_frozen and ledger_versions.version_number = 1)

),

-- A voided invoice is owed by nobody.
standing_lines as (

    select
        {{ focus_ai.column_list(line_columns, 'invoice_lines') }},
        {{ focus_ai.is_adjusting_at('invoice_lines', 'moments.known_until') }} as is_adjusting,
        moments.snapshot_period_start
    from moments
    inner join invoice_lines
        on
            {{ focus_ai.same_columns(account, 'moments', 'invoice_lines') }}
            and {{ focus_ai.is_owed_at('invoice_lines', 'moments.known_until') }}

),

-- All lines of the same account, currency and billing period: those that fit, and why the others do not.
compared as (

    select
        match_keys.invoice_match_key,
        standing_lines.snapshot_period_start,
        standing_lines.invoice_id,
        standing_lines.invoice_line_id,
        {%- for name, condition in fits.items() if name not in ['is_kind', 'is_corrected_period'] %}
        {{ condition }} as {{ name }},
        {%- endfor %}
        standing_lines.invoice_status
    from match_keys
    inner join standing_lines
        on
            {{ focus_ai.same_columns(account, 'match_keys', 'standing_lines') }}
            and ({{ fits.is_origin_known }} or ({{ fits.is_kind }} and {{ fits.is_corrected_period }}))
    where match_keys.commitment_discount_status is null

),

judged as (

    select
        *,
        is_origin and (is_origin_known or (is_category and is_service_window and is_grain)) as is_hit
    from compared

),

hits as (

    select
        invoice_match_key,
        snapshot_period_start,
        sum(case when is_hit then 1 else 0 end) as hit_count,
        max(case when is_hit then invoice_id end) as invoice_id,
        max(case when is_hit then invoice_line_id end) as invoice_line_id,
        max(case when is_hit then invoice_status end) as invoice_status,
        max(case when is_category then 1 else 0 end) = 1 as has_category,
        max(case when is_category and is_service_window then 1 else 0 end) = 1 as has_service_window
    from judged
    group by invoice_match_key, snapshot_period_start

),

final as (

    select
        match_keys.*,
        moments.snapshot_period_start,
        moments.snapshot_period_start = {{ focus_ai.current_snapshot() }} as is_current,
        coalesce(hits.hit_count, 0) as hit_count,
        case
            when hits.hit_count = 1 then 'Matched'
            when hits.hit_count > 1 then 'Ambiguous'
            when match_keys.commitment_discount_status is not null then 'NotInvoiced'
            when not match_keys.has_billed_cost then 'NotInvoiced'
            else 'Unmatched'
        end as match_status,
        case
            when hits.hit_count = 1 then null
            when hits.hit_count > 1 then 'SeveralLinesFit'
            when match_keys.commitment_discount_status is not null then 'PaidByPrepaidCredits'
            when not match_keys.has_billed_cost then 'NoBilledCost'
            when hits.invoice_match_key is null then 'NoInvoice'
            when match_keys.origin_invoice_line_id is not null then 'OriginLineNotFound'
            when not hits.has_category then 'NoLineOfCategory'
            when not hits.has_service_window then 'OutsideServiceWindows'
            else 'OutsideInvoiceDetailGrain'
        end as match_reason,
        case when hits.hit_count = 1 then hits.invoice_id end as invoice_id,
        case when hits.hit_count = 1 then hits.invoice_line_id end as invoice_detail_id,
        case
            when hits.hit_count = 1 and hits.invoice_status = 'Issued' then 'Invoiced'
            else 'ProviderReported'
        end as cost_basis
    from match_keys
    inner join moments
        on {{ focus_ai.same_columns(account, 'match_keys', 'moments') }}
    left join hits
        on
            match_keys.invoice_match_key = hits.invoice_match_key
            and moments.snapshot_period_start = hits.snapshot_period_start

)

select * from final
