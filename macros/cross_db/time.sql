{#- Time is naive UTC everywhere; windows are half open, [start, end). -#}

{#- Start of the UTC hour, day or month that holds a timestamp. -#}
{% macro period_start(grain, timestamp) -%}
cast({{ dbt.date_trunc(grain, timestamp) }} as {{ focus_ai.type_timestamp() }})
{%- endmacro %}

{#- End (exclusive) of that hour, day or month. -#}
{% macro period_end(grain, timestamp) -%}
cast({{ dbt.dateadd(grain, 1, focus_ai.period_start(grain, timestamp)) }} as {{ focus_ai.type_timestamp() }})
{%- endmacro %}

{% macro month_start(timestamp) %}{{ focus_ai.period_start('month', timestamp) }}{% endmacro %}
{% macro month_end(timestamp) %}{{ focus_ai.period_end('month', timestamp) }}{% endmacro %}

{#- `2026-01-31T23:59:59Z` of a timestamp: the canonical text of R18, and the FOCUS date/time format. -#}
{% macro utc_text(timestamp) %}{{ return(adapter.dispatch('utc_text', 'focus_ai')(timestamp)) }}{% endmacro %}
{% macro default__utc_text(timestamp) -%}
date_format({{ timestamp }}, "yyyy-MM-dd'T'HH:mm:ss'Z'")
{%- endmacro %}
{% macro duckdb__utc_text(timestamp) -%}
strftime({{ timestamp }}, '%Y-%m-%dT%H:%M:%SZ')
{%- endmacro %}
{% macro snowflake__utc_text(timestamp) -%}
to_char({{ timestamp }}, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
{%- endmacro %}

{#- `2026-01`: the month that holds a timestamp. -#}
{% macro month_text(timestamp) -%}
substr({{ focus_ai.utc_text(timestamp) }}, 1, 7)
{%- endmacro %}

{#- Timestamp of whole seconds since 1970-01-01T00:00:00Z. -#}
{% macro from_epoch_seconds(seconds) %}{{ return(adapter.dispatch('from_epoch_seconds', 'focus_ai')(seconds)) }}{% endmacro %}
{% macro default__from_epoch_seconds(seconds) -%}
cast(timestamp_seconds(cast({{ seconds }} as bigint)) as {{ focus_ai.type_timestamp() }})
{%- endmacro %}
{% macro duckdb__from_epoch_seconds(seconds) -%}
make_timestamp(cast({{ seconds }} as bigint) * 1000000)
{%- endmacro %}
{% macro snowflake__from_epoch_seconds(seconds) -%}
to_timestamp_ntz(cast({{ seconds }} as integer))
{%- endmacro %}

{#- A timestamp without zone, read as the time in one zone, as the time in another (IANA names). -#}
{% macro change_time_zone(timestamp, from_zone, to_zone) %}
    {{- return(adapter.dispatch('change_time_zone', 'focus_ai')(timestamp, from_zone, to_zone)) -}}
{% endmacro %}
{% macro default__change_time_zone(timestamp, from_zone, to_zone) -%}
cast(
    from_utc_timestamp(to_utc_timestamp({{ timestamp }}, '{{ from_zone }}'), '{{ to_zone }}')
    as {{ focus_ai.type_timestamp() }}
)
{%- endmacro %}
{% macro duckdb__change_time_zone(timestamp, from_zone, to_zone) -%}
timezone('{{ to_zone }}', timezone('{{ from_zone }}', {{ timestamp }}))
{%- endmacro %}
{% macro snowflake__change_time_zone(timestamp, from_zone, to_zone) -%}
convert_timezone('{{ from_zone }}', '{{ to_zone }}', {{ timestamp }})
{%- endmacro %}

{#- The moment at which dbt runs this macro, as such a text (a value of Jinja, not SQL). -#}
{% macro now_text() %}
    {{ return(modules.datetime.datetime.now(modules.pytz.utc).strftime('%Y-%m-%dT%H:%M:%SZ')) }}
{% endmacro %}
