{{ config(enabled=focus_ai.any_cost_source(), materialized='view') }}

{%- set posted_columns = focus_ai.posted_columns().keys() | list %}
{%- set amounts = focus_ai.correction_differences() %}
{#- What reversal and re-entry may differ in; the difference speaks as the re-entry does. -#}
{%- set may_differ = [
    'list_unit_price', 'contracted_unit_price', 'allocated_ratio', 'allocated_usage_quantity', 'customer_name',
] %}
{%- set facts = [
    focus_ai.utc_text('original_accounting_period_start'), focus_ai.utc_text('original_billing_period_start'),
    focus_ai.utc_text('corrected_billing_period_start'), 'correction_reason',
] %}
{%- for name, type in focus_ai.carried_columns().items() if name not in may_differ -%}
{%- do facts.append(focus_ai.type_text_of(name, type)) -%}
{%- endfor %}
{%- set of_each_line = focus_ai.reversed_columns().keys() | list + [
    'consumed_unit', 'pricing_unit', 'posted_charge_id', 'posting_kind',
] %}
{%- set described = posted_columns | reject('in', of_each_line) | list %}

with

posted as (

    select * from {{ ref('int_focus_ai__posted') }}

),
{%- if focus_ai.correction_style() == 'ledger' %}

final as (

    select
        {{ focus_ai.column_list(posted_columns) }}
    from posted

)
{%- else %}

corrections as (

    select
        *,
        {{ focus_ai.hash_id(facts) }} as facts_hash
    from posted
    where posting_kind <> 'Original'

),

-- What a re-entry says of a charge, less what its reversal takes back.
pairs as (

    select
        {{ focus_ai.column_list(described + ['consumed_unit', 'pricing_unit'], 'entries') }},
        entries.posted_charge_id as entry_id,
        reversals.posted_charge_id as reversal_id,
        {{ focus_ai.column_list(amounts.differences) }},
        entries.list_unit_price = reversals.list_unit_price
        and entries.contracted_unit_price = reversals.contracted_unit_price as is_same_price,
        entries.commitment_discount_status is null
        and entries.billed_cost <> 0
        and entries.billed_cost = entries.effective_cost as is_on_demand
    from corrections as entries
    inner join corrections as reversals
        on
            entries.allocated_charge_id = reversals.allocated_charge_id
            and entries.accounting_period_start = reversals.accounting_period_start
            and entries.facts_hash = reversals.facts_hash
            and entries.charge_class = 'Correction'
            and entries.posting_kind = 'Re-entry'
            and reversals.posting_kind = 'Reversal'

),

-- Of which lines a difference consists; where it is null, reversal and re-entry stay. Prepaid credit pays for
-- usage at a price of its own: there the new price says nothing about the money of the quantity.
shaped as (

    select
        *,
        case
            when coalesce(consumed_quantity, 0) = 0 and coalesce(pricing_quantity, 0) = 0 then 'Price'
            when
                is_same_price
                and list_cost = {{ focus_ai.multiply('list_unit_price', 'pricing_quantity') }}
                and contracted_cost = {{ focus_ai.multiply('contracted_unit_price', 'pricing_quantity') }}
                then 'Quantity'
            when not is_same_price and is_on_demand then 'QuantityAndPrice'
        end as shape
    from pairs

),

-- The quantity's part of the money: all of it at one price, else what the quantity costs at the new price.
split as (

    select
        *,
        {{ focus_ai.column_list(amounts.quantity_parts) }}
    from shaped
    where shape is not null

),

differences as (

    {%- for posting_kind, line in amounts.lines.items() %}
    select
        {{ focus_ai.hash_id([
            'allocated_charge_id', "'" ~ posting_kind ~ "'", focus_ai.utc_text('accounting_period_start'),
        ]) }} as posted_charge_id,
        '{{ posting_kind }}' as posting_kind,
        {{ focus_ai.column_list(line) }},
        {{ focus_ai.column_list(described) }}
    from split
    where shape in ('{{ posting_kind.split()[0] }}', 'QuantityAndPrice')
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

replaced as (

    select entry_id as posted_charge_id from split
    union all
    select reversal_id as posted_charge_id from split

),

final as (

    select
        {{ focus_ai.column_list(posted_columns, 'posted') }}
    from posted
    left join replaced
        on posted.posted_charge_id = replaced.posted_charge_id
    where replaced.posted_charge_id is null

    union all

    select
        {{ focus_ai.column_list(posted_columns) }}
    from differences

)
{%- endif %}

select * from final
