{#-
    The tier that a call was priced in, of a provider's or gateway's service_tier: standard, batch, flex, priority or
    scale; what we do not know keeps its name. A request in the tier `fast` is billed as priority; `auto` and
    `default` are what everybody gets.
-#}
{% macro processing_tier(service_tier) -%}
case
    when lower({{ service_tier }}) in ('auto', 'default') then 'standard'
    when lower({{ service_tier }}) in ('priority_on_demand', 'fast') then 'priority'
    when lower({{ service_tier }}) = 'flex_discount' then 'flex'
    else coalesce(lower({{ service_tier }}), 'standard')
end
{%- endmacro %}
