{{ config(enabled=focus_ai.source_enabled('anthropic')) }}

with raw_costs as (

    {{ focus_ai.select_raw(
        'anthropic', 'cost_report',
        required=[
            'organization_id', 'starting_at', 'ending_at', 'amount', 'currency', 'cost_type', 'description',
            'model', 'token_type', 'loaded_at',
        ],
        optional=['workspace_id', 'context_window', 'inference_geo', 'service_tier', 'group_by'],
    ) }}

),

bucket_loads as (

    select * from {{ ref('stg_focus_ai__anthropic_bucket_loads') }}

),

workspaces as (

    select
        billing_account_id,
        workspace_id,
        workspace_name
    from {{ ref('stg_focus_ai__anthropic_workspaces') }}

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
        {{ focus_ai.default_workspace('workspace_id', 'group_by') }} as workspace_id,
        description,
        cost_type,
        token_type,
        model,
        service_tier,
        context_window,
        nullif(inference_geo, 'not_available') as region_scope,
        {{ focus_ai.parse_utc('starting_at') }} as bucket_start,
        {{ focus_ai.parse_utc('ending_at') }} as bucket_end,
        {{ focus_ai.minor_units_to_money('amount') }} as amount,
        upper(currency) as currency,
        coalesce(group_by, '') as group_by,
        {{ focus_ai.parse_utc('loaded_at') }} as loaded_at
    from raw_costs

),

load_intervals as (

    {{ focus_ai.load_intervals('bucket_loads', 'typed', 'cost_report') }}

),

classed as (

    select
        *,
        case
            when token_type = 'uncached_input_tokens' then 'uncached_input'
            when token_type = 'cache_read_input_tokens' then 'cache_read'
            when token_type = 'cache_creation.ephemeral_5m_input_tokens' then 'cache_write_5m'
            when token_type = 'cache_creation.ephemeral_1h_input_tokens' then 'cache_write_1h'
            when token_type = 'output_tokens' then 'output'
            when cost_type = 'web_search' then 'web_search'
            -- Tokens of a known model, classes not separated by the bill.
            when cost_type = 'tokens' and token_type is null and model is not null then null
            else 'other'
        end as token_class,
        {{ focus_ai.processing_tier('service_tier') }} as processing_tier
    from typed

),

numbered as (

    select
        classed.*,
        load_intervals.superseded_at,
        -- Rows that agree in every dimension are told apart by their place.
        row_number() over (
            partition by
                classed.billing_account_id, classed.group_by, classed.bucket_start, classed.bucket_end,
                classed.workspace_id, classed.description, classed.cost_type, classed.token_type,
                classed.model, classed.service_tier, classed.context_window, classed.region_scope,
                classed.currency, classed.loaded_at
            order by classed.amount
        ) as ordinal
    from classed
    inner join load_intervals
        on
            {{ focus_ai.same_columns(focus_ai.load_key(), 'classed', 'load_intervals') }}

),

final as (

    select
        'anthropic' as source_relation,
        {{ focus_ai.hash_id([
            "'anthropic'",
            "'cost_report'",
            'numbered.billing_account_id',
            'numbered.group_by',
            focus_ai.utc_text('numbered.bucket_start'),
            focus_ai.utc_text('numbered.bucket_end'),
            'numbered.workspace_id',
            'numbered.description',
            'numbered.cost_type',
            'numbered.token_type',
            'numbered.model',
            'numbered.service_tier',
            'numbered.context_window',
            'numbered.region_scope',
            'numbered.currency',
            focus_ai.count_text('numbered.ordinal'),
        ]) }} as charge_key,
        'cost_report' as endpoint,
        numbered.group_by,
        'Usage' as charge_category,
        'Usage-Based' as charge_frequency,
        numbered.description as charge_description,
        numbered.billing_account_id,
        numbered.workspace_id as sub_account_id,
        case
            when numbered.workspace_id = 'default' then 'Default workspace'
            else workspaces.workspace_name
        end as sub_account_name,
        case when numbered.workspace_id is not null then 'Workspace' end as sub_account_type,
        {{ focus_ai.typed_null('text') }} as credential_id,
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
        {{ focus_ai.typed_null('quantity') }} as provider_quantity,
        {{ focus_ai.typed_null('text') }} as provider_quantity_unit,
        numbered.model as model_id,
        numbered.token_class,
        numbered.processing_tier,
        numbered.context_window,
        numbered.region_scope,
        {{ focus_ai.typed_null('text') }} as modality,
        numbered.description as raw_line_item,
        numbered.loaded_at,
        numbered.superseded_at
    from numbered
    left join workspaces
        on
            numbered.billing_account_id = workspaces.billing_account_id
            and numbered.workspace_id = workspaces.workspace_id
    left join providers
        on providers.source_relation = 'anthropic'

)

select * from final
