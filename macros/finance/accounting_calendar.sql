{#-
    The company's accounting calendar (MONEY.md R11), var focus_ai_accounting_calendar:

        focus_ai_accounting_calendar:
          time_zone: America/New_York               # IANA name; default UTC
          periods:                                  # fiscal table; default calendar months
            - {name: FY26-P01, start: 2025-12-29}
            - {name: FY26-P02, start: 2026-01-26}
          end: 2026-02-23                           # first day after the last of them

    Days are the company's, and a period begins at their midnight in its time zone. Before and after a fiscal table
    calendar months count, cut short where the table begins or ends: no moment is without a period.

    Returns {time_zone, periods: [{name, start, end}]}, days as `2025-12-29`.
-#}
{% macro accounting_calendar() %}
    {%- set calendar = var('focus_ai_accounting_calendar', none) or {} -%}
    {%- if calendar is not mapping or (calendar.keys() | reject('in', ['time_zone', 'periods', 'end']) | list) -%}
        {%- do focus_ai._calendar_error('must be a mapping of time_zone, periods and end') -%}
    {%- endif -%}
    {%- set time_zone = calendar.get('time_zone') or 'UTC' -%}
    {%- if time_zone not in modules.pytz.all_timezones_set -%}
        {%- do focus_ai._calendar_error(
            "has the time_zone '" ~ time_zone ~ "'; it must be an IANA name such as America/New_York"
        ) -%}
    {%- endif -%}
    {%- set starts = calendar.get('periods') or [] -%}
    {%- if (starts | length > 0) != (calendar.get('end') is not none) -%}
        {%- do focus_ai._calendar_error('needs periods and end together') -%}
    {%- endif -%}
    {%- set periods = [] -%}
    {%- set names = [] -%}
    {%- for period in starts -%}
        {%- set following = calendar['end'] if loop.last else starts[loop.index].start -%}
        {%- do periods.append({
            'name': focus_ai._calendar_name(period, names),
            'start': focus_ai._calendar_day(period.start),
            'end': focus_ai._calendar_day(following),
        }) -%}
        {%- if periods[-1].start >= periods[-1].end -%}
            {%- do focus_ai._calendar_error(
                'is not in order: ' ~ periods[-1].name ~ ' starts on ' ~ periods[-1].start ~ ', not before '
                ~ periods[-1].end
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return({'time_zone': time_zone, 'periods': periods}) }}
{% endmacro %}


{% macro _calendar_error(what) %}
    {{ exceptions.raise_compiler_error('focus_ai: var focus_ai_accounting_calendar ' ~ what) }}
{% endmacro %}

{#- A name goes into file names and ids of closes, so it is kept plain; and no warehouse may take it for a number. -#}
{% macro _calendar_name(period, names) %}
    {%- set name = period.name | string if period is mapping and period.name is defined else '' -%}
    {%- if not modules.re.fullmatch('(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9_-]{0,30}|[0-9]{4}-(0[1-9]|1[0-2])', name) or name in names -%}
        {%- do focus_ai._calendar_error(
            'needs for each period a start and a name of its own, such as FY26-P01 or 2026-01; this has none: ' ~ period
        ) -%}
    {%- endif -%}
    {%- do names.append(name) -%}
    {{ return(name) }}
{% endmacro %}

{% macro _calendar_day(day) %}
    {%- if not modules.re.fullmatch('[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])', day | string) -%}
        {%- do focus_ai._calendar_error("has the day '" ~ day ~ "'; days are written 2025-12-29") -%}
    {%- endif -%}
    {{ return(day | string) }}
{% endmacro %}


{#- Start of the period that holds a moment of the company's own books. -#}
{% macro accounting_period_start(timestamp) -%}
{{ focus_ai._by_calendar('_local_period_start', timestamp) }}
{%- endmacro %}

{#- End (exclusive) of that period: the start of the next one. -#}
{% macro accounting_period_end(timestamp) -%}
{{ focus_ai._by_calendar('_local_period_end', timestamp) }}
{%- endmacro %}

{#- Name of that period: `2026-01`, or its name in the fiscal table. -#}
{% macro accounting_period_name(timestamp) -%}
{{ focus_ai._local_period_name(focus_ai.accounting_time(timestamp)) }}
{%- endmacro %}

{#-
    Start of the period of what a provider reports. Bills come in UTC days, and a day is never cut in two: it belongs to
    the period that holds its noon, which is that of most of it.
-#}
{% macro accounting_period_of_day(timestamp) -%}
{%- if focus_ai.accounting_calendar().time_zone == 'UTC' -%}
{{ focus_ai.accounting_period_start(timestamp) }}
{%- else -%}
{{ focus_ai.accounting_period_start(dbt.dateadd('hour', 12, focus_ai.period_start('day', timestamp))) }}
{%- endif -%}
{%- endmacro %}

{#- Start of the period that holds a plain date of the company's own books: a day of its own calendar. -#}
{% macro accounting_period_of_date(date) -%}
{{ focus_ai._utc(focus_ai._local_period_start('cast(' ~ date ~ ' as ' ~ focus_ai.type_timestamp() ~ ')')) }}
{%- endmacro %}

{#- Start of the period that a person names by its first day, or by the moment at which it starts. -#}
{% macro accounting_period_named_by(timestamp) -%}
{%- if focus_ai.accounting_calendar().time_zone == 'UTC' -%}
{{ focus_ai.accounting_period_start(timestamp) }}
{%- else -%}
{{ focus_ai.accounting_period_start(dbt.dateadd('hour', 12, timestamp)) }}
{%- endif -%}
{%- endmacro %}

{#- End (exclusive) of the UTC days that belong to a period: how far a bill must reach to cover it. -#}
{% macro bills_until(period_end) -%}
{%- if focus_ai.accounting_calendar().time_zone == 'UTC' -%}
{{ period_end }}
{%- else -%}
{{ focus_ai.period_start('day', dbt.dateadd('second', 43199, period_end)) }}
{%- endif -%}
{%- endmacro %}

{#- Start of the period in which an issuer's billing period ends: with it the billing period is closed (R15). -#}
{% macro accounting_period_of_billing(billing_period_start) -%}
{%- if focus_ai._has_issuers_months() -%}
{{ focus_ai.month_start(billing_period_start) }}
{%- else -%}
{{ focus_ai.accounting_period_of_day(dbt.dateadd('second', -1, focus_ai.month_end(billing_period_start))) }}
{%- endif -%}
{%- endmacro %}

{#- The billing period that corrections in a period carry (R13): the issuer's month of the period's last day, still open. -#}
{% macro billing_period_of_corrections(period_start) -%}
{%- if focus_ai._has_issuers_months() -%}
{{ period_start }}
{%- else -%}
{{ focus_ai.month_start(
    dbt.dateadd('second', -1, focus_ai.bills_until(focus_ai.accounting_period_end(period_start)))
) }}
{%- endif -%}
{%- endmacro %}

{#- The company's periods are the issuers' billing periods: calendar months in UTC. -#}
{% macro _has_issuers_months() %}
    {%- set calendar = focus_ai.accounting_calendar() -%}
    {{ return(calendar.time_zone == 'UTC' and not calendar.periods) }}
{% endmacro %}

{#- How many UTC days a period touches at most: its own, and one more where it begins within one. -#}
{% macro accounting_period_days() %}
    {%- set calendar = focus_ai.accounting_calendar() -%}
    {%- set days = [31] -%}
    {%- for period in calendar.periods -%}
        {%- do days.append((
            modules.datetime.datetime.strptime(period.end, '%Y-%m-%d')
            - modules.datetime.datetime.strptime(period.start, '%Y-%m-%d')
        ).days) -%}
    {%- endfor -%}
    {{ return(days | max + (0 if calendar.time_zone == 'UTC' else 1)) }}
{% endmacro %}

{#- The date, in the company's time zone, of a moment. -#}
{% macro accounting_date(timestamp) -%}
cast({{ focus_ai.accounting_time(timestamp) }} as date)
{%- endmacro %}

{#-
    All periods of the calendar, a century of them, as a query: accounting_period (its name), accounting_period_start,
    accounting_period_end, period_number.
-#}
{% macro accounting_calendar_periods() %}
    {%- set periods = focus_ai.accounting_calendar().periods %}
    select
        accounting_period,
        {{ focus_ai._utc('local_start') }} as accounting_period_start,
        {{ focus_ai._utc('local_end') }} as accounting_period_end,
        row_number() over (order by local_start) as period_number
    from (
        select
            {{ focus_ai._local_period_name('local_month') }} as accounting_period,
            {{ focus_ai._local_period_start('local_month') }} as local_start,
            {{ focus_ai._local_period_end('local_month') }} as local_end
        from (
            select
                cast({{ dbt.dateadd(
                    'month', 'cast(generated_number as integer) - 1', focus_ai._local_midnight('1980-01-01')
                ) }} as {{ focus_ai.type_timestamp() }}) as local_month
            from ({{ dbt.generate_series(1200) }}) as numbers
            {%- for day in (periods | map(attribute='start') | list) + (periods[-1:] | map(attribute='end') | list) %}
            union distinct
            select {{ focus_ai._local_midnight(day) }} as local_month
            {%- endfor %}
        ) as firsts
        {%- if periods %}
        where local_month = {{ focus_ai._local_period_start('local_month') }}
        {%- endif %}
    ) as local_periods
{%- endmacro %}


{#- A moment as the time in the company's zone. -#}
{% macro accounting_time(timestamp) -%}
    {%- set time_zone = focus_ai.accounting_calendar().time_zone -%}
{{ timestamp if time_zone == 'UTC' else focus_ai.change_time_zone(timestamp, 'UTC', time_zone) }}
{%- endmacro %}

{#- And back to UTC. -#}
{% macro _utc(local) -%}
    {%- set time_zone = focus_ai.accounting_calendar().time_zone -%}
{{ local if time_zone == 'UTC' else focus_ai.change_time_zone(local, time_zone, 'UTC') }}
{%- endmacro %}

{% macro _by_calendar(macro_name, timestamp) -%}
{{ focus_ai._utc(focus_ai[macro_name](focus_ai.accounting_time(timestamp))) }}
{%- endmacro %}

{% macro _local_midnight(day) -%}
cast('{{ day }} 00:00:00' as {{ focus_ai.type_timestamp() }})
{%- endmacro %}

{% macro _local_period_start(local) -%}
    {%- set periods = focus_ai.accounting_calendar().periods -%}
    {%- if not periods -%}
{{ focus_ai.month_start(local) }}
    {%- else -%}
case
    when {{ local }} >= {{ focus_ai._local_midnight(periods[-1].end) }}
        then greatest({{ focus_ai.month_start(local) }}, {{ focus_ai._local_midnight(periods[-1].end) }})
    {%- for period in periods | reverse %}
    when {{ local }} >= {{ focus_ai._local_midnight(period.start) }} then {{ focus_ai._local_midnight(period.start) }}
    {%- endfor %}
    else {{ focus_ai.month_start(local) }}
end
    {%- endif -%}
{%- endmacro %}

{% macro _local_period_end(local) -%}
    {%- set periods = focus_ai.accounting_calendar().periods -%}
    {%- if not periods -%}
{{ focus_ai.month_end(local) }}
    {%- else -%}
case
    when {{ local }} >= {{ focus_ai._local_midnight(periods[-1].end) }} then {{ focus_ai.month_end(local) }}
    {%- for period in periods | reverse %}
    when {{ local }} >= {{ focus_ai._local_midnight(period.start) }} then {{ focus_ai._local_midnight(period.end) }}
    {%- endfor %}
    else least({{ focus_ai.month_end(local) }}, {{ focus_ai._local_midnight(periods[0].start) }})
end
    {%- endif -%}
{%- endmacro %}

{% macro _local_period_name(local) -%}
    {%- set periods = focus_ai.accounting_calendar().periods -%}
    {%- if not periods -%}
{{ focus_ai.month_text(local) }}
    {%- else -%}
case
    when {{ local }} >= {{ focus_ai._local_midnight(periods[-1].end) }} then {{ focus_ai.month_text(local) }}
    {%- for period in periods | reverse %}
    when {{ local }} >= {{ focus_ai._local_midnight(period.start) }} then '{{ period.name }}'
    {%- endfor %}
    else {{ focus_ai.month_text(local) }}
end
    {%- endif -%}
{%- endmacro %}
