{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set has_revenue = focus_ai.input_enabled('revenue') %}
{%- set has_invoices = focus_ai.input_enabled('provider_invoices') %}
{%- set has_ledger = focus_ai.input_enabled('general_ledger_entries') %}
{%- set has_rules = focus_ai.input_enabled('attribution_rules') %}
{%- set has_subledger = has_revenue and focus_ai.input_enabled('revenue_subledger') %}
{%- set has_journal = focus_ai.input_enabled('journal_accounts') %}
{%- set has_minimums = focus_ai.input_enabled('minimum_commitments') %}
{%- set has_signoffs = focus_ai.input_enabled('close_signoffs') %}
{%- set own_period = 'examined.accounting_period_start = periods.accounting_period_start' %}
{%- set billing_period = focus_ai.accounting_period_of_billing('examined.billing_period_start')
    ~ ' = periods.accounting_period_start' %}
{%- set rule_period = 'coalesce(examined.window_start < periods.accounting_period_end, true)'
    ~ ' and coalesce(examined.window_end > periods.accounting_period_start, true)' %}
{#-
    check: (is it on, its model, which rows it is about, which of them belong to a period, which fail, which warn).
    The evidence query is made of the same predicates as the figure.
-#}
{%- set row_checks = {
    'UsageConserved': (
        true, 'focus_ai__conservation_checks', "examined.check_name <> 'InvoicedCost'", billing_period,
        "examined.check_status <> 'Exact'", 'false',
    ),
    'InvoicedCostTied': (
        has_invoices, 'focus_ai__conservation_checks', "examined.check_name = 'InvoicedCost'", billing_period,
        "examined.check_status = 'Differs'", 'false',
    ),
    'InvoiceLinesTied': (
        has_invoices, 'focus_ai__invoice_reconciliation', "examined.invoice_status <> 'Voided'", own_period,
        "examined.reconciliation_status = 'Open'", 'false',
    ),
    'ChargesMatched': (
        has_invoices, 'focus_ai__invoice_match_findings', 'not examined.is_awaiting_invoice', billing_period,
        'true', 'false',
    ),
    'InvoicesReceived': (
        has_invoices, 'focus_ai__invoice_match_findings', 'examined.is_awaiting_invoice', billing_period,
        'true', 'false',
    ),
    'BillsComplete': (
        true, 'int_focus_ai__complete_through', 'true', 'true',
        'examined.complete_through < ' ~ focus_ai.bills_until('periods.accounting_period_end'), 'false',
    ),
    'EvidenceKept': (
        true, 'focus_ai__withdrawn_evidence', 'true', own_period, 'examined.is_unusual', 'false',
    ),
    'CostConverted': (
        true, 'int_focus_ai__cost_in_reporting_currency', 'true', own_period,
        "examined.null_reason = 'MissingRate'", 'false',
    ),
    'RevenueConverted': (
        has_revenue, 'int_focus_ai__revenue_by_month', 'true', own_period,
        "examined.null_reason = 'MissingRate'", 'false',
    ),
    'LedgerTied': (
        has_ledger, 'focus_ai__general_ledger_reconciliation', 'true', own_period,
        "examined.reconciliation_status = 'Open' and coalesce(examined.difference_reason, 'Unknown') = 'Unknown'",
        "examined.reconciliation_status = 'Open'",
    ),
    'RevenueTied': (
        has_subledger, 'focus_ai__revenue_subledger_reconciliation', 'true', own_period,
        "examined.reconciliation_status = 'Open' and examined.difference_reason not in ('Timing', 'Credit')",
        "examined.reconciliation_status = 'Open'",
    ),
    'NoDuplicateInvoices': (
        has_invoices, 'focus_ai__duplicate_invoice_findings', 'true', own_period, 'false', 'true',
    ),
    'AccrualsPriced': (
        true, 'focus_ai__accruals', "examined.entry_type = 'Accrual'", own_period,
        'false', 'examined.null_reason is not null',
    ),
    'JournalMapped': (
        has_journal, 'focus_ai__journal_entries', 'true', own_period,
        'false', "examined.account_id = '(unmapped)'",
    ),
    'MinimumsMet': (
        has_minimums, 'focus_ai__minimum_commitment_status', 'true', own_period,
        'false', "examined.commitment_status = 'Short'",
    ),
    'RulesSound': (
        has_rules, 'focus_ai__attribution_rule_findings',
        "coalesce(examined.match_type, '') <> 'Override'", rule_period, 'false', 'true',
    ),
    'ReviewedBySomeoneElse': (
        true, 'int_focus_ai__accounting_periods', "examined.status = 'Closed'", own_period,
        'examined.reviewed_by is null or examined.closed_by is null or examined.reviewed_by = examined.closed_by',
        'false',
    ),
} %}
{#- Relations that list nothing but findings: no row is good news. -#}
{%- set findings_only = [
    'focus_ai__invoice_match_findings', 'focus_ai__attribution_rule_findings',
    'focus_ai__duplicate_invoice_findings', 'focus_ai__withdrawn_evidence',
] %}
{%- set reporting_rate = focus_ai.reporting_rate('cells.billing_currency', 'reporting_rates.rate') %}
{%- set own_usage = ' and not examined.is_prior_period and ' ~ own_period %}
{#-
    check: (amounts, which of them are open, largest share that passes, status above it, the model that shows the rest,
    which rows of it)
-#}
{%- set share_checks = {
    'UsageAttributed': (
        'usage', 'unattributed_amount', focus_ai.close_share_limit(), 'Warning',
        'focus_ai__unattributed_spend', "examined.charge_category = 'Usage'" ~ own_usage,
    ),
    'UsagePriced': (
        'usage', 'unpriced_amount', focus_ai.close_share_limit(), 'Warning',
        'int_focus_ai__cost_in_reporting_currency',
        "examined.charge_category = 'Usage' and not examined.is_priced" ~ own_usage,
    ),
    'UsagePriceTied': (
        'usage_price_cells', 'differing_amount', focus_ai.usage_price_share_limit(), 'Failed',
        'int_focus_ai__usage_price_cells', 'examined.difference <> 0 and ' ~ own_period,
    ),
} %}

with

periods as (

    select * from {{ ref('int_focus_ai__accounting_periods') }}

),

{%- for name, (is_on, model, rows, period, fails, warns) in row_checks.items() if is_on %}

{{ modules.re.sub('(?<!^)(?=[A-Z])', '_', name) | lower }} as (

    select
        periods.accounting_period_start,
        '{{ name }}' as check_name,
        count(*) as checked_count,
        sum(case when {{ fails }} then 1 else 0 end) as failed_count,
        sum(case when not ({{ fails }}) and {{ warns }} then 1 else 0 end) as warned_count
    from periods
    inner join {{ ref(model) }} as examined
        on {{ period }}
    where {{ rows }}
    group by periods.accounting_period_start

),
{%- endfor %}

reporting_rates as (

    select * from {{ ref('int_focus_ai__reporting_rates') }}

),

usage as (

    select
        accounting_period_start,
        abs(reporting_effective_cost) as amount,
        case when unattributed_reason is null then 0 else abs(reporting_effective_cost) end
            as unattributed_amount,
        case when is_priced then 0 else abs(reporting_effective_cost) end as unpriced_amount
    from {{ ref('int_focus_ai__cost_in_reporting_currency') }}
    where charge_category = 'Usage' and not is_prior_period

),

-- How far the bill is from usage x price, of the cells whose usage and price are known.
usage_price_cells as (

    select
        cells.accounting_period_start,
        {{ focus_ai.in_reporting_currency('abs(cells.provider_reported_cost)', reporting_rate) }} as amount,
        {{ focus_ai.in_reporting_currency('abs(cells.difference)', reporting_rate) }} as differing_amount
    from {{ ref('int_focus_ai__usage_price_cells') }} as cells
    left join reporting_rates
        on
            cells.accounting_period_start = reporting_rates.accounting_period_start
            and cells.billing_currency = reporting_rates.currency
    where cells.difference is not null

),

row_results as (

    {%- for name, check in row_checks.items() if check[0] %}
    select * from {{ modules.re.sub('(?<!^)(?=[A-Z])', '_', name) | lower }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

-- Unknown as soon as one amount is: the share of the rest would be another.
share_results as (

    {%- for name, (amounts, open_amount, _, _, _, _) in share_checks.items() %}
    select
        accounting_period_start,
        '{{ name }}' as check_name,
        count(*) - count(amount) as unknown_count,
        case
            when count(amount) = count(*)
                then {{ focus_ai.divide('sum(' ~ open_amount ~ ')', 'sum(amount)') }}
        end as open_share
    from {{ amounts }}
    group by accounting_period_start
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

check_list as (

    {%- for name, (is_on, model, rows, period, fails, warns) in row_checks.items() %}
    select
        '{{ name }}' as check_name,
        'Rows' as figure_unit,
        0 as figure_limit,
        'Warning' as status_above_limit,
        {{ 'true' if is_on else 'false' }} as is_on,
        {{ 'true' if model in findings_only else 'false' }} as is_findings_only,
        {%- set condition = ['(' ~ rows ~ ')', '(' ~ period ~ ')', '(' ~ fails ~ ' or ' ~ warns ~ ')'] %}
        '{{ ref(model) if is_on else '' }}' as evidence_relation,
        '{{ condition | join(' and ') | replace("'", "''") }}' as evidence_condition
    union all
    {%- endfor %}
    {%- for name, (_, _, limit, status, model, condition) in share_checks.items() %}
    select
        '{{ name }}' as check_name,
        'Share' as figure_unit,
        {{ limit }} as figure_limit,
        '{{ status }}' as status_above_limit,
        true as is_on,
        false as is_findings_only,
        '{{ ref(model) }}' as evidence_relation,
        '{{ condition | replace("'", "''") }}' as evidence_condition
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

signoffs as (
    {% if has_signoffs %}
    select
        *,
        row_number() over (
            partition by accounting_period_start, check_name
            order by prepared_at desc nulls last, reviewed_at desc nulls last
        ) as newest_first
    from {{ ref('focus_ai__close_signoffs') }}
    {% else %}
    select
        {{ focus_ai.null_columns({
            'accounting_period_start': 'timestamp',
            'check_name': 'text',
            'prepared_by': 'text',
            'prepared_at': 'timestamp',
            'reviewed_by': 'text',
            'reviewed_at': 'timestamp',
            'note': 'text',
        }) }},
        1 as newest_first
    where 1 = 0
    {% endif %}
),

results as (

    select
        periods.accounting_period_start,
        periods.accounting_period_end,
        periods.status as accounting_period_status,
        periods.closed_by,
        periods.reviewed_by,
        signoffs.prepared_by as check_prepared_by,
        signoffs.prepared_at as check_prepared_at,
        signoffs.reviewed_by as check_reviewed_by,
        signoffs.reviewed_at as check_reviewed_at,
        signoffs.note as check_note,
        check_list.*,
        case
            when not check_list.is_on then null
            when check_list.figure_unit = 'Share' then share_results.open_share
            else coalesce(row_results.failed_count + row_results.warned_count, 0)
        end as figure,
        coalesce(row_results.failed_count, 0) as failed_count,
        coalesce(share_results.unknown_count, 0) as unknown_count,
        coalesce(row_results.checked_count, case when check_list.is_findings_only then 1 else 0 end)
            as checked_count
    from periods
    cross join check_list
    left join row_results
        on
            periods.accounting_period_start = row_results.accounting_period_start
            and check_list.check_name = row_results.check_name
    left join share_results
        on
            periods.accounting_period_start = share_results.accounting_period_start
            and check_list.check_name = share_results.check_name
    left join signoffs
        on
            periods.accounting_period_start = signoffs.accounting_period_start
            and check_list.check_name = signoffs.check_name
            and signoffs.newest_first = 1

),

final as (

    select
        {{ focus_ai.hash_id([focus_ai.utc_text('accounting_period_start'), 'check_name']) }}
            as close_check_id,
        accounting_period_start,
        accounting_period_status,
        check_name,
        case
            when not is_on then 'NotAvailable'
            when unknown_count > 0 then 'Unknown'
            when figure is null or (figure_unit = 'Rows' and checked_count = 0) then 'NothingToCheck'
            when failed_count > 0 then 'Failed'
            when figure > figure_limit then status_above_limit
            else 'Passed'
        end as check_status,
        {{ focus_ai.money('figure') }} as figure,
        figure_unit,
        {{ focus_ai.money('figure_limit') }} as figure_limit,
        closed_by,
        reviewed_by,
        check_prepared_by,
        check_prepared_at,
        check_reviewed_by,
        check_reviewed_at,
        check_note,
        case
            when check_prepared_by is null then 'NotSigned'
            when check_reviewed_by is null then 'AwaitingReview'
            when check_reviewed_by = check_prepared_by then 'SamePerson'
            else 'SignedOff'
        end as signoff_status,
        case
            when is_on
                then replace(
                    replace(
                        'select examined.* from ' || evidence_relation
                        || ' as examined where ' || evidence_condition,
                        'periods.accounting_period_start',
                        'cast(''' || {{ focus_ai.utc_text('accounting_period_start') }}
                        || ''' as {{ focus_ai.type_timestamp() }})'
                    ),
                    'periods.accounting_period_end',
                    'cast(''' || {{ focus_ai.utc_text('accounting_period_end') }}
                    || ''' as {{ focus_ai.type_timestamp() }})'
                )
        end as evidence_query
    from results

)

select * from final
