{{ config(enabled=focus_ai.source_enabled('openai')) }}

{%- set tiers = ['batch', 'flex', 'priority', 'fast', 'scale'] %}

with raw_costs as (

    {{ focus_ai.select_raw(
        'openai', 'costs',
        required=[
            'organization_id', 'start_time', 'end_time', 'amount_value', 'amount_currency', 'line_item',
            'loaded_at',
        ],
        optional=['project_id', 'api_key_id', 'quantity', 'quantity_unit', 'group_by'],
    ) }}

),

bucket_loads as (

    select * from {{ ref('stg_focus_ai__openai_bucket_loads') }}

),

projects as (

    select
        billing_account_id,
        project_id,
        project_name
    from {{ ref('stg_focus_ai__openai_projects') }}

),

providers as (

    select
        source_relation,
        service_provider_name,
        host_provider_name,
        invoice_issuer_name,
        service_name
    from {{ ref('focus_ai_providers') }}

),

typed as (

    select
        organization_id as billing_account_id,
        project_id,
        api_key_id,
        line_item,
        {{ focus_ai.from_epoch_seconds('start_time') }} as bucket_start,
        {{ focus_ai.from_epoch_seconds('end_time') }} as bucket_end,
        {{ focus_ai.money('amount_value') }} as amount,
        upper(amount_currency) as currency,
        cast(quantity as {{ focus_ai.type_quantity() }}) as quantity,
        lower(quantity_unit) as quantity_unit,
        coalesce(group_by, '') as group_by,
        {{ focus_ai.parse_utc('loaded_at') }} as loaded_at
    from raw_costs

),

load_intervals as (

    {{ focus_ai.load_intervals('bucket_loads', 'typed', 'costs') }}

),

-- `<tier> | <model>[ <modality>], <class>[, long context]`; the text is the only key the bill has.
tiers_split as (

    select
        *,
        case
            {%- for tier in tiers %}
            when line_item like '{{ tier }} | %' then {{ focus_ai.processing_tier("'" ~ tier ~ "'") }}
            {%- endfor %}
            else 'standard'
        end as processing_tier,
        case
            {%- for tier in tiers %}
            when line_item like '{{ tier }} | %' then substr(line_item, {{ tier | length + 4 }})
            {%- endfor %}
            else line_item
        end as untiered_item
    from typed

),

contexts_split as (

    select
        *,
        case when untiered_item like '%, long context' then 'long context' end as context_window,
        case
            when untiered_item like '%, long context'
                then substr(untiered_item, 1, length(untiered_item) - 14)
            else untiered_item
        end as metered_item
    from tiers_split

),

classes_split as (

    select
        *,
        case
            -- What stands before another bar is no tier that we know, and no model.
            when metered_item like '% | %' then 'other'
            when metered_item like '%, cached input' then 'cache_read'
            when metered_item like '%, cache writes' then 'cache_write'
            when metered_item like '%, input' then 'uncached_input'
            when metered_item like '%, output' then 'output'
            when metered_item = 'web search tool calls' then 'web_search'
            -- A bare model name: the bill does not separate the classes.
            when metered_item like '%-%' and metered_item not like '% %' then null
            else 'other'
        end as token_class,
        {{ dbt.split_part('metered_item', "', '", 1) }} as first_part
    from contexts_split

),

models_split as (

    select
        *,
        case
            when token_class is null or token_class not in ('web_search', 'other')
                then {{ dbt.split_part('first_part', "' '", 1) }}
        end as model_id,
        case
            when
                token_class is not null and token_class not in ('web_search', 'other')
                and first_part like '% %'
                then {{ dbt.split_part('first_part', "' '", 2) }}
        end as modality
    from classes_split

),

quantities_converted as (

    select
        *,
        case
            when quantity_unit = '1000_tokens' then cast(quantity * 1000 as {{ focus_ai.type_quantity() }})
            else quantity
        end as provider_quantity,
        case
            when quantity is null then null
            when quantity_unit in ('tokens', '1000_tokens') then 'Tokens'
            when quantity_unit = 'duration_seconds' then 'Seconds'
            when quantity_unit = 'duration_minutes' then 'Minutes'
            when quantity_unit = 'duration_hours' then 'Hours'
            when quantity_unit = 'gibibyte_hours' then 'GiB-Hours'
            when quantity_unit = 'images' then 'Images'
            when quantity_unit = 'characters' then 'Characters'
            when token_class = 'web_search' then 'Requests'
            else 'Units'
        end as provider_quantity_unit
    from models_split

),

numbered as (

    select
        quantities_converted.*,
        load_intervals.superseded_at,
        -- Rows that agree in every dimension are told apart by their place.
        row_number() over (
            partition by
                quantities_converted.billing_account_id, quantities_converted.group_by,
                quantities_converted.bucket_start, quantities_converted.bucket_end,
                quantities_converted.project_id, quantities_converted.api_key_id,
                quantities_converted.line_item, quantities_converted.currency, quantities_converted.loaded_at
            order by quantities_converted.amount, quantities_converted.quantity
        ) as ordinal
    from quantities_converted
    inner join load_intervals
        on
            {{ focus_ai.same_columns(focus_ai.load_key(), 'quantities_converted', 'load_intervals') }}

),

final as (

    select
        'openai' as source_relation,
        {{ focus_ai.hash_id([
            "'openai'",
            "'costs'",
            'numbered.billing_account_id',
            'numbered.group_by',
            focus_ai.utc_text('numbered.bucket_start'),
            focus_ai.utc_text('numbered.bucket_end'),
            'numbered.project_id',
            'numbered.api_key_id',
            'numbered.line_item',
            'numbered.currency',
            focus_ai.count_text('numbered.ordinal'),
        ]) }} as charge_key,
        'costs' as endpoint,
        numbered.group_by,
        'Usage' as charge_category,
        'Usage-Based' as charge_frequency,
        numbered.line_item as charge_description,
        numbered.billing_account_id,
        numbered.project_id as sub_account_id,
        projects.project_name as sub_account_name,
        case when numbered.project_id is not null then 'Project' end as sub_account_type,
        numbered.api_key_id as credential_id,
        numbered.bucket_start as charge_period_start,
        numbered.bucket_end as charge_period_end,
        {{ focus_ai.month_start('numbered.bucket_start') }} as billing_period_start,
        {{ focus_ai.month_end('numbered.bucket_start') }} as billing_period_end,
        providers.service_provider_name,
        providers.host_provider_name,
        providers.invoice_issuer_name,
        providers.service_name,
        numbered.currency as billing_currency,
        numbered.amount as provider_reported_cost,
        numbered.provider_quantity,
        numbered.provider_quantity_unit,
        numbered.model_id,
        numbered.token_class,
        numbered.processing_tier,
        numbered.context_window,
        {{ focus_ai.typed_null('text') }} as region_scope,
        numbered.modality,
        numbered.line_item as raw_line_item,
        numbered.loaded_at,
        numbered.superseded_at
    from numbered
    left join projects
        on
            numbered.billing_account_id = projects.billing_account_id
            and numbered.project_id = projects.project_id
    left join providers
        on providers.source_relation = 'openai'

)

select * from final
