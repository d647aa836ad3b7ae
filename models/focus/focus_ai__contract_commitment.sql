{{ config(enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('prepaid_grants')) }}

with

grants as (

    select * from {{ ref('int_focus_ai__prepaid_grants') }}

),

drawdown as (

    select * from {{ ref('int_focus_ai__prepaid_drawdown') }}
    where is_current

),

drawn as (

    select
        source_relation,
        grant_id,
        sum(draw_face_amount) as face_amount,
        {{ focus_ai.period_end('day', 'max(charge_period_start)') }} as last_drawn_at
    from drawdown
    group by source_relation, grant_id

),

judged as (

    select
        grants.*,
        drawn.last_drawn_at,
        case
            when grants.purchased_at > grants.known_until then 'Pending'
            when coalesce(drawn.face_amount, 0) = grants.face_amount then 'Exhausted'
            when grants.available_until <= grants.known_until then 'Expired'
            else 'Active'
        end as lifecycle_status
    from grants
    left join drawn
        on
            grants.source_relation = drawn.source_relation
            and grants.grant_id = drawn.grant_id

),

final as (

    select
        billing_currency as "BillingCurrency",
        {{ focus_ai.json_object([
            ('InclusionOperator', "'\"And\"'"),
            ('Inclusions', "'[{\"Dimension\":\"BillingAccountId\",\"Operator\":\"In\",\"Values\":[' || "
                ~ focus_ai.json_string('billing_account_id')
                ~ " || ']},{\"Dimension\":\"BillingCurrency\",\"Operator\":\"In\",\"Values\":[' || "
                ~ focus_ai.json_string('billing_currency') ~ " || ']}]'"),
        ]) }} as "ContractCommitmentApplicability",
        case when paid_amount < face_amount then 'Discount' else 'Entitlement' end
            as "ContractCommitmentBenefitCategory",
        'Spend' as "ContractCommitmentCategory",
        paid_amount as "ContractCommitmentCost",
        recorded_at as "ContractCommitmentCreated",
        'Prepaid credits ' || grant_id as "ContractCommitmentDescription",
        case
            when paid_amount < face_amount
                then cast(
                    1 - {{ focus_ai.divide('paid_amount', 'face_amount', 12) }} as {{ focus_ai.type_ratio() }}
                )
        end as "ContractCommitmentDiscountPercentage",
        case
            when expires_at is null then 'Indefinite'
            else {{ focus_ai.count_text(dbt.datediff('purchased_at', 'expires_at', 'day')) }} || ' Days'
        end as "ContractCommitmentDurationType",
        'Full Period' as "ContractCommitmentFulfillmentInterval",
        grant_id as "ContractCommitmentId",
        case
            when lifecycle_status = 'Exhausted'
                then greatest(recorded_at, coalesce(last_drawn_at, recorded_at))
            when lifecycle_status = 'Expired' then greatest(recorded_at, expires_at)
            else recorded_at
        end as "ContractCommitmentLastUpdated",
        lifecycle_status as "ContractCommitmentLifecycleStatus",
        'Discontinuous' as "ContractCommitmentModel",
        case when paid_amount < face_amount then 'Negotiated' else 'Public' end
            as "ContractCommitmentOfferCategory",
        'One-Time' as "ContractCommitmentPaymentInterval",
        'All Upfront' as "ContractCommitmentPaymentModel",
        cast(1 as {{ focus_ai.type_ratio() }}) as "ContractCommitmentPaymentUpfrontPercentage",
        available_until as "ContractCommitmentPeriodEnd",
        purchased_at as "ContractCommitmentPeriodStart",
        face_amount as "ContractCommitmentQuantity",
        'Prepaid Credits' as "ContractCommitmentType",
        billing_currency as "ContractCommitmentUnit",
        grant_id as "ContractId",
        available_until as "ContractPeriodEnd",
        purchased_at as "ContractPeriodStart",
        invoice_issuer_name as "InvoiceIssuerName",
        billing_currency as "PricingCurrency",
        paid_amount as "PricingCurrencyContractCommitmentCost",
        service_provider_name as "ServiceProviderName"
    from judged

)

select * from final
