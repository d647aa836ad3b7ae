{{ config(enabled=focus_ai.any_cost_source()) }}

{#-
    The frozen rows of every close, reopened ones included, still have the count and the content hash that the manifest
    gave them: nobody has changed, added or removed one since.
-#}

with

closes as (

    select * from {{ ref('focus_ai__closes') }}
    where action = 'close'

)
{%- for name, dataset in focus_ai.closed_datasets().items() %},

{{ name }} as (

    select
        closes.close_id,
        '{{ name }}' as dataset,
        closes.{{ name }}_row_count as closed_row_count,
        coalesce(hashes.row_count, 0) as row_count,
        closes.{{ name }}_content_sha256 as closed_content_sha256,
        coalesce(hashes.content_sha256, {{ focus_ai.sha256("''") }}) as content_sha256
    from closes
    left join (
        {{ focus_ai.content_hashes(ref(dataset.table), dataset.columns, 'close_id') }}
    ) as hashes
        on closes.close_id = hashes.group_key
    where closes.{{ name }}_content_sha256 is not null

)
{%- endfor %}
{%- for name in focus_ai.closed_datasets() %}

{{ 'union all' if not loop.first }}

select * from {{ name }}
where closed_row_count <> row_count or closed_content_sha256 <> content_sha256
{%- endfor %}
