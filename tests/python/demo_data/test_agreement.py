"""The tables agree: usage times price is the bill, the rounded bill is the invoice, and so on."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal

import pytest

from .reader import Data, iso, price, prices

pytestmark = pytest.mark.slow

DAY = 86_400
TOKEN_TYPES = {
    "uncached_input_tokens": ("uncached_input", "uncached_input_tokens"),
    "cache_read_input_tokens": ("cache_read", "cache_read_input_tokens"),
    "cache_creation.ephemeral_5m_input_tokens": (
        "cache_write_5m",
        "cache_creation_ephemeral_5m_input_tokens",
    ),
    "cache_creation.ephemeral_1h_input_tokens": (
        "cache_write_1h",
        "cache_creation_ephemeral_1h_input_tokens",
    ),
    "output_tokens": ("output", "output_tokens"),
}
ITEM_CLASSES = {"input": "uncached_input", "cached input": "cache_read", "output": "output"}


def test_openai_charges_usage_times_price(data: Data) -> None:
    """Each billed cell is the tokens of its usage times the contract or list price, to the last decimal."""
    book, tokens = prices(data), defaultdict(Decimal)
    for row in data.as_of("openai.completions_usage", "9", "start_time"):
        cached, written = Decimal(row["input_cached_tokens"]), Decimal(row["input_cache_write_tokens"])
        day = int(row["start_time"]) // DAY * DAY
        tier = "batch" if row["batch"] == "true" else "standard"
        where = (row["organization_id"], day, row["project_id"], row["api_key_id"], row["model"], tier)
        tokens[(*where, "uncached_input")] += Decimal(row["input_tokens"]) - cached - written
        tokens[(*where, "cache_read")] += cached
        tokens[(*where, "output")] += Decimal(row["output_tokens"])
    days = {str(day): iso(str(day)) for day in {key[1] for key in tokens}}
    checked = Counter()
    for row in data.as_of("openai.costs", "9", "start_time"):
        tier, _, item = (
            ("standard", "", row["line_item"])
            if " | " not in row["line_item"]
            else row["line_item"].partition(" | ")
        )
        model, _, name = item.partition(", ")
        if not model.startswith("gpt"):
            continue
        account, day = row["organization_id"], row["start_time"]
        where = (account, int(day), row["project_id"], row["api_key_id"], model, tier)
        classes = (
            [ITEM_CLASSES[name]] if name in ITEM_CLASSES else [] if name else list(ITEM_CLASSES.values())
        )
        unit_prices = {c: price(book, account, model, c, tier, days[day]) for c in classes}
        if not classes or None in unit_prices.values():
            checked["no price"] += 1
            continue
        if name:
            assert Decimal(row["quantity"]) == tokens[(*where, classes[0])]
        amount = sum(tokens[(*where, c)] * unit_prices[c] / 1_000_000 for c in classes)
        if row["project_id"] == "proj_sandbox":
            assert amount > 0 or tier == "batch"
            checked["free tier"] += Decimal(row["amount_value"]) == 0
        else:
            assert Decimal(row["amount_value"]) == amount, row
            checked["priced" if name else "not separated"] += 1
    assert checked["priced"] > 8_000
    assert min(checked[what] for what in ("no price", "free tier", "not separated")) > 50


def test_anthropic_charges_usage_times_price_in_cents(data: Data) -> None:
    book, tokens = prices(data), defaultdict(Decimal)
    for row in data.as_of("anthropic.messages_usage", "9", "starting_at"):
        for token_class, column in TOKEN_TYPES.values():
            key = (row["starting_at"], row["workspace_id"], row["model"], row["service_tier"], token_class)
            tokens[key] += Decimal(row[column])
        tokens[row["starting_at"], row["workspace_id"], "web_search"] += Decimal(
            row["server_tool_use_web_search_requests"]
        )
    fractional = 0
    for row in data.as_of("anthropic.cost_report", "9", "starting_at"):
        if row["cost_type"] == "web_search":
            assert (
                Decimal(row["amount"]) == tokens[row["starting_at"], row["workspace_id"], "web_search"]
            )  # a cent each
            continue
        token_class = TOKEN_TYPES[row["token_type"]][0]
        key = (row["starting_at"], row["workspace_id"], row["model"], row["service_tier"], token_class)
        unit_price = price(book, "", row["model"], token_class, row["service_tier"], row["starting_at"])
        assert Decimal(row["amount"]) == tokens[key] * unit_price / 10_000, row
        fractional += "." in row["amount"]
    assert fractional > 1_000


def half_up(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_openai_invoices_are_the_bill_rounded_line_by_line(data: Data) -> None:
    """What was known when the invoice was issued, in the line's window."""
    days = {str(day): iso(str(day)) for day in {int(row["start_time"]) for row in data["openai.costs"]}}
    rounded = 0
    for header, line in data.invoice_lines():
        if header["invoice_issuer_name"] != "OpenAI" or line["line_type"] != "Usage":
            continue
        billed = Decimal(0)
        for row in data.as_of("openai.costs", header["issue_date"], "start_time"):
            if row["organization_id"] != header["billing_account_id"]:
                continue
            if not line["service_start"] <= days[row["start_time"]] < line["service_end"]:
                continue
            item = row["line_item"].rpartition(" | ")[2].split(",")[0]
            meter = {"web search tool calls": "Web Search Requests"}.get(row["line_item"], "Other")
            model = item if item.startswith("gpt") else ""
            by_model = header["currency"] == "USD"
            if by_model and (line["model_id"] != model or (not model and line["sku_meter"] != meter)):
                continue
            billed += Decimal(row["amount_value"])
        assert Decimal(line["amount"]) == half_up(billed), line
        rounded += Decimal(line["amount"]) != billed
    assert rounded >= 10


def test_tax_is_the_rate_of_the_lines(data: Data) -> None:
    taxed = defaultdict(Decimal)
    for header, line in data.invoice_lines():
        if line["line_type"] == "Usage":
            taxed[header["invoice_id"]] += Decimal(line["amount"])
    taxes = [(h["invoice_id"], line) for h, line in data.invoice_lines() if line["line_type"] == "Tax"]
    assert len(taxes) == 2
    for invoice_id, line in taxes:
        assert Decimal(line["amount"]) == half_up(taxed[invoice_id] * Decimal(line["tax_rate"]))


def test_prepaid_credit_covers_usage_until_it_is_used_up_or_expires(data: Data) -> None:
    """Drawn first-expiring first, day by day: one grant expires with a rest, one runs out during a day."""
    costs: dict[str, Decimal] = defaultdict(Decimal)
    for row in data.as_of("anthropic.cost_report", "2026-10-02T08:00:00Z", "starting_at"):
        costs[row["starting_at"]] += Decimal(row["amount"]) / 100
    grants = sorted(data["finance.prepaid_grants"], key=lambda g: (g["expires_at"], g["purchased_at"]))
    left = {grant["grant_id"]: Decimal(grant["face_amount"]) for grant in grants}
    uncovered, partly = {}, []
    for day, cost in sorted(costs.items()):
        rest = cost
        for grant in grants:
            if grant["purchased_at"] <= day < grant["expires_at"]:
                drawn = min(rest, left[grant["grant_id"]])
                left[grant["grant_id"]] -= drawn
                rest -= drawn
        if rest:
            uncovered[day] = rest
            partly += [day] if rest < cost else []
    assert len(partly) == 1
    assert 2 <= len(uncovered) <= 4
    assert left["grant_2026_08_bonus"] > 100
    september = sum(cost for day, cost in uncovered.items() if day.startswith("2026-09"))
    billed = [line for h, line in data.invoice_lines() if h["invoice_id"] == "ANT-USE-2026-09"]
    assert [Decimal(line["amount"]) for line in billed] == [half_up(september)]
    bonus = {g["grant_id"]: Decimal(g["face_amount"]) - Decimal(g["paid_amount"]) for g in grants}
    assert sum(rest > 0 for rest in bonus.values()) == 3


def test_purchases_are_invoiced_as_paid(data: Data) -> None:
    lines = {line["invoice_line_id"]: line for _, line in data.invoice_lines()}
    for grant in data["finance.prepaid_grants"]:
        if grant["invoice_id"]:
            assert lines[grant["invoice_line_id"]]["amount"] == grant["paid_amount"]
        else:
            assert grant["paid_amount"] == "0.00"


def test_the_ledger_holds_the_issued_invoices_with_one_late_posting(data: Data) -> None:
    invoiced, posted = defaultdict(Decimal), defaultdict(Decimal)
    for header, line in data.invoice_lines():
        if header["status"] == "Issued":
            invoiced[header["invoice_id"]] += Decimal(line["amount"])
    for entry in data["general_ledger.gl_entries"]:
        posted[entry["reference"]] += Decimal(entry["amount"])
    assert posted == invoiced
    headers = {row["invoice_id"]: row for row in data["provider_invoices.invoices"]}
    late = [
        entry
        for entry in data["general_ledger.gl_entries"]
        if entry["posting_date"][:7] != headers[entry["reference"]]["billing_period_start"][:7]
    ]
    assert [(entry["amount"], entry["posting_date"]) for entry in late] == [("-250.00", "2026-10-07")]


def test_stripe_headers_are_the_sum_of_their_lines_less_discounts(data: Data) -> None:
    sums, taken_off = defaultdict(int), defaultdict(int)
    for line in data["stripe.invoice_line_item"]:
        sums[line["invoice_id"]] += int(line["amount"])
    for discount in data["stripe.discount"]:
        taken_off[discount["invoice_id"]] += int(discount["amount"])
    for invoice in data["stripe.invoice"]:
        assert int(invoice["subtotal"]) == sums[invoice["id"]]
        net = sums[invoice["id"]] - taken_off[invoice["id"]]
        assert int(invoice["total"]) == net + int(invoice["tax"])


def test_gateway_calls_are_inside_what_the_provider_counted(data: Data) -> None:
    """Calls that reached a provider are in its usage; some usage never passed the gateway."""
    credential = {
        row["model_id"]: json.loads(row["model_info"])["provider_credential_id"]
        for row in data["litellm.LiteLLM_ProxyModelTable"]
    }
    seen, counted = Counter(), Counter()
    for call in data["litellm.LiteLLM_SpendLogs"]:
        if call["status"] == "success" and call["cache_hit"] == "False":
            seen[credential[call["model_id"]], call["startTime"][:10]] += int(call["completion_tokens"])
    days = {
        str(day): iso(str(day))[:10]
        for day in {int(r["start_time"]) for r in data["openai.completions_usage"]}
    }
    for row in data.as_of("openai.completions_usage", "9", "start_time"):
        counted[row["api_key_id"], days[row["start_time"]]] += int(row["output_tokens"])
    for row in data.as_of("anthropic.messages_usage", "9", "starting_at"):
        counted[row["api_key_id"], row["starting_at"][:10]] += int(row["output_tokens"])
    for where, tokens in seen.items():
        bypassed = counted[where] - tokens
        assert bypassed > 0 if where[0] == "key_gw_docs" else bypassed == 0, where
