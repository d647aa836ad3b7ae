{#- Anthropic: no workspace on a row of a pull grouped by workspace is the default workspace; without that grouping
    it is unknown and stays null. -#}
{% macro default_workspace(workspace_id, group_by) -%}
    case
        when {{ workspace_id }} is null and {{ group_by }} like '%workspace_id%' then 'default'
        else {{ workspace_id }}
    end
{%- endmacro %}
