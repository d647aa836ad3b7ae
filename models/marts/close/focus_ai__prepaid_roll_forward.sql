{{ config(enabled=focus_ai.any_cost_source()) }}

{%- set movements = [
    'bought', 'drawn', 'expired', 'corrected_bought', 'corrected_drawn', 'corrected_expired',
] %}

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
        case when charge_class = 'Correction' or posting_kind <> 'Original' then 'corrected_' else '' end
        || case
            when charge_category = 'Purchase' then 'bought'
            when commitment_discount_status = 'Used' then 'drawn'
            when commitment_discount_status = 'Unused' then 'expired'
        end as movement,
        commitment_discount_quantity as face_amount,
        case when charge_category = 'Purchase' then billed_cost else effective_cost end as cost_amount
    from posted

),

moved as (

    select
        {%- for movement in movements %}
        sum(case when movement = '{{ movement }}' then face_amount else 0 end) as {{ movement }}_face,
        sum(case when movement = '{{ movement }}' then cost_amount else 0 end) as {{ movement }}_cost,
        {%- endfor %}
        accounting_period_start,
        source_relation,
        grant_id
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
        {%- for movement in movements %}
        {{ focus_ai.money('coalesce(moved.' ~ movement ~ '_face, 0)') }} as {{ movement }}_face,
        {{ focus_ai.money('coalesce(moved.' ~ movement ~ '_cost, 0)') }} as {{ movement }}_cost,
        {%- endfor %}
        periods.*
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
        bought_face - drawn_face - expired_face
        + corrected_bought_face - corrected_drawn_face - corrected_expired_face as net_face,
        bought_cost - drawn_cost - expired_cost
        + corrected_bought_cost - corrected_drawn_cost - corrected_expired_cost as net_cost
    from filled

),

balanced as (

    select
        *,
        sum(net_face) over (
            partition by source_relation, grant_id
            order by accounting_period_start
            rows between unbounded preceding and current row
        ) as closing_face,
        sum(net_cost) over (
            partition by source_relation, grant_id
            order by accounting_period_start
            rows between unbounded preceding and current row
        ) as closing_cost,
        expired_face + corrected_expired_face as breakage_face,
        expired_cost + corrected_expired_cost as breakage_cost,
        sum(expired_cost + corrected_expired_cost) over (
            partition by source_relation, grant_id
            order by accounting_period_start
            rows between unbounded preceding and current row
        ) as breakage_cost_to_date,
        sum(bought_cost + corrected_bought_cost) over (
            partition by source_relation, grant_id
            order by accounting_period_start
            rows between unbounded preceding and current row
        ) as bought_cost_to_date
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
        {{ focus_ai.money('closing_face - net_face') }} as opening_face,
        bought_face,
        drawn_face,
        expired_face,
        corrected_bought_face,
        corrected_drawn_face,
        corrected_expired_face,
        {{ focus_ai.money('closing_face') }} as closing_face,
        {{ focus_ai.money('closing_cost - net_cost') }} as opening_cost,
        bought_cost,
        drawn_cost,
        expired_cost,
        corrected_bought_cost,
        corrected_drawn_cost,
        corrected_expired_cost,
        {{ focus_ai.money('closing_cost') }} as closing_cost,
        {{ focus_ai.money('breakage_face') }} as breakage_face,
        {{ focus_ai.money('breakage_cost') }} as breakage_cost,
        {{ focus_ai.money('breakage_cost_to_date') }} as breakage_cost_to_date,
        {{ focus_ai.divide('breakage_cost_to_date', 'bought_cost_to_date') }} as breakage_share
    from balanced

)

select * from final
