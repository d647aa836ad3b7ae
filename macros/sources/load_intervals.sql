{#-
    Validity of a load (R12): a load of a bucket stands until the next load of the same bucket, an empty one included.

    logged  CTE of the logged pulls (billing_account_id, endpoint, group_by, bucket_start, bucket_end, loaded_at)
    rows    CTE of the raw rows with the same columns; a load whose log entry is missing is known from its rows
-#}
{% macro load_intervals(logged, rows, endpoint) %}
    {%- set bucket = 'billing_account_id, group_by, bucket_start, bucket_end' -%}
    select
        {{ bucket }},
        loaded_at,
        lead(loaded_at) over (partition by {{ bucket }} order by loaded_at) as superseded_at
    from (
        select {{ bucket }}, loaded_at
        from {{ logged }}
        where endpoint = '{{ endpoint }}'
        union distinct
        select {{ bucket }}, loaded_at
        from {{ rows }}
    ) as loads
{%- endmacro %}
