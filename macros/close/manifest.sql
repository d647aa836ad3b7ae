{#- The manifest of a close, and the statements that write it. -#}

{% macro _timestamp_literal(text) -%}
cast('{{ text[:19] | replace('T', ' ') }}' as {{ focus_ai.type_timestamp() }})
{%- endmacro %}


{% macro _exceptions_text(exceptions_by_check) %}
    {{ return(tojson(exceptions_by_check.values() | sort(attribute='check') | list, sort_keys=true)) }}
{% endmacro %}


{#- Rows, sums by currency and content hash of each dataset in each period: {period_start: {dataset: {row_count, sums
    (JSON text), content_sha256}}}. -#}
{% macro _period_contents(operation, period_starts) %}
    {%- set contents = {} -%}
    {%- set nothing = focus_ai._rows('select ' ~ focus_ai.sha256("''") ~ ' as content_sha256')[0].content_sha256 -%}
    {%- for period_start in period_starts -%}
        {%- do contents.update({period_start: {}}) -%}
    {%- endfor -%}
    {%- for name, dataset in focus_ai.closed_datasets().items() if dataset.is_built -%}
        {%- set rows = '(' ~ focus_ai.rows_to_close(operation, dataset, period_starts) ~ ') as period_rows' -%}
        {%- for period_start in period_starts -%}
            {%- do contents[period_start].update({name: {'row_count': 0, 'sums': '{}', 'content_sha256': nothing}}) -%}
        {%- endfor -%}
        {%- for row in focus_ai._rows(
            'select group_key as period_start, row_count, content_sha256 from ('
            ~ focus_ai.content_hashes(rows, dataset.columns, 'accounting_period_start') ~ ') as hashed'
        ) -%}
            {%- do contents[row.period_start][name].update({
                'row_count': row.row_count | int, 'content_sha256': row.content_sha256,
            }) -%}
        {%- endfor -%}
        {%- if dataset.amounts -%}
            {%- do focus_ai._add_sums(contents, name, dataset, rows) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(contents) }}
{% endmacro %}


{#- An amount is null as soon as one row's is: a part is not passed for the whole. -#}
{% macro _add_sums(contents, name, dataset, rows) %}
    {%- set sums = [] -%}
    {%- for amount in dataset.amounts -%}
        {%- do sums.append(focus_ai.decimal_text(focus_ai.known_sum(amount)) ~ ' as ' ~ amount) -%}
    {%- endfor -%}
    {%- set by_period = {} -%}
    {%- for row in focus_ai._rows(
        'select accounting_period_start as period_start, ' ~ dataset.currency ~ ' as sum_currency, ' ~ sums | join(', ')
        ~ ' from ' ~ rows ~ ' group by accounting_period_start, ' ~ dataset.currency ~ ' order by accounting_period_start, ' ~ dataset.currency
    ) -%}
        {%- set amounts = {} -%}
        {%- for amount in dataset.amounts -%}
            {%- do amounts.update({amount: row[amount]}) -%}
        {%- endfor -%}
        {%- do by_period.setdefault(row.period_start, {}).update({row.sum_currency or '': amounts}) -%}
    {%- endfor -%}
    {%- for period_start, amounts in by_period.items() -%}
        {%- do contents[period_start][name].update({'sums': tojson(amounts, sort_keys=true)}) -%}
    {%- endfor -%}
{% endmacro %}


{#- Invoices that the rows of a period stand on, as JSON text: {issuer: [invoice ids]}. -#}
{% macro _invoice_ids(operation, period_start) %}
    {%- set invoice_ids = {} -%}
    {%- for row in focus_ai._rows(
        'select distinct "InvoiceIssuerName" as issuer, "InvoiceId" as invoice_id from '
        ~ focus_ai.built_relation('focus_ai__cost_and_usage', operation) ~ ' where "InvoiceId" is not null and '
        ~ '"x_AccountingPeriodStart" = ' ~ focus_ai._timestamp_literal(period_start) ~ ' order by 1, 2'
    ) -%}
        {%- do invoice_ids.setdefault(row.issuer, []).append(row.invoice_id) -%}
    {%- endfor -%}
    {{ return(tojson(invoice_ids, sort_keys=true)) }}
{% endmacro %}


{#- Manifests to write, in order: the months that the close log closed and nobody froze, then the one asked for. -#}
{% macro _new_manifests(operation, request, periods, manifests) %}
    {%- set adopted = [] -%}
    {%- for period in periods if period.period_start < request.period_start and period.close_id is none -%}
        {%- do adopted.append(period) -%}
    {%- endfor -%}
    {%- set period_starts = adopted | map(attribute='period_start') | list + [request.period_start] -%}
    {%- set contents = focus_ai._period_contents(operation, period_starts) -%}
    {%- set closes = [] -%}
    {%- for period in adopted -%}
        {%- do closes.append(focus_ai._manifest(operation, manifests, contents[period.period_start], {
            'period': period.period,
            'period_start': period.period_start,
            'closed_at': period.closed_at,
            'closed_by': period.closed_by,
            'reviewed_by': period.reviewed_by,
            'reason': 'Closed by the close log; frozen with ' ~ request.period
                ~ (': ' ~ period.reason if period.reason else ''),
            'exceptions': {},
        })) -%}
    {%- endfor -%}
    {%- do closes.append(
        focus_ai._manifest(operation, manifests, contents[request.period_start], request)
    ) -%}
    {{ return(closes) }}
{% endmacro %}


{#- One manifest: {column of focus_ai__closes: value}, period and period_start. -#}
{% macro _manifest(operation, manifests, contents, request) %}
    {%- set version = manifests | selectattr('period_start', 'equalto', request.period_start)
        | selectattr('action', 'equalto', 'close') | list | length + 1 -%}
    {%- set manifest = {
        'period': request.period,
        'period_start': request.period_start,
        'close_id': request.period ~ '.' ~ version,
        'company_id': focus_ai._rows(
            'select max(company_id) as company_id from ' ~ focus_ai.built_relation('int_focus_ai__close_state', operation)
        )[0].company_id,
        'accounting_period_start': request.period_start,
        'version_number': version,
        'action': 'close',
        'closed_at': request.closed_at,
        'closed_by': request.closed_by,
        'reviewed_by': request.reviewed_by,
        'reason': request.reason,
        'exceptions': focus_ai._exceptions_text(request.exceptions),
        'invoice_ids': focus_ai._invoice_ids(operation, request.period_start),
        'recorded_at': focus_ai.now_text(),
        'package_version': focus_ai.package_version(),
    } -%}
    {%- for dataset, content in contents.items() -%}
        {%- for name, value in content.items() -%}
            {%- do manifest.update({dataset ~ '_' ~ name: value}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(manifest) }}
{% endmacro %}


{#- What a controller signs: rows, sums and content of each dataset. -#}
{% macro _show_manifest(manifest) %}
    {%- do log('', info=true) -%}
    {%- do log(
        '  ' ~ '%-18s%10s   %-18s' | format(manifest.close_id, 'rows', 'content')
        ~ (manifest.reason or ''), info=true
    ) -%}
    {%- for dataset, definition in focus_ai.closed_datasets().items() if definition.is_built -%}
        {%- do log('  ' ~ '%-18s%10s   %s' | format(
            dataset, '{:,}'.format(manifest[dataset ~ '_row_count']), manifest[dataset ~ '_content_sha256'][:16]
        ), info=true) -%}
        {%- for currency, amounts in fromjson(manifest[dataset ~ '_sums']).items() -%}
            {%- set shown = [] -%}
            {%- for name, amount in amounts.items() -%}
                {%- do shown.append(
                    name | replace('_', ' ') ~ ' ' ~ ('unknown' if amount is none else '{:,.2f}'.format(amount | float))
                ) -%}
            {%- endfor -%}
            {%- do log('    ' ~ currency ~ '  ' ~ shown | join('   '), info=true) -%}
        {%- endfor -%}
    {%- endfor -%}
{% endmacro %}


{#- Insert of one row into focus_ai__closes; what the manifest does not name is null. -#}
{% macro _manifest_statement(operation, manifest) %}
    {%- set columns = focus_ai.close_columns() -%}
    {%- set values = [] -%}
    {%- for name, type in columns.items() -%}
        {%- set value = manifest.get(name) -%}
        {%- if value is none -%}
            {%- do values.append(focus_ai.typed_null(type)) -%}
        {%- elif type == 'timestamp' -%}
            {%- do values.append(focus_ai._timestamp_literal(value)) -%}
        {%- else -%}
            {%- do values.append(
                'cast(' ~ focus_ai.text_literal(value | string) ~ ' as ' ~ focus_ai['type_' ~ type]() ~ ')'
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(
        'insert into ' ~ focus_ai.built_relation('focus_ai__closes', operation) ~ ' (' ~ columns.keys() | join(', ')
        ~ ') select ' ~ values | join(', ')
    ) }}
{% endmacro %}


{#- Everything that a close writes: the frozen rows, the manifests, the audit log. -#}
{% macro _close_statements(operation, closes) %}
    {%- do focus_ai.built_relation('int_focus_ai__recordable_changes', operation) -%}
    {%- set statements = [focus_ai.record_changes_statement(closes[-1].closed_by)] -%}
    {%- for close in closes -%}
        {%- for dataset in focus_ai.closed_datasets().values() if dataset.is_built -%}
            {%- set names = dataset.columns.keys() | join(', ') -%}
            {%- do statements.append(
                'insert into ' ~ focus_ai.built_relation(dataset.table, operation) ~ ' (close_id, ' ~ names ~ ") select '"
                ~ close.close_id ~ "', " ~ names ~ ' from ('
                ~ focus_ai.rows_to_close(operation, dataset, [close.period_start]) ~ ') as period_rows'
            ) -%}
        {%- endfor -%}
        {%- do statements.append(focus_ai._manifest_statement(operation, close)) -%}
    {%- endfor -%}
    {%- do statements.append(focus_ai.append_audit_entries(focus_ai._close_audit_entries(closes))) -%}
    {{ return(statements) }}
{% endmacro %}


{#- One entry for each close and each exception that was approved for it. -#}
{% macro _close_audit_entries(closes) %}
    {%- set entries = [] -%}
    {%- for close in closes -%}
        {%- set period = close.period -%}
        {%- for exception in fromjson(close.exceptions) -%}
            {%- do entries.append({
                'action': 'approval',
                'subject': period ~ ' ' ~ exception.check,
                'actor': close.closed_by,
                'approved_by': exception.approved_by,
                'before': none,
                'after': {'exception': exception.check, 'reason': exception.reason},
            }) -%}
        {%- endfor -%}
        {%- set after = {'status': 'Closed'} -%}
        {%- for name, value in close.items() if name not in ['period', 'period_start', 'accounting_period_start', 'action'] -%}
            {%- do after.update({name: fromjson(value) if name in ['exceptions', 'invoice_ids'] or name.endswith('_sums')
                else value}) -%}
        {%- endfor -%}
        {%- do entries.append({
            'action': 'close',
            'subject': period,
            'actor': close.closed_by or 'close log',
            'approved_by': close.reviewed_by,
            'before': {'status': 'Open'},
            'after': after,
        }) -%}
    {%- endfor -%}
    {{ return(entries) }}
{% endmacro %}


{#- The end of the audit log's chain: kept elsewhere, it shows later that nothing was cut off. -#}
{% macro _show_audit_head() %}
    {%- set head = focus_ai.audit_head() -%}
    {%- do log(
        'Audit log: ' ~ head.sequence_number ~ ' entries, head ' ~ head.entry_hash ~ '. Keep it where nobody who can'
        ~ ' write the ledger can.', info=true
    ) -%}
{% endmacro %}


{#- Version of this package, as its dbt_project.yml says. -#}
{% macro package_version() %}{{ return('0.1.0') }}{% endmacro %}
