"""Hand-made books: January is closed, February is open and its bills are whole, each account is a case."""

from __future__ import annotations

from .by_hand_raw import ALWAYS, COST_GROUPS, REPORT_GROUPS, Raw, epoch, midnight

GPT5, MINI = "gpt-5-2025-08-07", "gpt-5-mini-2025-08-07"
SONNET, HAIKU = "claude-sonnet-4-20250514", "claude-haiku-4-5-20251001"
AUDIO, TUNED = "gpt-audio-2025-08-28", "ft:gpt-4o-mini-2024-07-18:acme::AbC"
DAY, NEXT = "2026-02-10", "2026-02-11"
CLOSED = "2026-02-05T18:00:00Z"
AFTER_CLOSE = "2026-02-08T06:00:00Z"
UNGROUPED = {"group_by": "line_item", "project_id": None}


def books(headers: dict[str, list[str]]) -> Raw:
    """All raw tables."""
    raw = Raw(headers)
    for topic in (
        *(token_classes, meters, signs, tiers, loads, bare_lines, ungrouped_bill, thirds, prices),
        *(anthropic, gateway, moving_key, prepaid, currencies, january, shared, provider_invoices, revenue),
        payers,
    ):
        topic(raw)
    coverage(raw)
    return raw


def token_classes(raw: Raw) -> None:
    """The documented example: 5000 input tokens, 1800 of them cached and 200 written to the cache."""
    raw.customer("classes", "k-classes", billing="cus_classes")
    for item, amount, tokens in [
        *(("input", "0.00375", 3000), ("cached input", "0.000225", 1800)),
        *(("cache writes", "0.0005", 200), ("output", "0.01", 1000)),
    ]:
        raw.openai_cost("org-classes", DAY, f"{GPT5}, {item}", amount, tokens=tokens, api_key_id="k-classes")
    raw.openai_usage(
        *("org-classes", DAY, GPT5),
        **{"input_tokens": 5000, "input_cached_tokens": 1800, "input_cache_write_tokens": 200},
        **{"output_tokens": 1000, "num_model_requests": 5, "api_key_id": "k-classes"},
    )
    raw.add(
        "finance.other_costs",
        **{"other_cost_id": "hosting", "accounting_period_start": midnight("2026-02-01"), "amount": "10"},
        **{"customer_id": "classes", "cost_type": "hosting", "currency": "EUR", "recorded_at": midnight(DAY)},
    )


def meters(raw: Raw) -> None:
    """What is no token, and amounts and quantities in odd spellings."""
    raw.customer("meters", "k-meters")
    for item, amount, quantity, unit in [
        (f"{GPT5}, input", "1e-7", 1, "tokens"),
        (f"{MINI}, input", "0.000375", "1.5", "1000_tokens"),
        ("web search tool calls", "0.35", 35, None),
        ("code interpreter sessions", "0.12", 4, None),
        ("vector store storage", "0.0104", "2.5", "gibibyte_hours"),
        (f"{AUDIO} audio, input", "0.0032", 100, "tokens"),
        (f"{AUDIO} text, input", "0.0025", 1000, "tokens"),
        (f"{TUNED}, output", "0.0012", 1000, "tokens"),
        ("gpt-4o-mini fine-tuning training", "3.00", 1000000, "tokens"),
    ]:
        raw.openai_cost(
            *("org-meters", DAY, item, amount), quantity=quantity, quantity_unit=unit, api_key_id="k-meters"
        )
    raw.openai_usage("org-meters", DAY, AUDIO, input_tokens=1100, api_key_id="k-meters")


def signs(raw: Raw) -> None:
    """Refunds, what was free, and money without a quantity."""
    raw.customer("signs", "k-signs")
    key = {"api_key_id": "k-signs"}
    raw.openai_cost("org-signs", DAY, f"{GPT5}, output", "-0.02", tokens=2000, **key)
    raw.openai_cost("org-signs", DAY, f"{GPT5}, input", "0", tokens=1000, **key)
    raw.openai_usage(
        "org-signs", DAY, GPT5, input_tokens=1000, output_tokens=2000, num_model_requests=2, **key
    )
    raw.openai_cost("org-signs", NEXT, f"{GPT5}, output", "-0.03", **key)
    raw.openai_usage("org-signs", NEXT, GPT5, output_tokens=3000, **key)
    raw.openai_cost("org-signs", NEXT, f"{MINI}, input", "0.77", **key)
    raw.openai_cost("org-signs", NEXT, f"{MINI}, output", "-0.77", tokens=0, **key)
    raw.openai_cost("org-signs", NEXT, f"{GPT5}, input", "0.00125", tokens=1000, project_id=None)


def tiers(raw: Raw) -> None:
    raw.customer("tiers", "k-tiers")
    for prefix, amount, usage in [
        ("batch", "0.000625", {"batch": "true"}),
        ("flex", "0.000625", {"service_tier": "flex"}),
        ("priority", "0.0025", {"service_tier": "fast"}),
        ("scale", "0.001", {"service_tier": "scale"}),
        ("regional", "0.0014", None),
    ]:
        line_item = f"{prefix} | {GPT5}, input"
        raw.openai_cost("org-tiers", DAY, line_item, amount, tokens=1000, api_key_id="k-tiers")
        if usage:
            raw.openai_usage("org-tiers", DAY, GPT5, input_tokens=1000, api_key_id="k-tiers", **usage)


def loads(raw: Raw) -> None:
    """A bucket that comes again with fewer rows, one that comes again empty; usage by hour and by day."""
    raw.customer("loads", "k-loads", "a-loads")
    key = {"api_key_id": "k-loads"}
    raw.openai_cost("org-loads", DAY, f"{GPT5}, input", "0.01", tokens=8000, **key)
    raw.openai_cost("org-loads", DAY, f"{GPT5}, output", "0.05", tokens=5000, **key)
    raw.openai_cost("org-loads", NEXT, f"{GPT5}, output", "0.06", tokens=6000, **key)
    again = "2026-02-15T06:00:00Z"
    raw.openai_cost("org-loads", DAY, f"{GPT5}, input", "0.02", tokens=16000, loaded_at=again, **key)
    raw.add(
        "openai.bucket_loads",
        **{"organization_id": "org-loads", "endpoint": "costs", "group_by": COST_GROUPS},
        **{"start_time": epoch(NEXT), "end_time": epoch(NEXT, 24), "result_count": 0, "loaded_at": again},
    )
    raw.anthropic_cost(
        *("ant-loads", DAY, "input", "0.6"),
        model=SONNET,
        token_type="uncached_input_tokens",
        workspace_id="w",
    )
    for hour, tokens in [(None, 2000), (3, 500), (4, 1500)]:
        raw.anthropic_usage(
            *("ant-loads", DAY, SONNET),
            **{"hour": hour, "uncached_input_tokens": tokens, "api_key_id": "a-loads", "workspace_id": "w"},
        )


def bare_lines(raw: Raw) -> None:
    """A line that names the model alone: split to its classes by list cost."""
    raw.customer("bare", "k-bare")
    raw.openai_cost("org-bare", DAY, GPT5, "1.00", api_key_id="k-bare")
    raw.openai_usage(
        *("org-bare", DAY, GPT5),
        **{"input_tokens": 300000, "input_cached_tokens": 200000, "output_tokens": 50000},
        **{"num_model_requests": 7, "api_key_id": "k-bare"},
    )


def ungrouped_bill(raw: Raw) -> None:
    """A bill by line item only, as some connectors land it; the usage says whose."""
    raw.customer("six", "k-six")
    raw.customer("four", "k-four")
    raw.openai_cost("org-ungrouped", DAY, f"{GPT5}, input", "1.00", tokens=800000, **UNGROUPED)
    raw.openai_cost("org-ungrouped", DAY, f"{GPT5}, output", "1.00", tokens=100000, **UNGROUPED)
    for key, parts in [("six", 6), ("four", 4)]:
        raw.openai_usage(
            *("org-ungrouped", DAY, GPT5),
            **{"input_tokens": 80000 * parts, "output_tokens": 10000 * parts, "num_model_requests": parts},
            **{"project_id": f"p-{key}", "api_key_id": f"k-{key}"},
        )


def thirds(raw: Raw) -> None:
    """A cent, and a cent back, over three equal keys."""
    for amount, item in [("0.01", "input"), ("-0.01", "output")]:
        raw.openai_cost("org-thirds", DAY, f"{GPT5}, {item}", amount, tokens=3000000, **UNGROUPED)
    for name in ("x", "y", "z"):
        raw.customer(f"third-{name}", f"k-third-{name}")
        tokens = {"input_tokens": 1000000, "output_tokens": 1000000}
        raw.openai_usage("org-thirds", DAY, GPT5, api_key_id=f"k-third-{name}", **tokens)


def prices(raw: Raw) -> None:
    """Contract prices per 1, 1000 and 1000000 tokens, of models with and without a list price."""
    raw.customer("prices", "k-prices")
    for model, unit, price, token_class, item, tokens in [
        (MINI, "1000 Tokens", "0.000123457", "uncached_input", "input", 1234),
        ("nolist-1", "Tokens", "0.000000123456", "output", "output", 1001),
        ("nolist-2", "1000 Tokens", "0.000123457", "output", "output", 1234),
    ]:
        raw.contract_price(
            f"price {model}", "org-prices", model, token_class, pricing_unit=unit, unit_price=price
        )
        raw.openai_cost("org-prices", DAY, f"{model}, {item}", "0.0002", tokens=tokens, api_key_id="k-prices")


def anthropic(raw: Raw) -> None:
    raw.customer("writes", "a-writes")
    raw.customer("workbench", "a-batch")
    raw.customer("long", "a-long")
    cell = {"model": SONNET, "workspace_id": "w1"}
    write = "cache_creation.ephemeral_{}_input_tokens"
    for name, cents, token_type in [
        *(("input", "0.45", "uncached_input_tokens"), ("output", "0.75", "output_tokens")),
        *(("write 5m", "0.1875", write.format("5m")), ("write 1h", "0.6", write.format("1h"))),
        ("read", "0.006", "cache_read_input_tokens"),
    ]:
        raw.anthropic_cost("ant-classes", DAY, name, cents, token_type=token_type, **cell)
    no_model = {"workspace_id": "w1", "context_window": None, "service_tier": None}
    raw.anthropic_cost("ant-classes", DAY, "web search", "10", cost_type="web_search", **no_model)
    raw.anthropic_cost("ant-classes", DAY, "code execution", "5.5", cost_type="code_execution", **no_model)
    raw.anthropic_usage(
        *("ant-classes", DAY, SONNET),
        **{"uncached_input_tokens": 1500, "cache_read_input_tokens": 200, "output_tokens": 500},
        cache_creation_ephemeral_5m_input_tokens=500,
        cache_creation_ephemeral_1h_input_tokens=1000,
        server_tool_use_web_search_requests=10,
        **{"api_key_id": "a-writes", "workspace_id": "w1"},
    )
    batch = {"service_tier": "batch", "workspace_id": None}
    raw.anthropic_cost(
        "ant-classes", DAY, "batch", "0.0375", model=HAIKU, token_type="uncached_input_tokens", **batch
    )
    raw.anthropic_usage("ant-classes", DAY, HAIKU, uncached_input_tokens=750, api_key_id="a-batch", **batch)
    long = {"context_window": "200k-1M", "workspace_id": "w2"}
    for name, cents, token_type in [
        ("long input", "180", "uncached_input_tokens"),
        ("long output", "2.25", "output_tokens"),
    ]:
        raw.anthropic_cost("ant-classes", DAY, name, cents, token_type=token_type, model=SONNET, **long)
    tokens = {"uncached_input_tokens": 300000, "output_tokens": 1000, "api_key_id": "a-long"}
    raw.anthropic_usage("ant-classes", DAY, SONNET, **tokens, **long)
    # Priority tier is paid for elsewhere: it is in no bill, and weighs nothing.
    raw.anthropic_usage("ant-classes", DAY, SONNET, **tokens, **long | {"service_tier": "priority"})


def gateway(raw: Raw) -> None:
    """Calls of tenants behind one key: too few, too many, by the model's short name, with cached tokens."""
    raw.customer("tenant-a")
    raw.customer("tenant-b")
    for tenant in ("a", "b"):
        raw.rule(f"tenant {tenant}", f"tenant-{tenant}", match_type="end_user", match_value=f"user-{tenant}")
    raw.deployment("d", "k-gateway")
    first, second = {"end_user": "user-a", "model_id": "d"}, {"end_user": "user-b", "model_id": "d"}
    key = {"api_key_id": "k-gateway"}
    # The gateway saw 150 output tokens, the provider metered 100.
    raw.openai_cost("org-gateway", DAY, f"{MINI}, output", "0.0002", tokens=100, **key)
    raw.openai_usage("org-gateway", DAY, MINI, output_tokens=100, num_model_requests=2, **key)
    raw.call("over-1", f"{DAY} 05:00:00", "gpt-5-mini", 0, 60, **first)
    raw.call("over-2", f"{DAY} 06:00:00", f"openai/{MINI}", 0, 90, **second)
    # It saw 30 of 100: the rest stays with the key, which belongs to nobody.
    raw.openai_cost("org-gateway", NEXT, f"{MINI}, output", "0.0002", tokens=100, **key)
    raw.openai_usage("org-gateway", NEXT, MINI, output_tokens=100, num_model_requests=4, **key)
    raw.call("under", f"{NEXT} 05:00:00", MINI, 0, 30, **first)
    # Of 1000 input tokens 400 were cached: all of them a's.
    for item, amount, tokens in [("input", "0.00075", 600), ("cached input", "0.00005", 400)]:
        raw.openai_cost("org-gateway", DAY, f"{GPT5}, {item}", amount, tokens=tokens, **key)
    raw.openai_usage(
        "org-gateway", DAY, GPT5, input_tokens=1000, input_cached_tokens=400, num_model_requests=2, **key
    )
    raw.call("cached", f"{DAY} 07:00:00", "gpt-5", 700, 0, cached=400, **first)
    raw.call("uncached", f"{DAY} 08:00:00", "gpt-5", 300, 0, **second)


def moving_key(raw: Raw) -> None:
    """A key that changes hands at half past twelve, its usage by the hour."""
    raw.customer("before", billing="cus_before")
    raw.customer("after")
    change = f"{DAY}T12:30:00Z"
    raw.rule("before", "before", match_value="k-moving", effective_to=change)
    raw.rule("after", "after", match_value="k-moving", effective_from=change)
    raw.openai_cost("org-moving", DAY, f"{GPT5}, input", "2.40", tokens=1920000, api_key_id="k-moving")
    for hour in range(24):
        raw.openai_usage("org-moving", DAY, GPT5, hour=hour, input_tokens=80000, api_key_id="k-moving")


def prepaid(raw: Raw) -> None:
    """10 for 8, then 5 for 5, against 18; credits that expire, and credits in another currency."""
    raw.customer("prepaid", "k-prepaid")
    key = {"api_key_id": "k-prepaid"}
    raw.grant("bonus", "org-prepaid", "2026-02-01", "10.00", "8.00", expires_at=midnight("2026-02-15"))
    raw.grant("plain", "org-prepaid", "2026-02-05", "5.00", "5.00", expires_at=midnight("2027-02-05"))
    for day in (DAY, "2026-02-12", "2026-02-20"):
        raw.openai_cost("org-prepaid", day, f"{GPT5}, input", "6.00", tokens=4800000, **key)
        raw.openai_usage("org-prepaid", day, GPT5, input_tokens=4800000, num_model_requests=10, **key)
    raw.grant("lapsed", "org-lapsed", "2026-02-01", "10.00", "9.00", expires_at=midnight("2026-02-15"))
    raw.openai_cost("org-lapsed", DAY, f"{GPT5}, input", "4.00", tokens=3200000, **key)
    raw.grant("euros", "org-two", "2026-02-01", "10.00", "10.00", currency="EUR")
    raw.openai_cost("org-two", DAY, f"{GPT5}, input", "4.00", tokens=3200000, **key)
    raw.openai_cost("org-two", DAY, f"{GPT5}, output", "3.00", tokens=300000, amount_currency="eur", **key)


def currencies(raw: Raw) -> None:
    """February's rate was recorded twice; January's again after its close; one is in small letters."""
    raw.rate("2026-01", "EUR", "1.05", "2026-01-31")
    raw.rate("2026-01", "EUR", "1.99", "2026-02-07")
    raw.rate("2026-02", "EUR", "1.20", "2026-02-20")
    raw.rate("2026-02", "EUR", "1.10", "2026-02-28")
    raw.rate("2026-02", "EUR", "9", "2026-02-28", rate_type="closing")
    raw.rate("2026-02", "USD", "0.5", "2026-02-28", to_currency="EUR")
    raw.rate("2026-02", "jpy", "0.006666666667", "2026-02-28", to_currency="usd")
    raw.customer("euro", "k-euro")
    raw.openai_cost(
        "org-euro", DAY, f"{GPT5}, input", "1.00", tokens=1000000, api_key_id="k-euro", amount_currency="eur"
    )


def january(raw: Raw) -> None:
    """What came after January was closed: news of its bill, rates, prices, rules, an agent, a grant."""
    raw.add(
        "finance.close_log",
        **{"company_id": "company", "accounting_period_start": midnight("2026-01-01"), "action": "close"},
        **{"invoice_issuer_name": "OpenAI", "billing_period_start": midnight("2026-01-01")},
        **{"closed_at": CLOSED, "closed_by": "ana", "reviewed_by": "ben"},
    )
    raw.customer("closed", "k-closed", billing="cus_closed")
    key, late = {"api_key_id": "k-closed"}, {"loaded_at": AFTER_CLOSE}
    for amount, tokens, more in [("1.25", 1000000, {}), ("2.50", 2000000, late)]:
        raw.openai_cost("org-closed", "2026-01-10", f"{GPT5}, input", amount, tokens=tokens, **key, **more)
        requests = {"num_model_requests": tokens // 100000}
        raw.openai_usage("org-closed", "2026-01-10", GPT5, input_tokens=tokens, **requests, **key, **more)
    raw.openai_cost("org-closed", "2026-01-20", f"{GPT5}, output", "0.30", tokens=30000, **key, **late)
    raw.openai_cost("org-closed", "2026-01-21", f"{GPT5}, output", "0.40", tokens=40000, **key)
    raw.add(
        "openai.bucket_loads",
        **{"organization_id": "org-closed", "endpoint": "costs", "group_by": COST_GROUPS},
        **{"start_time": epoch("2026-01-21"), "end_time": epoch("2026-01-22")},
        **{"result_count": 0, "loaded_at": AFTER_CLOSE},
    )
    raw.customer("closed-euro", "k-closed-euro")
    for amount, more in [("10.00", {}), ("12.00", late)]:
        raw.openai_cost(
            *("org-closed-euro", "2026-01-10", f"{GPT5}, input", amount),
            **{"tokens": 1000000, "api_key_id": "k-closed-euro", "amount_currency": "eur"} | more,
        )
    raw.customer("late-grant", "k-late-grant")
    raw.openai_cost(
        "org-late-grant", "2026-01-10", f"{GPT5}, input", "2.50", tokens=2000000, api_key_id="k-late-grant"
    )
    raw.grant("late", "org-late-grant", "2026-01-05", "4.00", "3.00", recorded_at=AFTER_CLOSE)
    raw.customer("ruled", "k-ruled")
    raw.customer("ruled-later")
    raw.rule("later", "ruled-later", match_value="k-ruled", priority=1, recorded_at=AFTER_CLOSE)
    raw.customer("agented")
    raw.rule("agent", "agented", match_value="k-agent", agent_id="bot")
    for line, flow, recorded in [("chat", "first", ALWAYS), ("docs", "second", AFTER_CLOSE)]:
        raw.add(
            "attribution.agents",
            **{"agent_id": "bot", "agent_name": "Bot", "product_line": line, "workflow_id": flow},
            **{"cost_center": "cc", "recorded_at": recorded},
        )
    for day, amount in [("2026-01-10", "3.00"), (DAY, "0.80")]:
        raw.openai_cost("org-agent", day, f"{GPT5}, input", amount, tokens=800000, api_key_id="k-agent")
    raw.contract_price(
        *("later price", "org-ruled", GPT5, "uncached_input"),
        **{"pricing_unit": "1000000 Tokens", "unit_price": "1.00", "recorded_at": AFTER_CLOSE},
    )
    for day, amount in [("2026-01-10", "1.00"), (DAY, "0.80")]:
        raw.openai_cost("org-ruled", day, f"{GPT5}, input", amount, tokens=800000, api_key_id="k-ruled")


def shared(raw: Raw) -> None:
    """What was left of credits goes evenly to three customers."""
    raw.add(
        "attribution.shared_cost_rules",
        **{"rule_id": "leftovers", "priority": 10, "match_leftover_reason": "UnusedCommitment"},
        **{"method": "even", "receivers": "customers", "receiver_customer_ids": "classes, meters, signs"},
        **{"effective_from": midnight("2026-01-01"), "recorded_at": midnight("2026-01-01")},
    )


def provider_invoices(raw: Raw) -> None:
    raw.provider_invoice(
        "BARE", "org-bare", "2026-02", ("Usage", "1.00"), ("Credit", "-0.25"), ("Tax", "0.15", "0.2")
    )
    raw.provider_invoice("UNGROUPED", "org-ungrouped", "2026-02", ("Usage", "2.005"), ("Tax", "0.14"))
    raw.provider_invoice(
        *("PREPAID", "org-prepaid", "2026-02"),
        *(("Purchase", "8.00", None, "2026-02-01", "2026-02-02"), ("Usage", "3.00")),
        ("Purchase", "5.00", None, "2026-02-05", "2026-02-06"),
    )
    raw.customer("twice", "k-twice")
    for invoice, day, amount, tokens, billed, window in [
        ("TWICE-1", "2026-02-05", "5.004", 4000000, "5.00", ("2026-02-01", "2026-02-15")),
        ("TWICE-2", "2026-02-20", "2.5012", 2000000, "2.50", ("2026-02-15", "2026-03-01")),
    ]:
        raw.openai_cost("org-twice", day, f"{GPT5}, input", amount, tokens=tokens, api_key_id="k-twice")
        raw.provider_invoice(invoice, "org-twice", "2026-02", ("Usage", billed, None, *window))
    raw.provider_invoice("JAN", "org-closed", "2026-01", ("Usage", "1.65"), created_at=midnight("2026-02-02"))
    raw.provider_invoice(
        *("JAN-ADJUSTED", "org-closed", "2026-02", ("Usage", "1.15", None, "2026-01-01", "2026-02-01")),
        reference_invoice_id="JAN",
    )
    raw.add(
        "finance.minimum_commitments",
        **{"commitment_id": "minimum", "source_relation": "openai", "billing_account_id": "org-twice"},
        **{"period_start": midnight("2026-02-01"), "period_end": midnight("2026-03-01"), "currency": "USD"},
        **{"minimum_amount": "10.00", "measure": "BilledCost", "recorded_at": midnight("2026-01-01")},
    )


def revenue(raw: Raw) -> None:
    for payer in (
        *("prorated", "shared-discount", "line-discount", "yen", "dinar", "void", "given-up", "draft"),
        *("leap", "quarter", "half-days", "inclusive", "exclusive", "noted", "spread-note", "lump-note"),
        *("void-note", "euro-payer", "franc", "moment", "void-after-note"),
    ):
        raw.customer(payer, billing=f"cus_{payer}")
    raw.stripe_invoice("prorated", "cus_prorated", (-1000, "2026-02-15", "2026-03-01"), (1500,))
    raw.stripe_invoice("discounted", "cus_shared-discount", (1000,), (1000,), (1000,))
    raw.stripe_invoice("line", "cus_line-discount", (1000,), (2000,))
    for invoice, item, amount in [
        ("prorated", None, 100),
        ("discounted", None, 100),
        ("line", "line.item2", 300),
    ]:
        raw.add(
            "stripe.discount", id=f"{invoice} off", invoice_id=invoice, invoice_item_id=item, amount=amount
        )
    raw.stripe_invoice("yen", "cus_yen", (5000,), currency="jpy")
    raw.stripe_invoice("dinar", "cus_dinar", (12345,), currency="kwd")
    raw.stripe_invoice("franc", "cus_franc", (10000,), currency="chf")
    raw.stripe_invoice("euro", "cus_euro-payer", (10000,), currency="eur")
    given_up = {"status": "uncollectible", "status_transitions_marked_uncollectible_at": f"{DAY} 00:00:00"}
    void = {"status": "void", "status_transitions_voided_at": f"{DAY} 00:00:00"}
    raw.stripe_invoice("given up", "cus_given-up", (1000,), **given_up)
    raw.stripe_invoice("void", "cus_void", (1000,), **void)
    raw.stripe_invoice("draft", "cus_draft", (1000,), status="draft", status_transitions_finalized_at=None)
    raw.stripe_invoice("leap", "cus_leap", (36600, "2027-12-01", "2028-12-01"))
    raw.stripe_invoice(
        "quarter",
        "cus_quarter",
        (9000, "2026-01-01", "2026-04-01"),
        created="2026-01-01 08:00:00",
        status_transitions_finalized_at="2026-01-01 09:00:00",
    )
    raw.stripe_invoice("half", "cus_half-days", (100, "2026-02-15", "2026-03-15"))
    raw.stripe_invoice("moment", "cus_moment", (777, DAY, DAY))
    # Of 120.00 with 20 % inside, 12.00 is taken off: 108.00, of which 18.00 is tax.
    raw.stripe_invoice("inclusive", "cus_inclusive", (12000,), tax=1800, total=10800)
    raw.add("stripe.discount", id="inclusive off", invoice_id="inclusive", amount=1200)
    raw.credit_note("inclusive note", "inclusive", "2026-02-20", 3000, "inclusive.1")
    raw.stripe_invoice("exclusive", "cus_exclusive", (10000,), tax=2000, total=12000)
    raw.stripe_invoice("noted", "cus_noted", (10000,))
    raw.credit_note("note", "noted", "2026-02-20", 2500, "noted.1")
    raw.stripe_invoice("spread", "cus_spread-note", (10000,), (5000,))
    raw.credit_note("spread note", "spread", "2026-02-20", 100, "")
    raw.stripe_invoice("lump", "cus_lump-note", (10000,))
    raw.credit_note("lump note", "lump", "2026-02-20", 2500, None)
    raw.stripe_invoice("unnoted", "cus_void-note", (10000,))
    raw.credit_note(
        "void note", "unnoted", "2026-02-20", 2500, "unnoted.1", status="void", voided_at=f"{NEXT} 00:00:00"
    )
    raw.stripe_invoice("void noted", "cus_void-after-note", (1000,), **void)
    raw.credit_note("early note", "void noted", "2026-02-05", 300, "void noted.1")
    raw.stripe_invoice("unknown", "cus_nobody", (5000,))
    raw.stripe_invoice("classes", "cus_classes", (10000,))
    raw.stripe_invoice("before", "cus_before", (300,))
    # January, closed: an invoice in time, a note on it and an invoice that came after the close.
    in_time = {"created": "2026-01-01 08:00:00", "status_transitions_finalized_at": "2026-01-01 09:00:00"}
    late = {"created": "2026-02-07 08:00:00", "status_transitions_finalized_at": "2026-02-07 09:00:00"}
    whole_january = ("2026-01-01", "2026-02-01")
    raw.stripe_invoice("january", "cus_closed", (10000, *whole_january), **in_time)
    raw.credit_note("january note", "january", DAY, 1500, "january.1")
    raw.stripe_invoice("january late", "cus_closed", (700, *whole_january), **late)


def payers(raw: Raw) -> None:
    """Ids of the billing system that begin, pass on, or are recorded anew within what was invoiced."""
    in_time = {"created": "2026-01-01 08:00:00", "status_transitions_finalized_at": "2026-01-01 09:00:00"}
    for customer in ("begun", "taken-over", "taking-over", "known", "known-later"):
        raw.customer(customer)
    raw.payer("cus_begun", "begun", effective_from=midnight(DAY), recorded_at=midnight(DAY))
    raw.stripe_invoice("year", "cus_begun", (36500, "2026-01-01", "2027-01-01"), **in_time)
    raw.payer("cus_over", "taken-over", effective_to=midnight("2026-02-01"))
    raw.payer("cus_over", "taking-over", effective_from=midnight("2026-02-01"))
    raw.payer("cus_anew", "known")
    raw.payer("cus_anew", "known-later", recorded_at=AFTER_CLOSE)
    for payer in ("cus_over", "cus_anew"):
        raw.stripe_invoice(f"two months {payer}", payer, (5900, "2026-01-01", "2026-03-01"), **in_time)
        raw.credit_note(f"note {payer}", f"two months {payer}", DAY, 590, None)


def coverage(raw: Raw) -> None:
    """Every bill was pulled whole, once March had begun."""
    for account, groups in raw.distinct("openai.costs", "organization_id", "group_by"):
        raw.add(
            "openai.bucket_loads",
            **{"organization_id": account, "endpoint": "costs", "group_by": groups, "result_count": 1},
            **{"start_time": epoch("2026-01-01"), "end_time": epoch("2026-03-01")},
            loaded_at=midnight("2026-03-02"),
        )
    for account in ("ant-classes", "ant-loads"):
        raw.add(
            "anthropic.bucket_loads",
            **{"organization_id": account, "endpoint": "cost_report", "group_by": REPORT_GROUPS},
            **{"starting_at": midnight("2026-01-01"), "ending_at": midnight("2026-03-01")},
            **{"result_count": 1, "loaded_at": midnight("2026-03-02")},
        )
