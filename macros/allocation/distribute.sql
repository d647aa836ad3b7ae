{#-
    Distributes amounts over the rows of a partition in proportion to a weight, exactly, by largest remainder
    (MONEY.md R1): every row gets its share rounded down to the unit, then the units left over go one by one to
    the rows with the largest remainders, ties by the natural key. The sign is taken out first, so that a refund
    splits like the charge that it reverses.

    relation      CTE or relation; one row per receiver, each carrying the whole partition's amounts
    partition_by  columns of what is distributed
    order_by      columns that order the receivers inside a partition, without ties: their natural key
    weight        column, whole numbers; null counts as 0
    amounts       list of (column, decimals): the unit of distribution is 10^-decimals (12 for money, 0 for tokens
                  and requests); the column must be exact in it and the same on every row of the partition
    takes_all     boolean column of the row that takes everything where the total weight is 0 or a weight is
                  negative; without it, or without such a row, the first by order_by

    columns       columns of the relation to carry along

    A select of `columns`, `<amount>_share` for each amount (null where the amount is null) and distribution_reason
    (null, 'ZeroWeight' or 'NegativeWeight').

    Whole numbers only, no division of decimals: |amount| / unit x total weight must stay below 10^38.
-#}
{% macro distribute(relation, columns, partition_by, order_by, weight, amounts, takes_all='false') %}
    {%- set partition = partition_by | join(', ') -%}
    {%- set order = order_by | join(', ') %}
    with focus_ai_weighed as (

        select
            *,
            cast(coalesce({{ weight }}, 0) as {{ focus_ai.type_wide_integer() }}) as focus_ai_weight,
            row_number() over (
                partition by {{ partition }} order by case when {{ takes_all }} then 0 else 1 end, {{ order }}
            ) = 1 as focus_ai_takes_all,
            {%- for amount, decimals in amounts %}
            {{ focus_ai.smallest_units('abs(' ~ amount ~ ')', decimals) }} as focus_ai_units_{{ loop.index }},
            {%- endfor %}
            case
                when min(coalesce({{ weight }}, 0)) over (partition by {{ partition }}) < 0 then 'NegativeWeight'
                when sum(coalesce({{ weight }}, 0)) over (partition by {{ partition }}) = 0 then 'ZeroWeight'
            end as distribution_reason
        from {{ relation }}

    ),

    focus_ai_totalled as (

        select
            *,
            case
                when distribution_reason is null
                    then cast(
                        sum(focus_ai_weight) over (partition by {{ partition }}) as {{ focus_ai.type_wide_integer() }}
                    )
                else 1
            end as focus_ai_total,
            case
                when distribution_reason is null then focus_ai_weight
                when focus_ai_takes_all then 1
                else 0
            end as focus_ai_part
        from focus_ai_weighed

    ),

    focus_ai_floored as (

        select
            *,
            {%- for amount, decimals in amounts %}
            {{ focus_ai.integer_divide('(focus_ai_units_' ~ loop.index ~ ' * focus_ai_part)', 'focus_ai_total') }}
                as focus_ai_floor_{{ loop.index }},
            mod(focus_ai_units_{{ loop.index }} * focus_ai_part, focus_ai_total) as focus_ai_remainder_{{ loop.index }}
            {{- ',' if not loop.last }}
            {%- endfor %}
        from focus_ai_totalled

    ),

    focus_ai_ranked as (

        select
            *,
            {%- for amount, decimals in amounts %}
            focus_ai_units_{{ loop.index }} - sum(focus_ai_floor_{{ loop.index }}) over (partition by {{ partition }})
                as focus_ai_missing_{{ loop.index }},
            row_number() over (
                partition by {{ partition }} order by focus_ai_remainder_{{ loop.index }} desc, {{ order }}
            ) as focus_ai_rank_{{ loop.index }}
            {{- ',' if not loop.last }}
            {%- endfor %}
        from focus_ai_floored

    )

    select
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        {%- for amount, decimals in amounts %}
        case
            when {{ amount }} is not null
                then {{ focus_ai.from_smallest_units(
                    'focus_ai_floor_' ~ loop.index ~ ' + case when focus_ai_rank_' ~ loop.index
                    ~ ' <= focus_ai_missing_' ~ loop.index ~ ' then 1 else 0 end',
                    decimals
                ) }} * case when {{ amount }} < 0 then -1 else 1 end
        end as {{ amount }}_share,
        {%- endfor %}
        distribution_reason
    from focus_ai_ranked
{%- endmacro %}
