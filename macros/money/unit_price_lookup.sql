{#-
    The unit price in force for each priced thing (MONEY.md R2): at the start of its charge period, as recorded when
    its accounting period was closed. One row per price_key that has a price.

    Needs a CTE `unit_prices` (columns of focus_ai__unit_prices).

    kind        'list' or 'contract'
    price_keys  CTE, one row per price_key: price_key, source_relation, billing_account_id, model_id, token_class,
                processing_tier, context_window, modality, billing_currency, consumed_unit, priced_at, known_at

    A price must be in the billing currency and count the consumed unit. One without a model, account or context window
    stands for all of them; the most particular wins, then the one that came into force, and was recorded, last.
    Prices are of text: another modality has none.
-#}
{% macro unit_price_lookup(kind, price_keys) %}
    select
        price_key,
        unit_price,
        pricing_unit,
        pricing_unit_size
    from (
        select
            price_keys.price_key,
            unit_prices.unit_price,
            unit_prices.pricing_unit,
            unit_prices.pricing_unit_size,
            row_number() over (
                partition by price_keys.price_key
                order by
                    case when unit_prices.model_id is null then 1 else 0 end,
                    case when unit_prices.billing_account_id is null then 1 else 0 end,
                    case when unit_prices.context_window is null then 1 else 0 end,
                    unit_prices.effective_from desc nulls last,
                    unit_prices.recorded_at desc,
                    unit_prices.price_id
            ) as place
        from {{ price_keys }} as price_keys
        inner join unit_prices
            on
                price_keys.source_relation = unit_prices.source_relation
                and price_keys.token_class = unit_prices.token_class
                and price_keys.processing_tier = unit_prices.processing_tier
                and price_keys.billing_currency = unit_prices.currency
                and price_keys.priced_at >= unit_prices.effective_from
                and (price_keys.priced_at < unit_prices.effective_to or unit_prices.effective_to is null)
                and (price_keys.model_id = unit_prices.model_id or unit_prices.model_id is null)
                and (
                    price_keys.billing_account_id = unit_prices.billing_account_id
                    or unit_prices.billing_account_id is null
                )
                and (
                    price_keys.context_window = unit_prices.context_window or unit_prices.context_window is null
                )
                and (
                    unit_prices.pricing_unit = price_keys.consumed_unit
                    or unit_prices.pricing_unit like '% ' || price_keys.consumed_unit
                )
                and (unit_prices.recorded_at <= price_keys.known_at or price_keys.known_at is null)
        where
            unit_prices.price_kind = '{{ kind }}'
            and coalesce(price_keys.modality, 'text') = 'text'
    ) as ranked_prices
    where place = 1
{%- endmacro %}
