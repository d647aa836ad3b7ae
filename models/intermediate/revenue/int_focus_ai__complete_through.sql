{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set has_bucket_loads = focus_ai.input_enabled('bucket_loads') %}

with

bills as (

    select
        source_relation,
        billing_account_id,
        endpoint,
        coalesce(group_by, '') as group_by,
        max(charge_period_end) as last_charge_end
    from {{ ref('focus_ai__billed_cost') }}
    where superseded_at is null
    group by source_relation, billing_account_id, endpoint, coalesce(group_by, '')

),

{%- if has_bucket_loads %}

-- A bucket that was pulled before it ended will still grow; one that was pulled empty is complete.
complete_buckets as (

    select
        source_relation,
        billing_account_id,
        endpoint,
        coalesce(group_by, '') as group_by,
        bucket_start,
        bucket_end
    from {{ ref('focus_ai__bucket_loads') }}
    where
        superseded_at is null
        and loaded_at >= bucket_end

),

ordered_buckets as (

    select
        *,
        max(bucket_end) over (
            partition by source_relation, billing_account_id, endpoint, group_by
            order by bucket_start, bucket_end
            rows between unbounded preceding and 1 preceding
        ) as covered_until
    from complete_buckets

),

-- A day that was never pulled ends what is complete, however much was pulled after it.
bucket_coverage as (

    select
        source_relation,
        billing_account_id,
        endpoint,
        group_by,
        coalesce(
            min(case when bucket_start > covered_until then covered_until end), max(bucket_end)
        ) as complete_through
    from ordered_buckets
    group by source_relation, billing_account_id, endpoint, group_by

),

-- A bill without a log of its loads is taken to be complete through its last charge.
coverage as (

    select
        bills.source_relation,
        bills.billing_account_id,
        coalesce(bucket_coverage.complete_through, bills.last_charge_end) as complete_through
    from bills
    left join bucket_coverage
        on
            bills.source_relation = bucket_coverage.source_relation
            and bills.billing_account_id = bucket_coverage.billing_account_id
            and bills.endpoint = bucket_coverage.endpoint
            and bills.group_by = bucket_coverage.group_by

),
{%- else %}

coverage as (

    select
        source_relation,
        billing_account_id,
        last_charge_end as complete_through
    from bills

),
{%- endif %}

final as (

    select
        source_relation,
        billing_account_id,
        min(complete_through) as complete_through
    from coverage
    group by source_relation, billing_account_id

)

select * from final
