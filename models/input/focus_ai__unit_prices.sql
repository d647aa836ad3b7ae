{{ config(enabled=focus_ai.any_cost_source()) }}

{% set columns = {
    'price_kind': 'text',
    'price_id': 'text',
    'source_relation': 'text',
    'billing_account_id': 'text',
    'model_id': 'text',
    'model_developer': 'text',
    'model_family': 'text',
    'model_version': 'text',
    'token_class': 'text',
    'processing_tier': 'text',
    'context_window': 'text',
    'currency': 'text',
    'pricing_unit': 'text',
    'pricing_unit_size': 'count',
    'unit_price': 'price',
    'effective_from': 'timestamp',
    'effective_to': 'timestamp',
    'recorded_at': 'timestamp',
} %}

with list_prices as (

    select
        'list' as price_kind,
        price_id,
        source_relation,
        {{ focus_ai.typed_null('text') }} as billing_account_id,
        model_id,
        model_developer,
        model_family,
        model_version,
        token_class,
        processing_tier,
        context_window,
        currency,
        pricing_unit,
        pricing_unit_size,
        unit_price,
        {{ focus_ai.parse_utc('effective_from') }} as effective_from,
        {{ focus_ai.parse_utc('effective_to') }} as effective_to,
        -- A public price is known from the day it is in force.
        {{ focus_ai.parse_utc('effective_from') }} as recorded_at
    from {{ ref('focus_ai_list_prices') }}

),

{% if focus_ai.source_enabled('finance') -%}
models as (

    select
        source_relation,
        model_id,
        max(model_developer) as model_developer,
        max(model_family) as model_family,
        max(model_version) as model_version
    from list_prices
    where model_id is not null
    group by source_relation, model_id

),

contract_prices as (

    select
        'contract' as price_kind,
        contracts.price_id,
        contracts.source_relation,
        contracts.billing_account_id,
        contracts.model_id,
        models.model_developer,
        models.model_family,
        models.model_version,
        contracts.token_class,
        coalesce(contracts.processing_tier, 'standard') as processing_tier,
        contracts.context_window,
        contracts.currency,
        contracts.pricing_unit,
        case
            when contracts.pricing_unit like '% %'
                then {{ dbt.split_part('contracts.pricing_unit', "' '", 1) }}
            else '1'
        end as pricing_unit_size,
        contracts.unit_price,
        contracts.effective_from,
        contracts.effective_to,
        contracts.recorded_at
    from {{ ref('stg_focus_ai__finance_contract_prices') }} as contracts
    left join models
        on
            contracts.source_relation = models.source_relation
            and contracts.model_id = models.model_id

),

{% endif -%}
unioned as (

    {{ focus_ai.select_typed('list_prices', columns) }}
    {% if focus_ai.source_enabled('finance') -%}
    union all
    {{ focus_ai.select_typed('contract_prices', columns) }}
    {% endif -%}
    {% for model in focus_ai.extra_models('unit_prices') -%}
    union all
    {{ focus_ai.select_typed(ref(model), columns) }}
    {% endfor %}

)

select
    {{ columns.keys() | join(',\n    ') }}
from unioned
