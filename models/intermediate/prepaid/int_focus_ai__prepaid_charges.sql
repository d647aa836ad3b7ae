{{ config(enabled=focus_ai.any_cost_source()) }}

with

grants as (

    select * from {{ ref('int_focus_ai__prepaid_grants') }}

),

drawdown as (

    select * from {{ ref('int_focus_ai__prepaid_drawdown') }}

),

ledger_versions as (

    select * from {{ ref('int_focus_ai__ledger_versions') }}

),

drawn_by_snapshot as (

    select
        snapshot_period_start,
        source_relation,
        grant_id,
        sum(draw_face_amount) as face_amount,
        sum(draw_effective_cost) as effective_cost
    from drawdown
    group by snapshot_period_start, source_relation, grant_id

),

-- The last day of validity carries what was left on it.
dated_grants as (

    select
        *,
        {{ focus_ai.period_start('day', dbt.dateadd('second', -1, 'expires_at')) }} as expiry_day,
        {{ focus_ai.accounting_period_of_day(dbt.dateadd('second', -1, 'expires_at')) }}
            as expiry_accounting_period_start
    from grants

),

purchase_versions as (

    select
        grants.*,
        ledger_versions.ledger_version
    from grants
    inner join ledger_versions
        on
            grants.source_relation = ledger_versions.source_relation
            and grants.purchase_accounting_period_start = ledger_versions.accounting_period_start
            and grants.recorded_at <= ledger_versions.known_until

),

-- What was left at each close, and now: once a load reaches past the expiry.
expiry_versions as (

    select
        dated_grants.*,
        ledger_versions.ledger_version,
        drawn_by_snapshot.face_amount as drawn_face_amount,
        drawn_by_snapshot.effective_cost as drawn_effective_cost
    from dated_grants
    inner join ledger_versions
        on
            dated_grants.source_relation = ledger_versions.source_relation
            and dated_grants.expiry_accounting_period_start = ledger_versions.accounting_period_start
            and dated_grants.recorded_at <= ledger_versions.known_until
            and dated_grants.expires_at <= coalesce(ledger_versions.as_of, dated_grants.known_until)
    left join drawn_by_snapshot
        on
            dated_grants.source_relation = drawn_by_snapshot.source_relation
            and dated_grants.grant_id = drawn_by_snapshot.grant_id
            and ledger_versions.snapshot_period_start = drawn_by_snapshot.snapshot_period_start

),

purchases as (

    select
        {{- focus_ai.select_charge({
            'ledger_version': 'ledger_version',
            'accounting_period_start': 'purchase_accounting_period_start',
            'source_relation': 'source_relation',
            'charge_key': focus_ai.hash_id(["'prepaid_purchase'", 'source_relation', 'grant_id']),
            'endpoint': "'prepaid_grants'",
            'charge_category': "'Purchase'",
            'charge_frequency': "'One-Time'",
            'charge_description': "'Prepaid credits ' || grant_id",
            'billing_account_id': 'billing_account_id',
            'charge_period_start': 'available_from',
            'charge_period_end': focus_ai.period_end('day', 'purchased_at'),
            'billing_period_start': 'purchase_billing_period_start',
            'billing_period_end': 'purchase_billing_period_end',
            'service_provider_name': 'service_provider_name',
            'host_provider_name': 'host_provider_name',
            'invoice_issuer_name': 'invoice_issuer_name',
            'service_name': 'service_name',
            'billing_currency': 'billing_currency',
            'loaded_at': 'recorded_at',
            'billed_cost': 'paid_amount',
            'effective_cost': '0',
            'pricing_category': "'Standard'",
            'commitment_discount_category': "'Spend'",
            'commitment_discount_id': 'grant_id',
            'commitment_discount_name': "'Prepaid credits ' || grant_id",
            'commitment_discount_quantity': 'face_amount',
            'commitment_discount_type': "'Prepaid Credits'",
            'commitment_discount_unit': 'billing_currency',
            'resource_id': 'grant_id',
            'resource_name': "'Prepaid credits ' || grant_id",
            'resource_type': "'Prepaid Credits'",
            'origin_invoice_id': 'invoice_id',
            'origin_invoice_line_id': 'invoice_line_id',
        }) }}
    from purchase_versions

),

expiries as (

    select
        {{- focus_ai.select_charge({
            'ledger_version': 'ledger_version',
            'accounting_period_start': 'expiry_accounting_period_start',
            'source_relation': 'source_relation',
            'charge_key': focus_ai.hash_id(["'prepaid_expiry'", 'source_relation', 'grant_id']),
            'endpoint': "'prepaid_grants'",
            'charge_category': "'Usage'",
            'charge_frequency': "'One-Time'",
            'charge_description': "'Expired prepaid credits ' || grant_id",
            'billing_account_id': 'billing_account_id',
            'charge_period_start': 'expiry_day',
            'charge_period_end': focus_ai.period_end('day', 'expiry_day'),
            'billing_period_start': focus_ai.month_start('expiry_day'),
            'billing_period_end': focus_ai.month_end('expiry_day'),
            'service_provider_name': 'service_provider_name',
            'host_provider_name': 'host_provider_name',
            'invoice_issuer_name': 'invoice_issuer_name',
            'service_name': 'service_name',
            'billing_currency': 'billing_currency',
            'loaded_at': 'recorded_at',
            'billed_cost': '0',
            'effective_cost': 'paid_amount - coalesce(drawn_effective_cost, 0)',
            'pricing_category': "'Committed'",
            'commitment_discount_category': "'Spend'",
            'commitment_discount_id': 'grant_id',
            'commitment_discount_name': "'Prepaid credits ' || grant_id",
            'commitment_discount_quantity': 'face_amount - coalesce(drawn_face_amount, 0)',
            'commitment_discount_status': "'Unused'",
            'commitment_discount_type': "'Prepaid Credits'",
            'commitment_discount_unit': 'billing_currency',
            'resource_id': 'grant_id',
            'resource_name': "'Prepaid credits ' || grant_id",
            'resource_type': "'Prepaid Credits'",
        }) }}
    from expiry_versions
    where face_amount > coalesce(drawn_face_amount, 0)

),

final as (

    select * from purchases
    union all
    select * from expiries

)

select * from final
