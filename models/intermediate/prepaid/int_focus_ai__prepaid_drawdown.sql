{{ config(enabled=focus_ai.any_cost_source()) }}

{#-
    Credits are drawn in the order in which they expire, by the usage of their account in time order (R6).

    Line the usage of an account up by its amounts: each charge is an interval on one axis, and a grant that is
    served in full order fills one interval of it. Grants that expire in the order of their purchase are filled in
    one set-based step (a layer); a grant that was bought later and expires earlier stands in an earlier layer, and
    the next layer sees only the usage that is left. No recursion: warehouses do not allow sums inside it.

    Within a layer, grant k ends at  f(k) = min(max(start(k), f(k-1)) + face(k), end(k)),  where start and end are
    the usage up to its purchase and its expiry. Unrolled, with F the running sum of faces:
        f(k) = F(k) + min( max over i <= k of start(i) - F(i-1),
                           min over j <= k of max(end(j) - F(j), max over j < i <= k of start(i) - F(i-1)) )
-#}
{%- set layers = var('focus_ai_prepaid_layers', 6) %}

with

grants as (

    select * from {{ ref('int_focus_ai__prepaid_grants') }}

),

billed_cost as (

    select * from {{ ref('focus_ai__billed_cost') }}

),

accounting_periods as (

    select * from {{ ref('int_focus_ai__accounting_periods') }}

),

-- What is known now, and what was known when each closed period was closed (R15).
snapshots as (

    select
        {{ focus_ai.current_snapshot() }} as snapshot_period_start,
        {{ focus_ai.end_of_time() }} as known_at
    union all
    select
        accounting_period_start as snapshot_period_start,
        closed_at as known_at
    from accounting_periods
    where closed_at is not null

),

known_grants as (

    select
        snapshots.snapshot_period_start,
        grants.source_relation,
        {{ focus_ai.hash_id([
            focus_ai.utc_text('snapshots.snapshot_period_start'),
            'grants.source_relation',
            'grants.billing_account_id',
            'grants.billing_currency',
        ]) }} as pool_key,
        grants.grant_id,
        grants.available_from,
        grants.available_until,
        grants.face_amount,
        grants.paid_amount
    from grants
    inner join snapshots
        on
            grants.recorded_at <= snapshots.known_at
            and grants.purchase_accounting_period_start <= snapshots.snapshot_period_start

),

ranked_grants as (

    select
        *,
        row_number() over (
            partition by pool_key
            order by available_until, available_from, grant_id
        ) as priority
    from known_grants

),

layer_starts as (

    select
        *,
        case
            when available_from < lag(available_from) over (partition by pool_key order by priority) then 1
            else 0
        end as starts_layer
    from ranked_grants

),

layered_grants as (

    select
        *,
        1 + sum(starts_layer) over (
            partition by pool_key
            order by priority
            rows between unbounded preceding and current row
        ) as layer
    from layer_starts

),

pools as (

    select
        pool_key,
        min(available_from) as available_from
    from layered_grants
    group by pool_key

),

known_charges as (

    select
        snapshots.snapshot_period_start,
        billed_cost.source_relation,
        billed_cost.charge_key,
        billed_cost.charge_period_start,
        {{ focus_ai.accounting_period_of_day('billed_cost.charge_period_start') }} as accounting_period_start,
        {{ focus_ai.hash_id([
            focus_ai.utc_text('snapshots.snapshot_period_start'),
            'billed_cost.source_relation',
            'billed_cost.billing_account_id',
            'billed_cost.billing_currency',
        ]) }} as pool_key,
        billed_cost.provider_reported_cost as amount
    from billed_cost
    inner join snapshots
        on
            billed_cost.loaded_at <= snapshots.known_at
            and (billed_cost.superseded_at is null or billed_cost.superseded_at > snapshots.known_at)
            and {{ focus_ai.accounting_period_of_day('billed_cost.charge_period_start') }}
            <= snapshots.snapshot_period_start
    where
        billed_cost.charge_category = 'Usage'
        and billed_cost.provider_reported_cost > 0

),

undrawn_0 as (

    select
        known_charges.snapshot_period_start,
        known_charges.source_relation,
        known_charges.charge_key,
        known_charges.charge_period_start,
        known_charges.accounting_period_start,
        known_charges.pool_key,
        known_charges.amount
    from known_charges
    inner join pools
        on
            known_charges.pool_key = pools.pool_key
            and known_charges.charge_period_start >= pools.available_from

),

{%- for layer in range(1, layers + 1) %}

usage_{{ layer }} as (

    select
        *,
        sum(amount) over (
            partition by pool_key
            order by charge_period_start, charge_key
            rows between unbounded preceding and current row
        ) as usage_to
    from undrawn_{{ layer - 1 }}

),

usage_by_period_{{ layer }} as (

    select
        pool_key,
        charge_period_start,
        max(usage_to) as usage_to
    from usage_{{ layer }}
    group by pool_key, charge_period_start

),

located_{{ layer }} as (

    select
        layered_grants.pool_key,
        layered_grants.grant_id,
        layered_grants.priority,
        layered_grants.face_amount,
        layered_grants.paid_amount,
        coalesce(max(case
            when usage_by_period_{{ layer }}.charge_period_start < layered_grants.available_from
                then usage_by_period_{{ layer }}.usage_to
        end), 0) as usage_at_start,
        coalesce(max(case
            when usage_by_period_{{ layer }}.charge_period_start < layered_grants.available_until
                then usage_by_period_{{ layer }}.usage_to
        end), 0) as usage_at_end
    from layered_grants
    left join usage_by_period_{{ layer }}
        on layered_grants.pool_key = usage_by_period_{{ layer }}.pool_key
    where layered_grants.layer = {{ layer }}
    group by
        layered_grants.pool_key, layered_grants.grant_id, layered_grants.priority,
        layered_grants.face_amount, layered_grants.paid_amount

),

summed_{{ layer }} as (

    select
        *,
        sum(face_amount) over (
            partition by pool_key
            order by priority
            rows between unbounded preceding and current row
        ) as face_to
    from located_{{ layer }}

),

reach_{{ layer }} as (

    select
        *,
        usage_at_end - face_to as end_reach,
        usage_at_start - (face_to - face_amount) as start_reach
    from summed_{{ layer }}

),

-- One row per pair (j, k) of the formula.
expiry_bounds_{{ layer }} as (

    select
        earlier.pool_key,
        later.priority,
        greatest(
            earlier.end_reach,
            coalesce(
                max(case when later.priority > earlier.priority then later.start_reach end) over (
                    partition by earlier.pool_key, earlier.priority
                    order by later.priority
                    rows between unbounded preceding and current row
                ),
                earlier.end_reach
            )
        ) as bound
    from reach_{{ layer }} as earlier
    inner join reach_{{ layer }} as later
        on
            earlier.pool_key = later.pool_key
            and earlier.priority <= later.priority

),

lowest_bounds_{{ layer }} as (

    select
        pool_key,
        priority,
        min(bound) as bound
    from expiry_bounds_{{ layer }}
    group by pool_key, priority

),

ends_{{ layer }} as (

    select
        reach_{{ layer }}.*,
        reach_{{ layer }}.face_to + least(
            lowest_bounds_{{ layer }}.bound,
            max(reach_{{ layer }}.start_reach) over (
                partition by reach_{{ layer }}.pool_key
                order by reach_{{ layer }}.priority
                rows between unbounded preceding and current row
            )
        ) as filled_to
    from reach_{{ layer }}
    inner join lowest_bounds_{{ layer }}
        on
            reach_{{ layer }}.pool_key = lowest_bounds_{{ layer }}.pool_key
            and reach_{{ layer }}.priority = lowest_bounds_{{ layer }}.priority

),

filled_{{ layer }} as (

    select
        *,
        greatest(
            usage_at_start,
            coalesce(lag(filled_to) over (partition by pool_key order by priority), usage_at_start)
        ) as filled_from
    from ends_{{ layer }}

),

draws_{{ layer }} as (

    select
        usage_{{ layer }}.snapshot_period_start,
        usage_{{ layer }}.source_relation,
        usage_{{ layer }}.charge_key,
        usage_{{ layer }}.charge_period_start,
        usage_{{ layer }}.accounting_period_start,
        filled_{{ layer }}.grant_id,
        filled_{{ layer }}.priority,
        filled_{{ layer }}.face_amount,
        filled_{{ layer }}.paid_amount,
        greatest(
            usage_{{ layer }}.usage_to - usage_{{ layer }}.amount, filled_{{ layer }}.filled_from
        ) - filled_{{ layer }}.filled_from as drawn_from,
        least(usage_{{ layer }}.usage_to, filled_{{ layer }}.filled_to)
        - filled_{{ layer }}.filled_from as drawn_to
    from usage_{{ layer }}
    inner join filled_{{ layer }}
        on
            usage_{{ layer }}.pool_key = filled_{{ layer }}.pool_key
            and usage_{{ layer }}.usage_to > filled_{{ layer }}.filled_from
            and usage_{{ layer }}.usage_to - usage_{{ layer }}.amount < filled_{{ layer }}.filled_to
    where
        usage_{{ layer }}.amount > 0
        and filled_{{ layer }}.filled_from < filled_{{ layer }}.filled_to

),

drawn_{{ layer }} as (

    select
        snapshot_period_start,
        source_relation,
        charge_key,
        sum(drawn_to - drawn_from) as amount
    from draws_{{ layer }}
    group by snapshot_period_start, source_relation, charge_key

),

undrawn_{{ layer }} as (

    select
        usage_{{ layer }}.snapshot_period_start,
        usage_{{ layer }}.source_relation,
        usage_{{ layer }}.charge_key,
        usage_{{ layer }}.charge_period_start,
        usage_{{ layer }}.accounting_period_start,
        usage_{{ layer }}.pool_key,
        usage_{{ layer }}.amount - coalesce(drawn_{{ layer }}.amount, 0) as amount
    from usage_{{ layer }}
    left join drawn_{{ layer }}
        on
            usage_{{ layer }}.snapshot_period_start = drawn_{{ layer }}.snapshot_period_start
            and usage_{{ layer }}.source_relation = drawn_{{ layer }}.source_relation
            and usage_{{ layer }}.charge_key = drawn_{{ layer }}.charge_key

),
{%- endfor %}

draws as (
    {% for layer in range(1, layers + 1) %}
    select * from draws_{{ layer }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

-- The cost of a draw is the difference of two rounded running totals: the draws add up to what was paid.
final as (

    select
        snapshot_period_start,
        snapshot_period_start = {{ focus_ai.current_snapshot() }} as is_current,
        source_relation,
        charge_key,
        grant_id,
        charge_period_start,
        accounting_period_start,
        row_number() over (
            partition by snapshot_period_start, source_relation, charge_key
            order by priority
        ) as draw_sequence,
        {{ focus_ai.money('drawn_to - drawn_from') }} as draw_face_amount,
        {{ focus_ai.money(
            focus_ai.portion('drawn_to', 'paid_amount', 'face_amount')
            ~ ' - ' ~ focus_ai.portion('drawn_from', 'paid_amount', 'face_amount')
        ) }} as draw_effective_cost
    from draws

)

select * from final
