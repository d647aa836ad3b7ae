{{ config(
    enabled=focus_ai.any_cost_source(),
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    full_refresh=false,
) }}

{{ focus_ai.closed_table('checklist') }}
