{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set key = [
    'accounting_period_start', 'source_relation', 'service_provider_name', 'billing_account_id', 'sub_account_id',
    'credential_id', 'unattributed_reason', 'charge_category', 'is_prior_period', 'currency',
] %}

with

cost as (

    select * from {{ ref('int_focus_ai__cost_in_reporting_currency') }}
    where unattributed_reason is not null

),

summed as (

    select
        {{ key | join(',\n        ') }},
        count(*) as charge_count,
        sum(request_count) as request_count,
        min(charge_period_start) as first_charged_at,
        max(charge_period_start) as last_charged_at,
        {{ focus_ai.known_sum('effective_cost') }} as effective_cost,
        {{ focus_ai.known_sum('reporting_effective_cost') }} as reporting_effective_cost
    from cost
    group by {{ key | join(', ') }}

),

final as (

    select
        {{ focus_ai.hash_id([
            focus_ai.utc_text('accounting_period_start'),
            'source_relation',
            'service_provider_name',
            'billing_account_id',
            'sub_account_id',
            'credential_id',
            'unattributed_reason',
            'charge_category',
            'cast(is_prior_period as ' ~ focus_ai.type_text() ~ ')',
            'currency',
        ]) }} as unattributed_spend_id,
        accounting_period_start,
        source_relation,
        service_provider_name,
        billing_account_id,
        sub_account_id,
        credential_id,
        unattributed_reason,
        charge_category,
        is_prior_period,
        cast(charge_count as {{ focus_ai.type_count() }}) as charge_count,
        cast(request_count as {{ focus_ai.type_count() }}) as request_count,
        first_charged_at,
        last_charged_at,
        currency,
        effective_cost,
        reporting_effective_cost,
        case when reporting_effective_cost is null then 'MissingRate' end as null_reason,
        case unattributed_reason
            when 'NoCredential'
                then 'Made without an API key (playground, workbench): give its users keys, or map projects'
            when 'NoAttributionRule'
                then 'Add an attribution rule for this credential, project or user'
            when 'NoCustomer'
                then 'Send the end user with the call, or add a rule that names the customer'
            when 'NoUsageEvidence'
                then 'Load the provider''s usage report for these days, grouped by API key'
            when 'AttributionDisabled'
                then 'Switch the source attribution on'
            when 'UnusedCommitment'
                then 'A prepaid grant expired unused: buy less, or use it earlier'
            when 'InvoiceLevelCharge'
                then 'Stands on the invoice as a whole: it belongs to no customer'
            else 'No weight to share it out by: check the usage of these days'
        end as remedy
    from summed

)

select * from final
