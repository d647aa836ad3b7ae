{#- Largest unattributed or unpriced share of usage cost that a close passes without a warning (var, 0 to 1, default 0.05). -#}
{% macro close_share_limit() %}
    {{ return(focus_ai.share_var('focus_ai_close_share_limit', 0.05)) }}
{% endmacro %}
