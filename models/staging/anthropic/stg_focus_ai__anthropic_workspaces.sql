{{ config(enabled=focus_ai.source_enabled('anthropic')) }}

with raw_workspaces as (

    {{ focus_ai.select_raw(
        'anthropic', 'workspaces',
        required=['id', 'name', 'organization_id'],
        optional=['created_at', 'archived_at'],
        if_missing='empty',
    ) }}

)

select
    organization_id as billing_account_id,
    id as workspace_id,
    name as workspace_name,
    {{ focus_ai.parse_utc('created_at') }} as created_at,
    {{ focus_ai.parse_utc('archived_at') }} as archived_at
from raw_workspaces
