{#- What tells one load of a bucket from another (R12), within a source and an endpoint. -#}
{% macro load_key() %}
    {{ return(['billing_account_id', 'group_by', 'bucket_start', 'bucket_end', 'loaded_at']) }}
{% endmacro %}


{#-
    Validity of a load (R12): a load of a bucket stands until the next load of the same bucket, an empty one included.

    bucket_loads CTE of the logged pulls (the load key, endpoint, result_count); only the log knows of the pulls that
                 returned nothing
    rows         CTE of the raw rows with the load key; a load with rows is known from its rows, so that a log that
                 was written a second later does not end it
    endpoint     which entries of the log count
-#}
{% macro load_intervals(bucket_loads, rows, endpoint) %}
    {%- set bucket = focus_ai.load_key() | reject('eq', 'loaded_at') | join(', ') -%}
    select
        {{ bucket }},
        loaded_at,
        lead(loaded_at) over (partition by {{ bucket }} order by loaded_at) as superseded_at
    from (
        select {{ bucket }}, loaded_at
        from {{ bucket_loads }}
        where endpoint = '{{ endpoint }}' and result_count = 0
        union distinct
        select {{ bucket }}, loaded_at
        from {{ rows }}
    ) as loads
{%- endmacro %}
