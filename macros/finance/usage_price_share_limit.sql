{#- Share of a month's bill that may differ from usage x price without failing a close (var, 0 to 1, default 0.01). -#}
{% macro usage_price_share_limit() %}
    {{ return(focus_ai.share_var('focus_ai_usage_price_share_limit', 0.01)) }}
{% endmacro %}
