"""What is hard about real data is in the demo data on purpose."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from .reader import Data, iso, prices

pytestmark = pytest.mark.slow


def test_buckets_come_twice_late_and_empty(data: Data) -> None:
    loads = defaultdict(list)
    for source, start in (("openai", "start_time"), ("anthropic", "starting_at")):
        for row in data[f"{source}.bucket_loads"]:
            when = iso(row[start]) if source == "openai" else row[start]
            loads[source, row["organization_id"], row["endpoint"], when].append(
                (row["loaded_at"], int(row["result_count"]))
            )
    closes = {row["accounting_period_start"][:7]: row["closed_at"] for row in data["finance.close_log"]}
    twice = {key: sorted(pulls) for key, pulls in loads.items() if len(pulls) > 1}
    assert max(len(pulls) for pulls in loads.values()) == 2
    after_close = {key[3][:10] for key, pulls in twice.items() if pulls[1][0] > closes[key[3][:7]]}
    assert after_close == {"2026-08-12", "2026-09-22"}
    assert {key[3][:10] for key in twice} - after_close == {"2026-08-14", "2026-09-11", "2026-09-13"}
    emptied = {key[1:3] for key, pulls in twice.items() if pulls[0][1] and not pulls[1][1]}
    assert len(emptied) == 2  # costs and usage of one account
    for source, table, start in (
        ("openai", "costs", "start_time"),
        ("anthropic", "cost_report", "starting_at"),
    ):
        rows = Counter((r["organization_id"], r[start], r["loaded_at"]) for r in data[f"{source}.{table}"])
        logged = Counter()
        for row in data[f"{source}.bucket_loads"]:
            if row["endpoint"] == table:
                logged[row["organization_id"], row[start], row["loaded_at"]] += int(row["result_count"])
        assert {key: n for key, n in logged.items() if n} == dict(rows)


def test_a_restated_bucket_changes_drops_and_adds_rows(data: Data) -> None:
    for day in ("1786665600", "1790035200"):  # 14 August, 22 September
        loads = defaultdict(dict)
        for row in data["openai.costs"]:
            if row["start_time"] == day and row["organization_id"].startswith("org-8"):
                loads[row["loaded_at"]][row["project_id"], row["api_key_id"], row["line_item"]] = row[
                    "amount_value"
                ]
        first, second = (loads[when] for when in sorted(loads))
        assert first.keys() - second.keys()
        assert second.keys() - first.keys()
        assert any(first[key] != second[key] for key in first.keys() & second.keys())


def test_every_trap_is_in_the_data(data: Data) -> None:
    costs, calls = data["openai.costs"], data["litellm.LiteLLM_SpendLogs"]
    listed = {key[1] for key in prices(data)}
    assert {row["amount_currency"] for row in costs} == {"usd", "eur"}
    assert any("e-" in row["amount_value"] for row in costs)
    assert any(row["api_key_id"] == "" for row in costs)
    assert any(Decimal(row["amount_value"]) == 0 and Decimal(row["quantity"]) > 0 for row in costs)
    assert {"assistants api | file search", "web search tool calls"} <= {row["line_item"] for row in costs}
    assert {"tokens", "1000_tokens", "gibibyte_hours", ""} <= {row["quantity_unit"] for row in costs}
    assert any(row["line_item"].startswith("gpt-5.5") for row in costs)
    assert not any(model.startswith("gpt-5.5") for model in listed)
    assert any(row["api_key_id"] == "" for row in data["anthropic.messages_usage"])
    assert any(row["workspace_id"] == "" for row in data["anthropic.cost_report"])
    assert {row["status"] for row in calls} == {"success", "failure"}
    assert any(row["cache_hit"] == "True" and float(row["spend"]) == 0 for row in calls)
    assert any(row["end_user"] == "" for row in calls)
    rules = defaultdict(set)
    for rule in data["attribution.attribution_rules"]:
        rules[rule["match_type"], rule["match_value"]].add((rule["customer_id"], rule["effective_from"]))
    assert {start for _, start in rules["credential", "key_pool_08"]} >= {"2026-09-16T12:00:00Z"}
    assert len(rules["credential", "key_pool_07"]) == 2
    classes = {rule["cost_class"] for rule in data["attribution.attribution_rules"]}
    assert classes == {"CostOfRevenue", "ResearchAndDevelopment", "SalesAndMarketing"}
    kinds = {line["line_type"] for line in data["provider_invoices.invoice_lines"]}
    assert kinds == {"Usage", "Purchase", "Tax", "Credit"}
    months = Counter(
        (row["billing_account_id"], row["billing_period_start"])
        for row in data["provider_invoices.invoices"]
        if row["status"] == "Issued"
    )
    assert max(months.values()) == 2
    assert {row["status"] for row in data["provider_invoices.invoices"]} == {"Open", "Issued", "Voided"}
    assert {row["status"] for row in data["stripe.invoice"]} == {
        "paid",
        "open",
        "draft",
        "void",
        "uncollectible",
    }
    assert any(row["livemode"] == "false" for row in data["stripe.invoice"])
    assert {row["currency"] for row in data["stripe.invoice"]} == {"usd", "eur", "jpy"}
    billed = {row["customer_id"] for row in data["stripe.invoice"]}
    known = {
        row["identifier"]: row["customer_id"]
        for row in data["attribution.customer_identifiers"]
        if row["identifier_type"] == "billing_system"
    }
    assert {known[customer] for customer in known.keys() - billed} == {"cust_019"}  # the trial
