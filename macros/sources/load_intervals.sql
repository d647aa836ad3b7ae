{#-
    Validity of a load (R12): a load of a bucket stands until the next load of the same bucket, an empty one included.

    empty_loads  CTE of the logged pulls that returned nothing (billing_account_id, endpoint, group_by, bucket_start,
                 bucket_end, loaded_at); only the log knows of them
    rows         CTE of the raw rows with the same columns; a load with rows is known from its rows, so that a log
                 that was written a second later does not end it
    endpoint     which entries of the log count
-#}
{% macro load_intervals(empty_loads, rows, endpoint) %}
    {%- set bucket = 'billing_account_id, group_by, bucket_start, bucket_end' -%}
    select
        {{ bucket }},
        loaded_at,
        lead(loaded_at) over (partition by {{ bucket }} order by loaded_at) as superseded_at
    from (
        select {{ bucket }}, loaded_at
        from {{ empty_loads }}
        where endpoint = '{{ endpoint }}'
        union distinct
        select {{ bucket }}, loaded_at
        from {{ rows }}
    ) as loads
{%- endmacro %}
