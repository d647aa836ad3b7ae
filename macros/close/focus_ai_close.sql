{#-
    Closes an accounting period: freezes its rows in the ledger's append-only tables and writes the manifest, in one
    transaction. Run dbt build before (what it built is what is closed) and after (so that the models follow).

        dbt run-operation focus_ai_close --args '{accounting_period: 2026-10, closed_by: kim, reviewed_by: lee}'

    accounting_period   name of the period, such as the month `2026-10`; the first open one
    closed_by           who prepared the close
    reviewed_by         who reviewed it; another person
    exceptions          failed checks that are passed over, list of {check, reason, approved_by}; approved_by is not
                        closed_by
    reason              remark, kept in the manifest
    closed_at           moment in UTC from which news are corrections, `2026-11-04T18:00:00Z`; default now
    dry_run             true: says what would be closed or refused, and writes nothing

    Refused, with nothing written, while a check of focus_ai__close_checklist is Failed or Unknown without an exception.
    The same close again does nothing; another close of a closed month is an error that lists what differs.
    The first close also freezes the months that the close log closed before it.
-#}
{% macro focus_ai_close(
    accounting_period, closed_by, reviewed_by, exceptions=[], reason=none, closed_at=none, dry_run=false
) %}
    {%- if execute -%}
    {%- set operation = 'focus_ai_close' -%}
    {%- do focus_ai._check_sources(operation) -%}
    {%- set closed_by = focus_ai._text_argument(operation, 'closed_by', closed_by) -%}
    {%- set reviewed_by = focus_ai._text_argument(operation, 'reviewed_by', reviewed_by) -%}
    {%- do focus_ai._check_two_people(operation, 'closed_by', closed_by, 'reviewed_by', reviewed_by) -%}
    {%- set periods = focus_ai._built_periods(operation) -%}
    {%- set period = focus_ai._period_argument(operation, accounting_period, periods) -%}
    {%- set request = {
        'period': period.period,
        'period_start': period.period_start,
        'closed_by': closed_by,
        'reviewed_by': reviewed_by,
        'reason': reason,
        'exceptions': focus_ai._exception_arguments(operation, exceptions, closed_by),
        'closed_at': focus_ai._moment_argument(operation, 'closed_at', closed_at),
        'is_closed_at_given': closed_at is not none,
    } -%}
    {%- set manifests = focus_ai._manifests(operation) -%}
    {%- set effective = focus_ai._effective_closes(manifests) -%}
    {%- if request.period_start in effective -%}
        {%- do focus_ai._check_same_close(operation, request, effective[request.period_start]) -%}
    {%- else -%}
        {%- do focus_ai._check_build_is_current(operation, periods, effective) -%}
        {%- do focus_ai._check_period_can_be_closed(operation, request, periods) -%}
        {%- do log(
            'Close of ' ~ request.period ~ ', prepared by ' ~ closed_by ~ ', reviewed by ' ~ reviewed_by
            ~ ', as of ' ~ request.closed_at, info=true
        ) -%}
        {%- do focus_ai._check_checklist(operation, request) -%}
        {%- set closes = focus_ai._new_manifests(operation, request, periods, manifests) -%}
        {%- for close in closes -%}
            {%- do focus_ai._show_manifest(close) -%}
        {%- endfor -%}
        {%- if dry_run -%}
            {%- do log('Dry run: nothing was written.', info=true) -%}
        {%- else -%}
            {%- do focus_ai._in_one_transaction(focus_ai._close_statements(operation, closes)) -%}
            {%- do log('', info=true) -%}
            {%- do log(
                request.period ~ ' is closed as ' ~ closes[-1].close_id ~ '. Run dbt build, so that the models'
                ~ ' follow.', info=true
            ) -%}
            {%- do focus_ai._show_audit_head() -%}
        {%- endif -%}
    {%- endif -%}
    {%- endif -%}
{% endmacro %}


{#- A closed month is closed again: nothing to do if it is the same close, else an error that says what differs. -#}
{% macro _check_same_close(operation, request, manifest) %}
    {%- set period = request.period -%}
    {%- set differences = [] -%}
    {%- for name in ['closed_by', 'reviewed_by', 'reason'] if request[name] != manifest[name] -%}
        {%- do differences.append(name ~ ": closed with '" ~ manifest[name] ~ "', now '" ~ request[name] ~ "'") -%}
    {%- endfor -%}
    {%- if request.is_closed_at_given and request.closed_at != manifest.closed_at -%}
        {%- do differences.append('closed_at: closed with ' ~ manifest.closed_at ~ ', now ' ~ request.closed_at) -%}
    {%- endif -%}
    {%- set exceptions_text = focus_ai._exceptions_text(request.exceptions) -%}
    {%- if exceptions_text != manifest.exceptions -%}
        {%- do differences.append('exceptions: closed with ' ~ manifest.exceptions ~ ', now ' ~ exceptions_text) -%}
    {%- endif -%}
    {%- set contents = focus_ai._period_contents(operation, [request.period_start])[request.period_start] -%}
    {%- for dataset in contents if dataset != 'checklist' -%}
        {%- if contents[dataset].content_sha256 != manifest[dataset ~ '_content_sha256'] -%}
            {%- do differences.append(
                dataset ~ ': closed with ' ~ '{:,}'.format(manifest[dataset ~ '_row_count'] | int) ~ ' rows '
                ~ manifest[dataset ~ '_sums'] ~ ', now ' ~ '{:,}'.format(contents[dataset].row_count) ~ ' rows '
                ~ contents[dataset].sums
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if differences -%}
        {{ exceptions.raise_compiler_error(
            operation ~ ": " ~ period ~ " is closed already, and not like this. A closed month is changed by"
            ~ " corrections in the open one, or reopened with focus_ai_reopen.\n  " ~ differences | join('\n  ')
        ) }}
    {%- endif -%}
    {%- do log(period ~ ' is closed as ' ~ manifest.close_id ~ ' already; nothing to do.', info=true) -%}
{% endmacro %}


{% macro _check_period_can_be_closed(operation, request, periods) %}
    {%- set wanted = request.period_start -%}
    {%- set open_periods = periods | selectattr('status', 'equalto', 'Open') | list -%}
    {%- set known = periods | selectattr('period_start', 'equalto', wanted) | first -%}
    {%- set newest = focus_ai._rows(
        'select max(newest_at) as newest_at from ' ~ focus_ai.built_relation('int_focus_ai__evidence_state', operation)
    )[0].newest_at -%}
    {%- set refusal = none -%}
    {%- if known.status == 'Closed' -%}
        {%- set refusal = 'was closed by the close log (focus_ai__close_log); it is frozen with the next month' -%}
    {%- elif wanted != open_periods[0].period_start -%}
        {%- set refusal = 'cannot be closed before ' ~ open_periods[0].period ~ ', the first open month' -%}
    {%- elif request.closed_at < known.period_end -%}
        {%- set refusal = 'ends on ' ~ known.period_end ~ ', after closed_at ' ~ request.closed_at -%}
    {%- elif newest and request.closed_at < newest -%}
        {%- set refusal = 'would be closed as of ' ~ request.closed_at ~ ', but holds what came until ' ~ newest
            ~ '; give a later closed_at' -%}
    {%- endif -%}
    {%- if refusal -%}
        {{ exceptions.raise_compiler_error(operation ~ ': ' ~ request.period ~ ' ' ~ refusal) }}
    {%- endif -%}
{% endmacro %}


{#- Shows the checklist; refuses what failed without an exception, and exceptions that nothing asks for. -#}
{% macro _check_checklist(operation, request) %}
    {%- set checklist = focus_ai.built_relation('focus_ai__close_checklist', operation) -%}
    {%- set failed = [] -%}
    {%- set refusals = [] -%}
    {%- do log('  ' ~ '%-24s%-16s%14s' | format('check', 'status', 'figure'), info=true) -%}
    {%- for check in focus_ai._rows(
        'select check_name, check_status, figure, figure_unit from ' ~ checklist ~ ' where accounting_period_start = '
        ~ focus_ai._timestamp_literal(request.period_start) ~ ' order by check_name'
    ) -%}
        {%- set has_figure = check.check_status not in ['NotAvailable', 'NothingToCheck', 'Unknown'] -%}
        {%- set figure = '' if not has_figure else '{:,.0f} rows'.format(check.figure) if check.figure_unit == 'Rows'
            else '{:.1%}'.format(check.figure) -%}
        {%- set line = '%-24s%-16s%14s' | format(check.check_name, check.check_status, figure) -%}
        {%- set exception = request.exceptions.get(check.check_name) -%}
        {%- do log(
            '  ' ~ line ~ ('   exception: ' ~ exception.reason ~ ' (' ~ exception.approved_by ~ ')' if exception else ''),
            info=true
        ) -%}
        {%- if check.check_status in ['Failed', 'Unknown'] -%}
            {%- do failed.append(check.check_name) -%}
            {%- if not exception -%}{%- do refusals.append(line) -%}{%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for check in request.exceptions if check not in failed -%}
        {{ exceptions.raise_compiler_error(
            operation ~ ": the exception for " ~ check ~ " is not needed, or no check has that name; leave it out."
            ~ " Checks that failed: " ~ (failed | join(', ') or 'none')
        ) }}
    {%- endfor -%}
    {%- if refusals -%}
        {{ exceptions.raise_compiler_error(
            operation ~ ": " ~ request.period ~ " is not closed; nothing was written. These checks failed:\n  "
            ~ refusals | join('\n  ') ~ "\n  The column evidence_query of " ~ checklist ~ " shows the rows behind each."
            ~ " Mend them, or name each in exceptions: [{check: .., reason: .., approved_by: ..}]"
        ) }}
    {%- endif -%}
{% endmacro %}
