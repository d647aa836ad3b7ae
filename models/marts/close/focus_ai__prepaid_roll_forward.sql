{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set movements = ['bought', 'drawn', 'expired'] %}
{%- set measures = {'face': 'commitment_discount_quantity', 'cost': 'cost'} %}

with

posted as (

    select * from {{ ref('int_focus_ai__posted') }}
    where commitment_discount_id is not null

),

grants as (

    select * from {{ ref('int_focus_ai__prepaid_grants') }}

),

accounting_periods as (

    select * from {{ ref('int_focus_ai__accounting_periods') }}

),

classified as (

    select
        accounting_period_start,
        source_relation,
        commitment_discount_id as grant_id,
        coalesce(charge_class = 'Correction', false) as is_correction,
        case
            when charge_category = 'Purchase' then 'bought'
            when commitment_discount_status = 'Used' then 'drawn'
            when commitment_discount_status = 'Unused' then 'expired'
        end as movement,
        commitment_discount_quantity,
        case when charge_category = 'Purchase' then billed_cost else effective_cost end as cost
    from posted

),

moved as (

    select
        accounting_period_start,
        source_relation,
        grant_id,
        {%- for measure, column in measures.items() %}
        {%- set is_last = loop.last %}
        {%- for movement in movements %}
        sum(case when movement = '{{ movement }}' and not is_correction then {{ column }} else 0 end)
            as {{ movement }}_{{ measure }},
        sum(case when movement = '{{ movement }}' and is_correction then {{ column }} else 0 end)
            as corrected_{{ movement }}_{{ measure }}{{ ',' if not (loop.last and is_last) }}
        {%- endfor %}
        {%- endfor %}
    from classified
    group by accounting_period_start, source_relation, grant_id

),

-- Every period from the purchase on, whether or not anything moved in it.
periods as (

    select
        accounting_periods.accounting_period_start,
        accounting_periods.status as accounting_period_status,
        grants.source_relation,
        grants.grant_id,
        grants.billing_account_id,
        grants.billing_currency,
        grants.purchased_at,
        grants.expires_at
    from grants
    inner join accounting_periods
        on grants.purchase_accounting_period_start <= accounting_periods.accounting_period_start

),

filled as (

    select
        periods.*,
        {%- for measure in measures %}
        {%- set is_last = loop.last %}
        {%- for movement in movements + ['corrected_bought', 'corrected_drawn', 'corrected_expired'] %}
        {{ focus_ai.money('coalesce(moved.' ~ movement ~ '_' ~ measure ~ ', 0)') }}
            as {{ movement }}_{{ measure }}{{ ',' if not (loop.last and is_last) }}
        {%- endfor %}
        {%- endfor %}
    from periods
    left join moved
        on
            periods.accounting_period_start = moved.accounting_period_start
            and periods.source_relation = moved.source_relation
            and periods.grant_id = moved.grant_id

),

netted as (

    select
        *,
        {%- for measure in measures %}
        bought_{{ measure }} - drawn_{{ measure }} - expired_{{ measure }}
        + corrected_bought_{{ measure }} - corrected_drawn_{{ measure }} - corrected_expired_{{ measure }}
            as net_{{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from filled

),

balanced as (

    select
        *,
        {%- for measure in measures %}
        sum(net_{{ measure }}) over (
            partition by source_relation, grant_id
            order by accounting_period_start
            rows between unbounded preceding and current row
        ) as closing_{{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from netted

),

final as (

    select
        accounting_period_start,
        accounting_period_status,
        source_relation,
        grant_id,
        billing_account_id,
        billing_currency,
        purchased_at,
        expires_at,
        {%- for measure in measures %}
        {{ focus_ai.money('closing_' ~ measure ~ ' - net_' ~ measure) }} as opening_{{ measure }},
        bought_{{ measure }},
        drawn_{{ measure }},
        expired_{{ measure }},
        corrected_bought_{{ measure }},
        corrected_drawn_{{ measure }},
        corrected_expired_{{ measure }},
        {{ focus_ai.money('closing_' ~ measure) }} as closing_{{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from balanced

)

select * from final
