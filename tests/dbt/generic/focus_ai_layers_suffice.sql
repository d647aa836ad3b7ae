{#-
    Every account's grants fit into the layers that the draw-down is built of (var focus_ai_prepaid_layers): taken in
    the order of expiry, no account has more than that many runs of rising purchase times.

    Returns one row per account that needs more; raise the var to at least `layers`.
-#}
{% test focus_ai_layers_suffice(model, layers) %}

with

ordered as (

    select
        source_relation,
        billing_account_id,
        billing_currency,
        case
            when available_from < lag(available_from) over (
                partition by source_relation, billing_account_id, billing_currency
                order by available_until, available_from, grant_id
            ) then 1
            else 0
        end as starts_layer
    from {{ model }}

)

select
    source_relation,
    billing_account_id,
    billing_currency,
    1 + sum(starts_layer) as layers
from ordered
group by source_relation, billing_account_id, billing_currency
having 1 + sum(starts_layer) > {{ layers }}
{% endtest %}
