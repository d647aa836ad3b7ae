{{ config(enabled=focus_ai.source_enabled('anthropic')) }}

with raw_keys as (

    {{ focus_ai.select_raw(
        'anthropic', 'api_keys',
        required=['id', 'name'],
        optional=['workspace_id', 'status', 'created_at'],
        if_missing='empty',
    ) }}

)

select
    id as credential_id,
    name as credential_name,
    coalesce(workspace_id, 'default') as workspace_id,
    status as credential_status,
    {{ focus_ai.parse_utc('created_at') }} as created_at
from raw_keys
