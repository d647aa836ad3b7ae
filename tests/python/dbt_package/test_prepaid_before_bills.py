"""Credit that was bought from a provider before its first bill, and what becomes of it once a bill comes."""

from __future__ import annotations

from pathlib import Path

import pytest

from focus_validate import validate

from .by_hand_books import GPT5, SONNET
from .by_hand_raw import Raw, midnight
from .project import Project
from .test_by_hand import figures

pytest.importorskip("dbt.include.duckdb", reason="needs dbt-duckdb")
pytestmark = pytest.mark.slow

SOURCES_USED = ["openai", "anthropic", "attribution", "finance", "provider_invoices"]
DATASETS = ("cost_and_usage", "invoice_detail", "billing_period", "contract_commitment")
MODELS = [
    *(f"focus_ai__{dataset}" for dataset in DATASETS),
    *("focus_ai__conservation_checks", "focus_ai__invoice_reconciliation", "focus_ai__prepaid_roll_forward"),
]
PURCHASES_AND_REST = """select strftime("x_AccountingPeriodStart", '%m'), "CommitmentDiscountId",
        "ChargeCategory", "CommitmentDiscountStatus", "CommitmentDiscountQuantity", "BilledCost",
        "EffectiveCost", "InvoiceId"
    from main_focus.focus_ai__cost_and_usage where "InvoiceIssuerName" = 'Anthropic' order by all"""
ROLL_FORWARD = """select grant_id, strftime(accounting_period_start, '%m'), opening_face, opening_cost,
        bought_face, bought_cost, drawn_face, drawn_cost, expired_face, expired_cost, closing_face,
        closing_cost
    from main_focus_ai.focus_ai__prepaid_roll_forward order by all"""


def before_the_bill(headers: dict[str, list[str]]) -> Raw:
    """OpenAI bills; Anthropic sold credit in January, which is closed, and in February, and billed none."""
    raw = Raw(headers)
    raw.openai_cost("org", "2026-02-20", f"{GPT5}, input", "1.25", tokens=1000000)
    raw.grant(
        *("lapse", "ant", "2026-01-20", "50.00", "40.00"),
        **{"source_relation": "anthropic", "expires_at": midnight("2026-02-15"), "invoice_id": "ANT-1"},
    )
    raw.grant("stay", "ant", "2026-02-03", "100.00", "100.00", source_relation="anthropic")
    raw.provider_invoice(
        *("ANT-1", "ant", "2026-01", ("Purchase", "40.00", None, "2026-01-20", "2026-01-21")),
        ("Tax", "8.00", "0.2"),
        **{"invoice_issuer_name": "Anthropic", "created_at": midnight("2026-01-20")},
    )
    raw.add(
        "finance.close_log",
        **{"company_id": "company", "accounting_period_start": midnight("2026-01-01"), "action": "close"},
        **{"closed_at": midnight("2026-02-05"), "closed_by": "ana", "reviewed_by": "ben"},
    )
    return raw


def build(project: Project) -> None:
    models = [f"+{model}" for model in MODELS]
    names = {"focus_ai_billing_account_names": {"org": "A", "ant": "B"}}
    project.dbt(
        *["build", "--exclude-resource-type", "unit_test", "--indirect-selection", "cautious"],
        *["--select", *models],
        sources=SOURCES_USED,
        **names,
    ).succeeded()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, raw_headers: dict[str, list[str]]) -> Project:
    project = Project(tmp_path_factory.mktemp("before_bills") / "project")
    before_the_bill(raw_headers).load(project)
    build(project)
    return project


def test_credit_stands_from_its_purchase_on_without_any_bill(project: Project) -> None:
    assert figures(project, PURCHASES_AND_REST) == [
        ("01", "lapse", "Purchase", None, "50", "40", "0", "ANT-1"),
        ("01", None, "Tax", None, None, "8", "8", "ANT-1"),
        ("02", "lapse", "Usage", "Unused", "50", "0", "40", None),
        ("02", "stay", "Purchase", None, "100", "100", "0", None),
    ]
    assert figures(project, ROLL_FORWARD) == [
        ("lapse", "01", "0", "0", "50", "40", "0", "0", "0", "0", "50", "40"),
        ("lapse", "02", "50", "40", "0", "0", "0", "0", "50", "40", "0", "0"),
        ("stay", "02", "0", "0", "100", "100", "0", "0", "0", "0", "100", "100"),
    ]


def test_its_invoice_ties_and_its_billing_periods_are_there(project: Project) -> None:
    lines = """select invoice_line_id, source_relation, line_amount, matched_billed_cost,
            reconciliation_status
        from main_focus_ai.focus_ai__invoice_reconciliation order by all"""
    assert figures(project, lines) == [
        ("ANT-1-1", "anthropic", "40", "40", "Tied"),
        ("ANT-1-2", "anthropic", "8", "8", "Tied"),
    ]
    checks = "select distinct check_status from main_focus_ai.focus_ai__conservation_checks"
    assert figures(project, checks) == [("Exact",)]
    periods = """select strftime("BillingPeriodStart", '%m'), "BillingPeriodStatus"
        from main_focus.focus_ai__billing_period where "InvoiceIssuerName" = 'Anthropic' order by 1"""
    assert figures(project, periods) == [("01", "Closed"), ("02", "Open")]


def test_it_is_a_contract_commitment_of_its_provider(project: Project) -> None:
    commitments = """select "ContractCommitmentId", "InvoiceIssuerName", "ServiceProviderName",
            "ContractCommitmentLifecycleStatus", "ContractCommitmentCost"
        from main_focus.focus_ai__contract_commitment order by 1"""
    assert figures(project, commitments) == [
        ("lapse", "Anthropic", "Anthropic", "Expired", "40"),
        ("stay", "Anthropic", "Anthropic", "Active", "100"),
    ]


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_datasets_conform(project: Project, dataset: str) -> None:
    database = str(project.folder / "raw.duckdb")
    report = validate(database, table=f"main_focus.focus_ai__{dataset}", supports=["ALL"])
    assert [rule.id for rule in report.rules if rule.status == "fail"] == []


def test_the_first_bill_draws_on_it_and_moves_nothing_that_is_closed(
    tmp_path: Path, raw_headers: dict[str, list[str]]
) -> None:
    """30 of February's 45 come before the credit expires; 24 is what was paid for them."""
    project = Project(tmp_path / "project")
    raw = before_the_bill(raw_headers)
    for day, cents in [("2026-02-10", "3000"), ("2026-02-20", "1500")]:
        raw.anthropic_cost("ant", day, "input", cents, model=SONNET, token_type="uncached_input_tokens")
    raw.load(project)
    build(project)
    closed = """select "CommitmentDiscountId", "BilledCost", "EffectiveCost", "ChargeClass"
        from main_focus.focus_ai__cost_and_usage
        where "x_AccountingPeriodStart" = '2026-01-01' order by all"""
    assert figures(project, closed) == [("lapse", "40", "0", None), (None, "8", "8", None)]
    assert figures(project, ROLL_FORWARD) == [
        ("lapse", "01", "0", "0", "50", "40", "0", "0", "0", "0", "50", "40"),
        ("lapse", "02", "50", "40", "0", "0", "30", "24", "20", "16", "0", "0"),
        ("stay", "02", "0", "0", "100", "100", "15", "15", "0", "0", "85", "85"),
    ]
