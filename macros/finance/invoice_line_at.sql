{#-
    What an invoice line was at a moment. `line` is an alias of int_focus_ai__invoice_lines; for what it is now the
    moment is `focus_ai.end_of_time()`.
-#}

{#- It was there, and not voided. -#}
{% macro is_owed_at(line, moment) -%}
({{ line }}.known_at <= {{ moment }} and coalesce({{ line }}.voided_at > {{ moment }}, true))
{%- endmacro %}

{#- Its invoice adjusted another. Once the other is voided, it stands in its place and adjusts nothing. -#}
{% macro is_adjusting_at(line, moment) -%}
({{ line }}.is_adjusting and coalesce({{ line }}.adjusts_until > {{ moment }}, true))
{%- endmacro %}
