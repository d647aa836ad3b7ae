{#-
    Usage records, one column a count, to one row per token class; a count of 0 gives no row.

    records  CTE of usage records with usage_record_key and the dimensions of focus_ai__provider_usage
    counts   {token class: column}
-#}
{% macro token_classes_long(records, counts) %}
    {%- for token_class, column in counts.items() %}
    select
        source_relation,
        {{ focus_ai.hash_id(['usage_record_key', "'" ~ token_class ~ "'"]) }} as usage_key,
        billing_account_id,
        sub_account_id,
        credential_id,
        principal_id,
        usage_period_start,
        usage_period_end,
        model_id,
        processing_tier,
        context_window,
        region_scope,
        '{{ token_class }}' as token_class,
        {{ column }} as quantity,
        loaded_at,
        superseded_at
    from {{ records }}
    where {{ column }} <> 0
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
{%- endmacro %}
