{{ config(enabled=focus_ai.source_enabled('openai')) }}

with raw_keys as (

    {{ focus_ai.select_raw(
        'openai', 'project_api_keys',
        required=['id', 'name', 'project_id'],
        optional=['owner_type', 'owner_id', 'created_at'],
        if_missing='empty',
    ) }}

)

select
    id as credential_id,
    name as credential_name,
    project_id,
    owner_type,
    owner_id,
    {{ focus_ai.from_epoch_seconds('created_at') }} as created_at
from raw_keys
