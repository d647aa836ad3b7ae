{{ config(enabled=focus_ai.any_cost_source(), materialized='view') }}

{{ focus_ai.margin_by('agent_id') }}
