{#- Share of a closed month's cost whose evidence may be gone without failing a close (var, 0 to 1, default 0.01). -#}
{% macro withdrawn_share_limit() %}
    {{ return(focus_ai.share_var('focus_ai_withdrawn_share_limit', 0.01)) }}
{% endmacro %}
