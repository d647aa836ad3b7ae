{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set columns = {
    'source_relation': 'text',
    'usage_key': 'text',
    'billing_account_id': 'text',
    'sub_account_id': 'text',
    'credential_id': 'text',
    'principal_id': 'text',
    'usage_period_start': 'timestamp',
    'usage_period_end': 'timestamp',
    'model_id': 'text',
    'processing_tier': 'text',
    'context_window': 'text',
    'region_scope': 'text',
    'token_class': 'text',
    'quantity': 'count',
    'loaded_at': 'timestamp',
} %}

with

{% if focus_ai.input_enabled('provider_usage') -%}
provider_usage as (

    select * from {{ ref('focus_ai__provider_usage') }}

),

ledger_versions as (

    select * from {{ ref('int_focus_ai__ledger_versions') }}

),

versions as (

    {{ focus_ai.ledger_versions('provider_usage', columns.keys() | list, 'usage_period_start') }}

),

measured as (

    select
        *,
        {{ focus_ai.period_start('day', 'usage_period_start') }} as usage_day,
        {{ dbt.datediff(
            'usage_period_start', 'usage_period_end', 'second'
        ) }} as bucket_seconds
    from versions

),

-- A day that was pulled in hours and as a whole is the same usage twice: the finest buckets stand (R16),
-- unless they do not hold all of the day.
widths as (

    select
        ledger_version,
        source_relation,
        billing_account_id,
        usage_day,
        bucket_seconds,
        row_number() over (
            partition by ledger_version, source_relation, billing_account_id, usage_day
            order by sum(quantity) desc, bucket_seconds asc
        ) as place
    from measured
    group by ledger_version, source_relation, billing_account_id, usage_day, bucket_seconds

),

final as (

    select
        measured.ledger_version,
        measured.known_at,
        {{ focus_ai.column_list(columns.keys() | list, 'measured') }}
    from measured
    inner join widths
        on
            {{ focus_ai.same_columns(
                ['ledger_version', 'source_relation', 'billing_account_id', 'usage_day', 'bucket_seconds'],
                'measured', 'widths'
            ) }}
            and widths.place = 1

)
{%- else -%}
final as (

    select
        {{ focus_ai.typed_null('text') }} as ledger_version,
        {{ focus_ai.typed_null('timestamp') }} as known_at,
        {{ focus_ai.null_columns(columns) }}
    where 1 = 0

)
{%- endif %}

select * from final
