{{ config(enabled=focus_ai.any_cost_source()) }}

{#- (input, is it there, source column, when it happened, when it came or went) -#}
{%- set evidence = [
    ('billed_cost', true, 'source_relation', 'charge_period_start', ['loaded_at', 'superseded_at']),
    (
        'provider_usage', focus_ai.input_enabled('provider_usage'),
        'source_relation', 'usage_period_start', ['loaded_at', 'superseded_at']
    ),
    (
        'observed_calls', focus_ai.input_enabled('observed_calls'),
        'provider_source_relation', 'called_at', ['loaded_at']
    ),
    (
        'prepaid_grants', focus_ai.input_enabled('prepaid_grants'),
        'source_relation', 'purchased_at', ['recorded_at']
    ),
] %}

with

accounting_periods as (

    select
        accounting_period_start,
        closed_at,
        close_id is not null as is_frozen,
        max(case when close_id is not null then closed_at end) over () as last_frozen_at
    from {{ ref('int_focus_ai__accounting_periods') }}

),

invoice_lines as (

    select * from {{ ref('int_focus_ai__invoice_lines') }}

),

-- An invoice may come for a source whose cost API is off; credit is bought before the first bill.
sources as (

    select source_relation
    from {{ ref('focus_ai__billed_cost') }}
    union distinct
    select source_relation
    from {{ ref('int_focus_ai__prepaid_grants') }}
    union distinct
    select source_relation
    from invoice_lines

),

-- Every load that brought or took evidence, and every invoice that came or was voided, with the period that
-- it is about; and every approved reclass, which alone moves what a closed period was attributed to (R14).
news as (

    {%- for input, is_there, source_column, occurred_at, moments in evidence if is_there %}
    {%- if not loop.first %}

    union distinct
    {%- endif %}
    {%- for moment in moments %}
    {%- if not loop.first %}

    union distinct
    {%- endif %}

    select
        {{ source_column }} as source_relation,
        {{ focus_ai.accounting_period_of_day(occurred_at) }} as accounting_period_start,
        {{ moment }} as came_at,
        {{ 'true' if input in ['provider_usage', 'observed_calls'] else 'false' }} as is_usage
    from {{ ref('focus_ai__' ~ input) }}
    where {{ moment }} is not null
    {%- endfor %}
    {%- endfor %}
    {%- for moment in ['known_at', 'voided_at'] %}

    union distinct

    select
        source_relation,
        accounting_period_start,
        {{ moment }} as came_at,
        false as is_usage
    from invoice_lines
    where {{ moment }} is not null
    {%- endfor %}

    union distinct

    select
        sources.source_relation,
        accounting_periods.accounting_period_start,
        reclasses.decided_at as came_at,
        false as is_usage
    from {{ ref('int_focus_ai__override_requests') }} as reclasses
    inner join accounting_periods
        on
            (
                reclasses.charge_period_from is null
                or reclasses.charge_period_from
                < {{ focus_ai.accounting_period_end('accounting_periods.accounting_period_start') }}
            )
            and (
                reclasses.charge_period_to is null
                or reclasses.charge_period_to > accounting_periods.accounting_period_start
            )
    inner join sources
        on
            reclasses.match_source_relation is null
            or reclasses.match_source_relation = sources.source_relation
    where reclasses.is_reclass and reclasses.decision = 'Approved'

),

-- Usage says who a month's cost belongs to, that of another source too: what all share is split by it.
newest_usage as (

    select
        accounting_period_start,
        max(came_at) as newest_usage_at
    from news
    where is_usage
    group by accounting_period_start

),

late_news as (

    select
        news.source_relation,
        news.accounting_period_start,
        news.came_at
    from news
    inner join accounting_periods
        on
            news.accounting_period_start = accounting_periods.accounting_period_start
            and news.came_at > accounting_periods.closed_at

),

-- They are posted in the earliest period that was not closed when they came (R13). A frozen period takes
-- nothing more: what it does not hold by then is posted after it.
placed_news as (

    select
        late_news.source_relation,
        late_news.accounting_period_start,
        late_news.came_at,
        min(accounting_periods.accounting_period_start) as posting_period_start
    from late_news
    inner join accounting_periods
        on
            late_news.accounting_period_start < accounting_periods.accounting_period_start
            and not accounting_periods.is_frozen
            and (accounting_periods.closed_at is null or late_news.came_at <= accounting_periods.closed_at)
    group by late_news.source_relation, late_news.accounting_period_start, late_news.came_at

),

-- Once that period is closed too, what was known then stays posted there. News of a month can move prepaid
-- credit of the months after it, and take back refunds of it there.
later_versions as (

    select distinct
        placed_news.source_relation,
        closed_periods.accounting_period_start,
        placed_news.posting_period_start
    from placed_news
    inner join accounting_periods as posting_periods
        on
            placed_news.posting_period_start = posting_periods.accounting_period_start
            and posting_periods.closed_at is not null
    inner join accounting_periods as closed_periods
        on
            placed_news.accounting_period_start <= closed_periods.accounting_period_start
            and placed_news.posting_period_start > closed_periods.accounting_period_start
            and posting_periods.closed_at > closed_periods.closed_at

),

open_periods as (

    select
        accounting_periods.accounting_period_start,
        min(later_periods.accounting_period_start) as posting_period_start
    from accounting_periods
    inner join accounting_periods as later_periods
        on
            accounting_periods.accounting_period_start <= later_periods.accounting_period_start
            and later_periods.closed_at is null
    group by accounting_periods.accounting_period_start

),

versions as (

    select
        sources.source_relation,
        accounting_periods.accounting_period_start,
        'as_closed' as ledger_version,
        accounting_periods.closed_at as as_of,
        accounting_periods.accounting_period_start as posting_period_start
    from accounting_periods
    cross join sources
    where accounting_periods.closed_at is not null

    union all

    select
        later_versions.source_relation,
        later_versions.accounting_period_start,
        {{ focus_ai.later_version('later_versions.posting_period_start') }} as ledger_version,
        posting_periods.closed_at as as_of,
        later_versions.posting_period_start
    from later_versions
    inner join accounting_periods as posting_periods
        on later_versions.posting_period_start = posting_periods.accounting_period_start

    union all

    select
        sources.source_relation,
        open_periods.accounting_period_start,
        'current' as ledger_version,
        {{ focus_ai.typed_null('timestamp') }} as as_of,
        open_periods.posting_period_start
    from open_periods
    cross join sources

),

final as (

    select
        versions.source_relation,
        versions.accounting_period_start,
        versions.ledger_version,
        versions.as_of,
        coalesce(versions.as_of, {{ focus_ai.end_of_time() }}) as known_until,
        case
            when versions.as_of is null then {{ focus_ai.current_snapshot() }}
            else versions.posting_period_start
        end as snapshot_period_start,
        versions.posting_period_start,
        accounting_periods.closed_at as known_at,
        accounting_periods.is_frozen,
        case
            when accounting_periods.is_frozen and versions.ledger_version = 'as_closed'
                then accounting_periods.last_frozen_at
            else versions.as_of
        end as posted_through,
        newest_usage.newest_usage_at,
        row_number() over (
            partition by versions.source_relation, versions.accounting_period_start
            order by case when versions.as_of is null then 1 else 0 end, versions.as_of
        ) as version_number
    from versions
    inner join accounting_periods
        on versions.accounting_period_start = accounting_periods.accounting_period_start
    left join newest_usage
        on versions.accounting_period_start = newest_usage.accounting_period_start

)

select * from final
