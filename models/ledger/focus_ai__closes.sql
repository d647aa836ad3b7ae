{{ config(
    enabled=focus_ai.any_cost_source(),
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    full_refresh=false,
) }}

-- Rows come from focus_ai_close and focus_ai_reopen only.
select
    {{ focus_ai.null_columns(focus_ai.close_columns(), indent=4) }}
where 1 = 0
