{{ config(enabled=focus_ai.source_enabled('openai')) }}

{{ focus_ai.bucket_loads('openai', 'start_time', 'end_time', 'from_epoch_seconds') }}
