{{ config(enabled=focus_ai.source_enabled('litellm')) }}

with raw_models as (

    {{ focus_ai.select_raw(
        'litellm', 'proxy_model_table',
        required=['model_id', 'model_name', 'model_info'],
        if_missing='empty',
    ) }}

)

select
    model_id as deployment_id,
    model_name as deployment_name,
    {{ focus_ai.json_text('model_info', 'provider_credential_id') }} as credential_id
from raw_models
