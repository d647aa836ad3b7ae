{#-
    SkuPriceDetails of a row: a JSON object of what its SKU price is for, keys in alphabetical order.

    FOCUS 1.4 defines no property of models or tokens, so all keys are custom; with var focus_ai_version '1.5-preview'
    the keys that the 1.5 draft defines lose their prefix. The facts are stored once; only the names change, here.
-#}
{% macro sku_price_details() -%}
    {%- set version = focus_ai.focus_version() -%}
    {%- set defined_in_1_5 = [
        'ModelDeveloper', 'ModelFamily', 'ModelId', 'ModelVersion', 'TokenCacheAction', 'TokenDirection',
    ] if version == '1.5-preview' else [] -%}
    {%- set properties = [] -%}
    {%- for property, value in [
        ('CacheRetention', 'cache_retention'),
        ('ContextWindow', 'context_window'),
        ('Modality', 'modality'),
        ('ModelDeveloper', 'model_developer'),
        ('ModelFamily', 'model_family'),
        ('ModelId', "case when token_class <> 'web_search' then model_id end"),
        ('ModelVersion', 'model_version'),
        ('ProcessingTier', 'processing_tier'),
        ('RegionScope', 'region_scope'),
        ('TokenCacheAction', 'token_cache_action'),
        ('TokenDirection', 'token_direction'),
    ] -%}
        {%- set key = property if property in defined_in_1_5 else 'x_' ~ property -%}
        {%- do properties.append((key, focus_ai.json_string(value))) -%}
    {%- endfor -%}
{{ focus_ai.json_object(properties) }}
{%- endmacro %}
