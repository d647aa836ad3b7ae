{#-
    Reopens the last closed accounting period, in one transaction: its frozen rows stay in the ledger, and count no more.
    Run dbt build after it: the period is then as known now, until it is closed again (as its next version).

        dbt run-operation focus_ai_reopen --args '{accounting_period: 2026-10, requested_by: kim, approved_by: lee,
        reason: Invoice of OpenAI was booked twice}'

    accounting_period   name of the period, such as the month `2026-10`; the last closed one, frozen by focus_ai_close
    requested_by        who asks for it
    approved_by         who approves it; another person
    reason              why
    reopened_at         moment in UTC; default now
    dry_run             true: writes nothing

    The same reopening again does nothing.
-#}
{% macro focus_ai_reopen(accounting_period, requested_by, approved_by, reason, reopened_at=none, dry_run=false) %}
    {%- if execute -%}
    {%- set operation = 'focus_ai_reopen' -%}
    {%- do focus_ai._check_sources(operation) -%}
    {%- set requested_by = focus_ai._text_argument(operation, 'requested_by', requested_by) -%}
    {%- set approved_by = focus_ai._text_argument(operation, 'approved_by', approved_by) -%}
    {%- set reason = focus_ai._text_argument(operation, 'reason', reason) -%}
    {%- do focus_ai._check_two_people(operation, 'requested_by', requested_by, 'approved_by', approved_by) -%}
    {%- set periods = focus_ai._built_periods(operation) -%}
    {%- set named = focus_ai._period_argument(operation, accounting_period, periods) -%}
    {%- set period = named.period -%}
    {%- set period_start = named.period_start -%}
    {%- set reopened_at = focus_ai._moment_argument(operation, 'reopened_at', reopened_at) -%}
    {%- set manifests = focus_ai._manifests(operation) -%}
    {%- set effective = focus_ai._effective_closes(manifests) -%}
    {%- set last = manifests | selectattr('period_start', 'equalto', period_start) | list | last -%}
    {%- if period_start not in effective and last and last.closed_by == requested_by
        and last.reviewed_by == approved_by and last.reason == reason -%}
        {%- do log(period ~ ' is reopened already; nothing to do.', info=true) -%}
    {%- else -%}
        {%- do focus_ai._check_period_can_be_reopened(operation, named, periods, reopened_at, effective) -%}
        {%- set close = effective[period_start] -%}
        {%- set reopening = {
            'period_start': period_start,
            'close_id': close.close_id,
            'company_id': close.company_id,
            'accounting_period_start': period_start,
            'version_number': close.version_number,
            'action': 'reopen',
            'closed_at': reopened_at,
            'closed_by': requested_by,
            'reviewed_by': approved_by,
            'reason': reason,
            'recorded_at': focus_ai.now_text(),
            'package_version': focus_ai.package_version(),
        } -%}
        {%- do log(
            'Reopening of ' ~ period ~ ' (' ~ close.close_id ~ ', closed at ' ~ close.closed_at ~ ' by '
            ~ close.closed_by ~ '), requested by ' ~ requested_by ~ ', approved by ' ~ approved_by, info=true
        ) -%}
        {%- if dry_run -%}
            {%- do log('Dry run: nothing was written.', info=true) -%}
        {%- else -%}
            {%- do focus_ai._in_one_transaction([
                focus_ai._manifest_statement(operation, reopening),
                focus_ai.append_audit_entries([{
                    'action': 'reopen',
                    'subject': period,
                    'actor': requested_by,
                    'approved_by': approved_by,
                    'before': {'status': 'Closed', 'close_id': close.close_id, 'closed_at': close.closed_at},
                    'after': {'status': 'Open', 'reason': reason, 'reopened_at': reopened_at},
                }]),
            ]) -%}
            {%- do log(
                period ~ ' is open again; ' ~ close.close_id ~ ' stays in the ledger. Run dbt build, so that the models'
                ~ ' follow.', info=true
            ) -%}
            {%- do focus_ai._show_audit_head() -%}
        {%- endif -%}
    {%- endif -%}
    {%- endif -%}
{% endmacro %}


{% macro _check_period_can_be_reopened(operation, period, periods, reopened_at, effective) %}
    {%- set period_start = period.period_start -%}
    {%- set closed = periods | selectattr('status', 'equalto', 'Closed') | map(attribute='period_start') | list -%}
    {%- set last = (closed + effective.keys() | list) | sort | last -%}
    {%- set refusal = none -%}
    {%- if period_start not in effective -%}
        {%- set refusal = 'was closed by the close log, not by focus_ai_close; enter a reopening in the close log'
            if period_start in closed else 'is not closed' -%}
    {%- elif period_start != last -%}
        {%- set refusal = 'cannot be reopened while '
            ~ (periods | selectattr('period_start', 'equalto', last) | map(attribute='period') | first)
            ~ ' is closed; only the last closed month can' -%}
    {%- elif reopened_at <= effective[period_start].closed_at -%}
        {%- set refusal = 'was closed at ' ~ effective[period_start].closed_at ~ ', not before reopened_at '
            ~ reopened_at -%}
    {%- endif -%}
    {%- if refusal -%}
        {{ exceptions.raise_compiler_error(operation ~ ': ' ~ period.period ~ ' ' ~ refusal) }}
    {%- endif -%}
{% endmacro %}
