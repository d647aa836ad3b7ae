{#- Text to a UTC timestamp without zone. An offset in the text is honoured; without one the text is UTC already. -#}
{% macro parse_utc(text) %}
    {{ return(adapter.dispatch('parse_utc', 'focus_ai')(text)) }}
{% endmacro %}

{% macro default__parse_utc(text) -%}
    cast({{ text }} as {{ dbt.type_timestamp() }})
{%- endmacro %}

{% macro duckdb__parse_utc(text) -%}
    case
        when regexp_matches({{ text }}, ':\d\d(\.\d+)?\s*(Z|[+-]\d\d(:?\d\d)?)$')
            then cast({{ text }} as timestamptz) at time zone 'UTC'
        else cast({{ text }} as timestamp)
    end
{%- endmacro %}

{% macro snowflake__parse_utc(text) -%}
    case
        when regexp_like({{ text }}, '.*:[0-9]{2}([.][0-9]+)?[ ]*(Z|[+-][0-9]{2}(:?[0-9]{2})?)')
            then cast(convert_timezone('UTC', cast({{ text }} as timestamp_tz)) as timestamp_ntz)
        else cast({{ text }} as timestamp_ntz)
    end
{%- endmacro %}

{% macro spark__parse_utc(text) -%}
    case
        when {{ text }} rlike ':[0-9]{2}([.][0-9]+)?[ ]*(Z|[+-][0-9]{2}(:?[0-9]{2})?)$'
            then to_utc_timestamp(cast({{ text }} as timestamp), current_timezone())
        else cast({{ text }} as timestamp)
    end
{%- endmacro %}
