"""Small books whose every figure was worked out by hand from the rules and the providers' documents.

The raw rows stand in by_hand_books.py, an account a case. Figures are compared to the last decimal.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from focus_validate import validate

from .by_hand_books import AUDIO, DAY, GPT5, MINI, NEXT, TUNED, books
from .project import SOURCES, Project

pytest.importorskip("dbt.include.duckdb", reason="needs dbt-duckdb")
pytestmark = pytest.mark.slow

MODELS = [
    "focus_ai__cost_and_usage",
    "focus_ai__invoice_detail",
    "focus_ai__billing_period",
    "focus_ai__contract_commitment",
    "focus_ai__conservation_checks",
    "focus_ai__customer_gross_margin_monthly",
    "focus_ai__customer_gross_margin_daily",
    "focus_ai__invoice_reconciliation",
    "focus_ai__minimum_commitment_status",
    "focus_ai__prepaid_roll_forward",
    "focus_ai__attribution_drift",
]
SOURCES_USED = [source for source in SOURCES if source != "general_ledger"]
NO_CORRECTION = '"ChargeClass" is null'
USAGE = "\"ChargeCategory\" = 'Usage'"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, raw_headers: dict[str, list[str]]) -> Project:
    project = Project(tmp_path_factory.mktemp("by_hand") / "project")
    raw = books(raw_headers)
    raw.load(project)
    names = dict.fromkeys((account for (account,) in raw.distinct("openai.costs", "organization_id")), "A")
    project.dbt(
        *["build", "--exclude-resource-type", "unit_test", "--exclude-resource-type", "test"],
        *["--select", *(f"+{model}" for model in MODELS)],
        sources=SOURCES_USED,
        focus_ai_billing_account_names=names | {"ant-classes": "A", "ant-loads": "A"},
    ).succeeded()
    return project


def plain(value: object) -> object:
    """A decimal as its shortest text, anything else as it is."""
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


def figures(project: Project, sql: str) -> list[tuple[object, ...]]:
    return [tuple(plain(value) for value in row) for row in project.query(sql)]


def charges(project: Project, account: str, columns: str, where: str = "true") -> list[tuple[object, ...]]:
    """Columns of an account's FOCUS rows, in their order."""
    return figures(
        project,
        f"""select {columns} from main_focus.focus_ai__cost_and_usage
        where "BillingAccountId" = '{account}' and {where} order by all""",
    )


def margin(project: Project, month: str, customer: str, columns: str) -> list[tuple[object, ...]]:
    return figures(
        project,
        f"""select {columns} from main_focus_ai.focus_ai__customer_gross_margin_monthly
        where accounting_period_start = '{month}-01' and customer_id = '{customer}' order by product_line""",
    )


# -- charges, quantities, prices (R1, R2, R3) ----------------------------------------------------------


def test_token_classes_have_their_own_quantity_and_price(project: Project) -> None:
    columns = '"SkuMeter", "ConsumedQuantity", "PricingQuantity", "ListUnitPrice", "ListCost", "BilledCost"'
    assert charges(project, "org-classes", f'{columns}, "x_RequestCount", "x_ListPriceBasis"') == [
        ("Cache Read Input Tokens", "1800", "0.0018", "0.125", "0.000225", "0.000225", None, "PriceList"),
        ("Cache Write Input Tokens", "200", "0.0002", "2.5", "0.0005", "0.0005", None, "Derived"),
        ("Input Tokens", "3000", "0.003", "1.25", "0.00375", "0.00375", None, "PriceList"),
        ("Output Tokens", "1000", "0.001", "10", "0.01", "0.01", "5", "PriceList"),
    ]


def test_what_is_no_token_has_its_own_unit(project: Project) -> None:
    columns = '"ChargeDescription", "ConsumedQuantity", "ConsumedUnit", "PricingQuantity", "PricingUnit"'
    million = "1000000 Tokens"
    assert charges(project, "org-meters", f'{columns}, "ListUnitPrice", "ListCost", "BilledCost"') == [
        ("code interpreter sessions", "4", "Units", "4", "Units", "0.03", "0.12", "0.12"),
        (f"{TUNED}, output", "1000", "Tokens", "0.001", million, "1.2", "0.0012", "0.0012"),
        ("gpt-4o-mini fine-tuning training", *("1000000", "Tokens") * 2, "0.000003", "3", "3"),
        (f"{GPT5}, input", "1", "Tokens", "0.000001", million, "1.25", "0.00000125", "0.0000001"),
        (f"{MINI}, input", "1500", "Tokens", "0.0015", million, "0.25", "0.000375", "0.000375"),
        (f"{AUDIO} audio, input", "100", "Tokens", "0.0001", million, "32", "0.0032", "0.0032"),
        (f"{AUDIO} text, input", "1000", "Tokens", "0.001", million, "2.5", "0.0025", "0.0025"),
        ("vector store storage", "2.5", "GiB-Hours", "2.5", "GiB-Hours", "0.00416", "0.0104", "0.0104"),
        ("web search tool calls", "35", "Requests", "0.035", "1000 Requests", "10", "0.35", "0.35"),
    ]


def test_signs_and_missing_quantities(project: Project) -> None:
    columns = (
        '"BilledCost", "ConsumedQuantity", "ConsumedUnit", "ListUnitPrice", "ListCost", "x_QuantityBasis"'
    )
    assert charges(project, "org-signs", columns) == [
        ("-0.77", "-1", "Units", "0.77", "-0.77", "NotMetered"),
        ("-0.03", "-3000", "Tokens", "10", "-0.03", "ProviderUsage"),
        ("-0.02", "-2000", "Tokens", "10", "-0.02", "ProviderBill"),
        ("0", "1000", "Tokens", "1.25", "0.00125", "ProviderBill"),
        ("0.00125", "1000", "Tokens", "1.25", "0.00125", "ProviderBill"),
        ("0.77", "1", "Units", "0.77", "0.77", "NotMetered"),
    ]
    nobody = charges(project, "org-signs", '"BilledCost", "x_LeftoverReason"', '"x_CustomerId" is null')
    assert nobody == [("0.00125", "NoUsageEvidence")]


def test_tiers_are_priced_apart(project: Project) -> None:
    """The list has a price for batch, and for no other tier. A tier that is not known is no model."""
    columns = '"SkuPriceId", "BilledCost", "ListUnitPrice", "x_RequestCount", "x_ListPriceBasis"'
    assert charges(project, "org-tiers", columns) == [
        (f"{GPT5}-input-tokens-batch", "0.000625", "0.625", "1", "PriceList"),
        (f"{GPT5}-input-tokens-flex", "0.000625", "0.625", "1", "Derived"),
        (f"{GPT5}-input-tokens-priority", "0.0025", "2.5", "1", "Derived"),
        (f"{GPT5}-input-tokens-scale", "0.001", "1", "1", "Derived"),
        ("openai-other-standard-tokens", "0.0014", "0.000001", None, "Derived"),
    ]


def test_contract_prices_per_any_number_of_tokens(project: Project) -> None:
    columns = (
        '"ListUnitPrice", "ListCost", "ContractedUnitPrice", "ContractedCost", "PricingUnit", "BilledCost"'
    )
    assert charges(project, "org-prices", columns) == [
        *[("0.000000123456", "0.000123579456", "0.000000123456", "0.000123579456", "Tokens", "0.0002")],
        *[("0.000123457", "0.000152345938", "0.000123457", "0.000152345938", "1000 Tokens", "0.0002")],
        ("0.25", "0.0003085", "0.123457", "0.000152345938", "1000000 Tokens", "0.0002"),
    ]


def test_a_load_replaces_the_whole_bucket(project: Project) -> None:
    assert charges(project, "org-loads", '"BilledCost", "ConsumedQuantity"') == [("0.02", "16000")]


def test_usage_that_was_pulled_twice_counts_once(project: Project) -> None:
    assert charges(project, "ant-loads", '"BilledCost", "ConsumedQuantity", "ListCost"') == [
        ("0.006", "2000", "0.006")
    ]


def test_fractional_cents_and_each_kind_of_cache_write(project: Project) -> None:
    columns = '"ChargeDescription", "ConsumedQuantity", "ListUnitPrice", "ListCost", "BilledCost"'
    assert charges(project, "ant-classes", f'{columns}, "x_CustomerId"') == [
        ("batch", "750", "0.5", "0.000375", "0.000375", "workbench"),
        ("code execution", "1", "0.055", "0.055", "0.055", None),
        ("input", "1500", "3", "0.0045", "0.0045", "writes"),
        ("long input", "300000", "6", "1.8", "1.8", "long"),
        ("long output", "1000", "22.5", "0.0225", "0.0225", "long"),
        ("output", "500", "15", "0.0075", "0.0075", "writes"),
        ("read", "200", "0.3", "0.00006", "0.00006", "writes"),
        ("web search", "10", "10", "0.1", "0.1", "writes"),
        ("write 1h", "1000", "6", "0.006", "0.006", "writes"),
        ("write 5m", "500", "3.75", "0.001875", "0.001875", "writes"),
    ]


# -- splits (R1, R16, R18) -----------------------------------------------------------------------------


def test_a_line_of_the_model_alone_splits_by_list_cost(project: Project) -> None:
    """0.125, 0.025 and 0.5 at list price: 5, 1 and 20 of 26; two units are left for the largest rests."""
    assert charges(project, "org-bare", '"BilledCost", "ConsumedQuantity"', USAGE) == [
        ("0.038461538461", "200000"),
        ("0.192307692308", "100000"),
        ("0.769230769231", "50000"),
    ]


def test_a_bill_without_keys_goes_by_the_usage_of_the_keys(project: Project) -> None:
    columns = '"x_CustomerId", "BilledCost", "ConsumedQuantity", "x_RequestCount"'
    assert charges(project, "org-ungrouped", columns, USAGE) == [
        *[("four", "0.4", "40000", "4"), ("four", "0.4", "320000", None)],
        *[("six", "0.6", "60000", "6"), ("six", "0.6", "480000", None)],
    ]


def test_a_cent_in_thirds_and_back(project: Project) -> None:
    columns = '"EffectiveCost", "PricingQuantity", "ListCost"'
    assert charges(project, "org-thirds", columns) == [
        ("-0.003333333334", "-1", "-10"),
        *[("-0.003333333333", "-1", "-10")] * 2,
        *[("0.003333333333", "1", "1.25")] * 2,
        ("0.003333333334", "1", "1.25"),
    ]


def test_gateway_calls_weigh_and_never_bill(project: Project) -> None:
    """60 and 90 of a metered 100 are 40 and 60; 30 of 100 leave 70 to the key; who cached is known."""
    columns = '"ChargePeriodStart"::date::varchar, "SkuMeter", "x_CustomerId", "ConsumedQuantity"'
    assert charges(project, "org-gateway", f'{columns}, "BilledCost", "x_RequestCount"') == [
        (DAY, "Cache Read Input Tokens", "tenant-a", "400", "0.00005", None),
        (DAY, "Input Tokens", "tenant-a", "300", "0.000375", "1"),
        (DAY, "Input Tokens", "tenant-b", "300", "0.000375", "1"),
        (DAY, "Output Tokens", "tenant-a", "40", "0.00008", "1"),
        (DAY, "Output Tokens", "tenant-b", "60", "0.00012", "1"),
        (NEXT, "Output Tokens", "tenant-a", "30", "0.00006", "1"),
        (NEXT, "Output Tokens", None, "70", "0.00014", "3"),
    ]


def test_a_key_moves_at_the_start_of_the_next_bucket(project: Project) -> None:
    columns = '"x_CustomerId", "x_IsBoundaryBucket", "BilledCost", "x_RequestCount"'
    assert charges(project, "org-moving", columns) == [
        ("after", False, "1.1", "11"),
        ("before", False, "1.2", "12"),
        ("before", True, "0.1", "1"),
    ]


def test_unused_credits_are_shared_evenly_to_the_last_decimal(project: Project) -> None:
    columns = '"x_CustomerId", "EffectiveCost", "CommitmentDiscountQuantity", "AllocatedMethodId"'
    assert charges(project, "org-lapsed", columns, "\"CommitmentDiscountStatus\" = 'Unused'") == [
        (customer, "1.8", "2", "SharedEvenly") for customer in ("classes", "meters", "signs")
    ]


# -- prepaid credits (R6) ------------------------------------------------------------------------------


def test_credits_are_drawn_as_they_expire(project: Project) -> None:
    columns = '"ChargePeriodStart"::date::varchar, "CommitmentDiscountId", "BilledCost", "EffectiveCost"'
    assert charges(project, "org-prepaid", f'{columns}, "ListCost", "ConsumedQuantity"', USAGE) == [
        (DAY, "bonus", "0", "4.8", "6", "4800000"),
        ("2026-02-12", "bonus", "0", "3.2", "4", "3200000"),
        ("2026-02-12", "plain", "0", "2", "2", "1600000"),
        ("2026-02-20", "plain", "0", "3", "3", "2400000"),
        ("2026-02-20", None, "3", "3", "3", "2400000"),
    ]
    purchases = "\"ChargeCategory\" = 'Purchase'"
    assert charges(project, "org-prepaid", '"BilledCost", "EffectiveCost", "InvoiceDetailId"', purchases) == [
        ("5", "0", "PREPAID-3"),
        ("8", "0", "PREPAID-1"),
    ]


def test_credits_of_one_currency_pay_nothing_in_another(project: Project) -> None:
    columns = '"BillingCurrency", "BilledCost", "EffectiveCost", "CommitmentDiscountId"'
    assert charges(project, "org-two", columns, USAGE) == [
        ("EUR", "0", "3", "euros"),
        ("USD", "4", "4", None),
    ]


def test_grants_roll_forward(project: Project) -> None:
    sql = """select grant_id, bought_face, drawn_face, expired_face, corrected_bought_face,
        corrected_drawn_face, closing_face, drawn_cost, expired_cost, corrected_drawn_cost, closing_cost
        from main_focus_ai.focus_ai__prepaid_roll_forward
        where accounting_period_start = '2026-02-01' order by 1"""
    assert figures(project, sql) == [
        ("bonus", "10", "10", "0", "0", "0", "0", "8", "0", "0", "0"),
        ("euros", "10", "3", "0", "0", "0", "7", "3", "0", "0", "7"),
        ("lapsed", "10", "4", "6", "0", "0", "0", "3.6", "5.4", "0", "0"),
        ("late", "0", "0", "0", "4", "2.5", "1.5", "0", "0", "1.875", "1.125"),
        ("plain", "5", "5", "0", "0", "0", "0", "5", "0", "0", "0"),
    ]


# -- invoices (R7, R8, R9) -----------------------------------------------------------------------------


def test_tax_and_credit_of_an_invoice(project: Project) -> None:
    """20 % of 0.65 at list price less the credit of 0.25; without a rate, that of 0.14 on the 2.00 billed."""
    columns = '"ChargeCategory", "BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "InvoiceId"'
    other = "\"ChargeCategory\" <> 'Usage'"
    assert charges(project, "org-bare", columns, other) == [
        ("Credit", "-0.25", "-0.25", "-0.25", "-0.25", "BARE"),
        ("Tax", "0.15", "0.15", "0.08", "0.08", "BARE"),
    ]
    assert charges(project, "org-ungrouped", columns, other) == [
        ("Adjustment", "0.005", "0.005", "0.005", "0.005", "UNGROUPED"),
        ("Tax", "0.14", "0.14", "0.14", "0.14", "UNGROUPED"),
    ]


def test_every_invoice_line_ties(project: Project) -> None:
    sql = """select invoice_line_id, reconciliation_status, difference
        from main_focus_ai.focus_ai__invoice_reconciliation where difference <> 0 order by 1"""
    assert figures(project, sql) == [
        ("TWICE-1-1", "Rounded", "-0.004"),
        ("TWICE-2-1", "Rounded", "-0.0012"),
        ("UNGROUPED-1", "Rounded", "0.005"),
    ]


def test_a_promised_minimum(project: Project) -> None:
    sql = """select spent, forecast_amount, shortfall_amount, commitment_status
        from main_focus_ai.focus_ai__minimum_commitment_status where accounting_period_start = '2026-02-01'"""
    assert figures(project, sql) == [("7.5", "7.5", "2.5", "Short")]


# -- after the close (R12 to R15) ----------------------------------------------------------------------


def test_news_of_a_closed_month_are_corrections_in_the_open_one(project: Project) -> None:
    columns = '"BilledCost", "ConsumedQuantity", "x_RequestCount", "x_CorrectionReason", "InvoiceId"'
    assert charges(project, "org-closed", columns, NO_CORRECTION) == [
        ("0.4", "40000", None, None, "JAN"),
        ("1.25", "1000000", "10", None, "JAN"),
    ]
    assert charges(project, "org-closed", columns, f"not {NO_CORRECTION}") == [
        ("-1.25", "-1000000", "-10", "RestatedCharge", "JAN-ADJUSTED"),
        ("-0.4", "-40000", None, "WithdrawnCharge", "JAN-ADJUSTED"),
        ("0.3", "30000", None, "LateCharge", "JAN-ADJUSTED"),
        ("2.5", "2000000", "20", "RestatedCharge", "JAN-ADJUSTED"),
    ]


def test_rules_and_prices_of_a_closed_month_are_those_of_its_close(project: Project) -> None:
    columns = '"ChargePeriodStart"::date::varchar, "x_CustomerId", "BilledCost", "ContractedUnitPrice"'
    assert charges(project, "org-ruled", columns) == [
        ("2026-01-10", "ruled", "1", "1.25"),
        (DAY, "ruled-later", "0.8", "1"),
    ]
    drift = """select from_customer_id, to_customer_id, effective_cost
        from main_focus_ai.focus_ai__attribution_drift where from_customer_id = 'ruled'"""
    assert figures(project, drift) == [("ruled", "ruled-later", "1")]


def test_an_agents_new_product_line_is_drift_in_a_closed_month(project: Project) -> None:
    columns = '"x_ProductLine", "x_WorkflowId", "x_CostCenter", "EffectiveCost"'
    assert charges(project, "org-agent", columns) == [
        ("chat", "first", "cc", "3"),
        ("docs", "second", "cc", "0.8"),
    ]
    drift = """select from_product_line, from_workflow_id, from_cost_center, to_product_line, to_workflow_id,
            to_cost_center, to_customer_id, effective_cost
        from main_focus_ai.focus_ai__attribution_drift where from_agent_id = 'bot'"""
    assert figures(project, drift) == [("chat", "first", "cc", "docs", "second", "cc", "agented", "3")]


def test_everything_is_conserved(project: Project) -> None:
    sql = """select check_status, count(*) > 20 from main_focus_ai.focus_ai__conservation_checks group by 1"""
    assert project.query(sql) == [("Exact", True)]


# -- revenue, currencies, margin (R11, R17) ------------------------------------------------------------


def test_margin_of_a_customer(project: Project) -> None:
    """0.014475 of its own and 1.80 of shared cost; another EUR 10 at the rate recorded last."""
    columns = """revenue, ai_cost_of_revenue, gross_margin, gross_margin_percent, other_cost_of_revenue,
        gross_margin_after_other, cost_per_1000_requests"""
    assert margin(project, "2026-02", "classes", columns) == [
        ("100", "1.814475", "98.185525", "98.185525", "11", "87.185525", "362.895")
    ]
    columns = (
        "revenue, ai_cost_of_revenue, gross_margin, gross_margin_percent, break_even_price_per_1000_requests"
    )
    assert margin(project, "2026-02", "before", columns) == [("3", "1.3", "1.7", "56.666667", "100")]


def test_what_is_not_known_is_null_with_a_reason(project: Project) -> None:
    columns = "revenue, gross_margin, gross_margin_percent, gross_margin_percent_null_reason"
    assert margin(project, "2026-02", "six", columns) == [("0", "-1.2", None, "NoRevenue")]
    assert margin(project, "2026-02", "franc", columns) == [(None, None, None, "MissingRate")]
    assert margin(project, "2026-01", "closed", columns) == [("100", "98.35", "98.35", None)]


def test_a_closed_month_keeps_its_rate_and_its_revenue(project: Project) -> None:
    columns = "revenue, ai_cost_of_revenue, prior_period_revenue, prior_period_ai_cost"
    assert margin(project, "2026-01", "closed-euro", columns) == [("0", "10.5", "0", "0")]
    assert margin(project, "2026-02", "closed-euro", columns) == [("0", "0", "0", "2.2")]
    assert margin(project, "2026-02", "closed", columns) == [("0", "0", "-8", "1.15")]
    assert margin(project, "2026-02", "late-grant", columns) == [("0", "0", "0", "-0.625")]


@pytest.mark.parametrize(
    ("customer", "revenue"),
    [
        ("prorated", "4"),  # -10 + 15 - 1
        ("shared-discount", "29"),
        ("line-discount", "27"),
        ("yen", "33.333333335"),  # 5000 at 0.006666666667
        ("dinar", None),  # 12.345 without a rate
        ("euro-payer", "110"),
        ("void", "0"),
        ("given-up", "0"),
        ("quarter", "28"),  # 90 over 31, 28 and 31 days
        ("half-days", "0.5"),  # 14 of 28 days
        ("moment", "7.77"),
        ("inclusive", "65"),  # 120 - 12, less 18 of tax, less 30 of which 5 is tax
        ("exclusive", "100"),
        ("noted", "75"),
        ("spread-note", "149"),
        ("lump-note", "75"),
        ("void-note", "100"),
        ("void-after-note", "0"),
        ("(unattributed)", "50"),  # of a payer whom nobody knows
        ("begun", "28"),  # 365 a year, and his id began on the 10th
        ("taking-over", "25.2"),  # 28 less a note of 2.80
        ("known-later", "25.2"),
    ],
)
def test_revenue_of_february(project: Project, customer: str, revenue: str | None) -> None:
    assert margin(project, "2026-02", customer, "revenue") == [(revenue,)]


def test_each_month_of_revenue_finds_its_own_customer(project: Project) -> None:
    """January as it was known at its close, also for a note that came later; the line's sum stays."""
    sql = """select revenue_line_id, strftime(service_month, '%m'), strftime(accounting_period_start, '%m'),
            customer_id, amount
        from main_focus_ai_intermediate.int_focus_ai__revenue_by_month
        where billing_customer_id in ('cus_begun', 'cus_over', 'cus_anew')
            and service_month < '2026-03-01' order by all"""
    assert figures(project, sql) == [
        ("note cus_anew:two months cus_anew.1", "01", "02", "known", "-3.1"),
        ("note cus_anew:two months cus_anew.1", "02", "02", "known-later", "-2.8"),
        ("note cus_over:two months cus_over.1", "01", "02", "taken-over", "-3.1"),
        ("note cus_over:two months cus_over.1", "02", "02", "taking-over", "-2.8"),
        ("two months cus_anew.1", "01", "01", "known", "31"),
        ("two months cus_anew.1", "02", "02", "known-later", "28"),
        ("two months cus_over.1", "01", "01", "taken-over", "31"),
        ("two months cus_over.1", "02", "02", "taking-over", "28"),
        ("year.1", "01", "01", None, "31"),
        ("year.1", "02", "02", "begun", "28"),
    ]
    drift = """select cause, rule_id, from_customer_id, to_customer_id, charge_count, effective_cost, revenue
        from main_focus_ai.focus_ai__attribution_drift where revenue <> 0"""
    anew = ("Identifier", "identifier:billing_system:cus_anew", "known", "known-later", "1", "0", "31")
    assert figures(project, drift) == [anew]
    lines = """select sum(amount), count(*) from main_focus_ai_intermediate.int_focus_ai__revenue_by_month
        where revenue_line_id = 'year.1'"""
    assert figures(project, lines) == [("365", 12)]


def test_a_year_is_earned_by_its_days_and_a_leap_day_counts(project: Project) -> None:
    sql = """select strftime(service_month, '%m'), amount
        from main_focus_ai_intermediate.int_focus_ai__revenue_by_month where revenue_line_id = 'leap.1'
        order by service_month"""
    days = {"12": 31, "01": 31, "02": 29, "03": 31, "04": 30, "05": 31, "06": 30, "07": 31}
    days |= {"08": 31, "09": 30, "10": 31, "11": 30}
    assert figures(project, sql) == [(month, str(number)) for month, number in days.items()]


def test_days_add_up_to_the_month(project: Project) -> None:
    """3.00 over 28 days: twelve times 10^-12 are left over, and go to the first days."""
    sql = """select revenue, count(*) from main_focus_ai.focus_ai__customer_gross_margin_daily
        where customer_id = 'before' group by 1 order by 1"""
    assert figures(project, sql) == [("0.107142857142", 4), ("0.107142857143", 24)]


# -- FOCUS -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "dataset", ["cost_and_usage", "invoice_detail", "billing_period", "contract_commitment"]
)
def test_the_datasets_conform(project: Project, dataset: str) -> None:
    report = validate(
        str(project.folder / "raw.duckdb"), table=f"main_focus.focus_ai__{dataset}", supports=["ALL"]
    )
    assert [rule.id for rule in report.rules if rule.status == "fail"] == []
