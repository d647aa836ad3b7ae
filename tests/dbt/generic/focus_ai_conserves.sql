{#-
    Conservation of money and quantities (MONEY.md R4): for every value of the key, the sum of each metric is
    the same in this model and in `compare_model`, to the last decimal. Nulls count as zero; a null key part is
    a value of its own; a key that stands in one model only is a difference.

    compare_model          relation to compare with; of a raw table the rows that the connector did not mark as deleted
    metrics                SQL expressions over this model
    compare_metrics        the same over compare_model, in the same order (default: metrics)
    key                    SQL expressions that identify a group (default: the key of R4; `focus` for its FOCUS
                           spelling; [] for one grand total)
    compare_key            the same over compare_model (default: the key)
    row_condition          SQL predicate: which rows of this model count (default: all)
    compare_row_condition  the same for compare_model (default: all; nothing is inherited from row_condition)

    Returns one row per group that differs, with both sums.
-#}
{% test focus_ai_conserves(
    model,
    compare_model,
    metrics,
    compare_metrics=none,
    key=none,
    compare_key=none,
    row_condition='true',
    compare_row_condition='true'
) %}
{{ config(tags=['focus_ai_conservation']) }}

{%- set named_keys = {
    none: ['source_relation', 'billing_account_id', 'invoice_issuer_name', 'billing_currency', 'billing_period_start'],
    'focus': [
        '"x_SourceRelation"', '"BillingAccountId"', '"InvoiceIssuerName"', '"BillingCurrency"', '"BillingPeriodStart"'
    ],
} %}
{%- set key = key if key is iterable and key is not string else named_keys[key] %}
{%- set compare_key = key if compare_key is none else compare_key if compare_key is not string else named_keys[compare_key] %}
{%- set compare_metrics = metrics if compare_metrics is none else compare_metrics %}
{%- set raw_tables = graph.sources.values() | map(attribute='relation_name') | list if execute else [] %}
{%- set live_rows = focus_ai.live_rows(focus_ai.quoted_columns(compare_model)) if compare_model | string in raw_tables %}
{%- if metrics | length != compare_metrics | length or key | length != compare_key | length %}
    {{ exceptions.raise_compiler_error(
        "focus_ai_conserves on " ~ model ~ ": metrics and compare_metrics, key and compare_key must be lists of the same length"
    ) }}
{%- endif %}

with

both_sides as (

    select
        {%- for expression in key %}
        {{ expression }} as key_{{ loop.index }},
        {%- endfor %}
        {%- for expression in metrics %}
        {{ expression }} as metric_{{ loop.index }},
        {%- endfor %}
        true as is_this_model
    from {{ model }}
    where {{ row_condition }}

    union all

    select
        {%- for expression in compare_key %}
        {{ expression }},
        {%- endfor %}
        {%- for expression in compare_metrics %}
        {{ expression }},
        {%- endfor %}
        false
    from {{ compare_model }}
    where {{ '(' ~ compare_row_condition ~ ') and ' ~ live_rows if live_rows else compare_row_condition }}

),

summed as (

    select
        {%- for _ in key %}
        key_{{ loop.index }},
        {%- endfor %}
        {%- for _ in metrics %}
        coalesce(sum(case when is_this_model then metric_{{ loop.index }} end), 0) as metric_{{ loop.index }},
        coalesce(sum(case when not is_this_model then metric_{{ loop.index }} end), 0) as compare_metric_{{ loop.index }},
        {%- endfor %}
        sum(case when is_this_model then 1 else 0 end) as row_count,
        sum(case when not is_this_model then 1 else 0 end) as compare_row_count
    from both_sides
    {%- if key %}
    group by {% for _ in key %}key_{{ loop.index }}{{ ', ' if not loop.last }}{% endfor %}
    {%- endif %}

)

select *
from summed
where
    {%- for _ in metrics %}
    {{ 'or ' if not loop.first }}metric_{{ loop.index }} <> compare_metric_{{ loop.index }}
    {%- endfor %}
{% endtest %}

