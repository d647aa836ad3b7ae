{{ config(enabled=focus_ai.source_enabled('anthropic')) }}

with raw_loads as (

    {{ focus_ai.select_raw(
        'anthropic', 'bucket_loads',
        required=['organization_id', 'endpoint', 'starting_at', 'ending_at', 'loaded_at'],
        optional=['group_by', 'result_count'],
        if_missing='empty',
    ) }}

),

typed as (

    select
        'anthropic' as source_relation,
        organization_id as billing_account_id,
        endpoint,
        coalesce(group_by, '') as group_by,
        {{ focus_ai.parse_utc('starting_at') }} as bucket_start,
        {{ focus_ai.parse_utc('ending_at') }} as bucket_end,
        cast(result_count as {{ focus_ai.type_count() }}) as result_count,
        {{ focus_ai.parse_utc('loaded_at') }} as loaded_at
    from raw_loads

)

select
    source_relation,
    billing_account_id,
    endpoint,
    group_by,
    bucket_start,
    bucket_end,
    result_count,
    loaded_at,
    lead(loaded_at) over (
        partition by billing_account_id, endpoint, group_by, bucket_start, bucket_end
        order by loaded_at
    ) as superseded_at
from typed
