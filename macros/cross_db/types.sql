{#-
    Column types. Always these, never a warehouse's own default: `numeric` alone is numeric(28,6) or (18,3) and
    turns a token price into zero. And never two decimals of other scales in one case, coalesce or union: where both
    have 38 digits, DuckDB takes the smaller scale and rounds the other one's decimals away, without a word.
-#}

{#- Money: an amount in a currency's major unit, 12 decimals (MONEY.md R1). -#}
{% macro type_money() %}{{ return(adapter.dispatch('type_money', 'focus_ai')()) }}{% endmacro %}
{% macro default__type_money() %}decimal(38,12){% endmacro %}

{#- A unit price: money per pricing unit (`1000000 Tokens`), 12 decimals. -#}
{% macro type_price() %}{{ return(adapter.dispatch('type_price', 'focus_ai')()) }}{% endmacro %}
{% macro default__type_price() %}decimal(38,12){% endmacro %}

{#- A whole number of tokens, requests or rows. -#}
{% macro type_count() %}{{ return(adapter.dispatch('type_count', 'focus_ai')()) }}{% endmacro %}
{% macro default__type_count() %}decimal(38,0){% endmacro %}

{#- A consumed or pricing quantity, 6 decimals: a millionth of `1000000 Tokens` is one token. -#}
{% macro type_quantity() %}{{ return(adapter.dispatch('type_quantity', 'focus_ai')()) }}{% endmacro %}
{% macro default__type_quantity() %}decimal(38,6){% endmacro %}

{#- A share of one, 12 decimals (AllocatedRatio). -#}
{% macro type_ratio() %}{{ return(adapter.dispatch('type_ratio', 'focus_ai')()) }}{% endmacro %}
{% macro default__type_ratio() %}decimal(38,12){% endmacro %}

{#- The widest whole number: products of amounts and weights in smallest units. -#}
{% macro type_wide_integer() %}{{ return(adapter.dispatch('type_wide_integer', 'focus_ai')()) }}{% endmacro %}
{% macro default__type_wide_integer() %}decimal(38,0){% endmacro %}
{% macro duckdb__type_wide_integer() %}hugeint{% endmacro %}
{#- One decimal, never used: a test double of Snowflake keeps NUMBER(38,0) in 64 bits. -#}
{% macro snowflake__type_wide_integer() %}decimal(38,1){% endmacro %}

{#- A moment in UTC, without a zone. -#}
{% macro type_timestamp() %}{{ return(adapter.dispatch('type_timestamp', 'focus_ai')()) }}{% endmacro %}
{% macro default__type_timestamp() %}timestamp{% endmacro %}
{% macro snowflake__type_timestamp() %}timestamp_ntz{% endmacro %}
{% macro spark__type_timestamp() %}timestamp_ntz{% endmacro %}

{% macro type_text() %}{{ return(dbt.type_string()) }}{% endmacro %}
{% macro type_boolean() %}boolean{% endmacro %}
{% macro type_date() %}date{% endmacro %}

{#- A null of a type, for a column whose source is off. `type` is one of: money, price, count, quantity, ratio,
    timestamp, text, boolean, date. -#}
{% macro typed_null(type) %}cast(null as {{ focus_ai['type_' ~ type]() }}){% endmacro %}

{#- A text of Jinja as an SQL literal: quotes doubled, and backslashes where the warehouse reads them as escapes. -#}
{% macro text_literal(text) %}{{ return(adapter.dispatch('text_literal', 'focus_ai')(text)) }}{% endmacro %}
{% macro default__text_literal(text) -%}
'{{ text | replace('\\', '\\\\') | replace("'", "''") }}'
{%- endmacro %}
{% macro duckdb__text_literal(text) -%}
'{{ text | replace("'", "''") }}'
{%- endmacro %}
