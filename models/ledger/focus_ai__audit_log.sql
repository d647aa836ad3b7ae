{{ config(
    enabled=focus_ai.any_cost_source(),
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
) }}

-- Rows come from operations only; a build makes the empty table and leaves it alone from then on.
select
    {{ focus_ai.null_columns(focus_ai.audit_log_columns(), indent=4) }}
where 1 = 0
