{#-
    A source's log of pulled buckets, the empty ones included (R12): one row per pull, valid until the next pull.

    source_name   raw source; its table bucket_loads may be missing: no log, then
    start, end    raw columns of the bucket's bounds
    moment        macro that reads them: 'parse_utc' or 'from_epoch_seconds'
-#}
{% macro bucket_loads(source_name, start, end, moment) -%}
with raw_loads as (

    {{ focus_ai.select_raw(
        source_name, 'bucket_loads',
        required=['organization_id', 'endpoint', start, end, 'loaded_at'],
        optional=['group_by', 'result_count'],
        if_missing='empty',
    ) }}

),

typed as (

    select
        '{{ source_name }}' as source_relation,
        organization_id as billing_account_id,
        endpoint,
        coalesce(group_by, '') as group_by,
        {{ focus_ai[moment](start) }} as bucket_start,
        {{ focus_ai[moment](end) }} as bucket_end,
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
{%- endmacro %}
