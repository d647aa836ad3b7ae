{{ config(enabled=focus_ai.source_enabled('anthropic')) }}

{{ focus_ai.bucket_loads('anthropic', 'starting_at', 'ending_at', 'parse_utc') }}
