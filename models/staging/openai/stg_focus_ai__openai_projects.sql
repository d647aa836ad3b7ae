{{ config(enabled=focus_ai.source_enabled('openai')) }}

with raw_projects as (

    {{ focus_ai.select_raw(
        'openai', 'projects',
        required=['id', 'name', 'organization_id'],
        optional=['status', 'created_at'],
        if_missing='empty',
    ) }}

)

select
    organization_id as billing_account_id,
    id as project_id,
    name as project_name,
    status as project_status,
    {{ focus_ai.from_epoch_seconds('created_at') }} as created_at
from raw_projects
