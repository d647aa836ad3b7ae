"""Months that only the company's close log closes: recomputed, and as they were (R4, R8, R13, R15).

Four accounts of OpenAI, every figure by hand. January's invoices are voided after its close, those of
February refund January and are taken back in March; the log closes January, February, then March.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from .by_hand_raw import Raw, midnight
from .project import Project

pytest.importorskip("dbt.include.duckdb", reason="needs dbt-duckdb")
pytestmark = pytest.mark.slow

SOURCES = ["openai", "finance", "provider_invoices"]
MODELS = ["focus_ai__cost_and_usage", "focus_ai__conservation_checks", "focus_ai__restated_monthly"]
JANUARY, FEBRUARY, MARCH = (datetime(2026, month, 1) for month in (1, 2, 3))
CLOSED = {JANUARY: "2026-02-04", FEBRUARY: "2026-03-04", MARCH: "2026-04-04"}
BOUND_AT_READ = '"InvoiceId", "InvoiceDetailId", "x_CostBasis"'
BILL = [  # account, day, amount, loaded
    ("org-void", "2026-01-10", "9.998", "2026-01-11"),
    ("org-void", "2026-02-10", "5.00", "2026-02-11"),
    ("org-void", "2026-03-10", "3.00", "2026-03-11"),
    ("org-void", "2026-04-01", "1.00", "2026-04-02"),
    ("org-twice", "2026-01-10", "1.001", "2026-01-11"),
    ("org-refund", "2026-01-10", "20.00", "2026-01-11"),
    ("org-refund", "2026-01-10", "16.00", "2026-03-10"),
    ("org-original", "2026-01-10", "30.00", "2026-01-11"),
]
INVOICES = [  # id, account, month, created, voided, adjusted or replaced invoice, usage, tax
    ("JAN", "org-void", "2026-01", "2026-02-02", "2026-02-20", None, "10.00", "1.90"),
    ("NEW", "org-void", "2026-01", "2026-02-21", "2026-03-20", "JAN", "10.00", "2.00"),
    ("FEB", "org-void", "2026-02", "2026-03-02", None, None, "5.00", None),
    ("ONE", "org-twice", "2026-01", "2026-02-02", None, None, "1.00", None),
    ("TWO", "org-twice", "2026-01", "2026-02-25", None, None, "1.00", None),
    ("OLD", "org-refund", "2026-01", "2026-02-02", None, None, "20.00", None),
    ("LESS", "org-refund", "2026-02", "2026-02-15", None, "OLD", "-4.00", None),
    ("ORIGINAL", "org-original", "2026-01", "2026-02-02", "2026-03-15", None, "30.00", None),
    ("REFUND", "org-original", "2026-02", "2026-02-15", None, "ORIGINAL", "-6.00", None),
]

Rows = dict[datetime, list[tuple[Any, ...]]]


def books(headers: dict[str, list[str]], until: str) -> Raw:
    """The raw tables as they were on a day."""
    raw = Raw(headers)
    for month, day in CLOSED.items():
        if day <= until:
            raw.add(
                "finance.close_log",
                **{"company_id": "company", "accounting_period_start": midnight(f"{month:%Y-%m-%d}")},
                **{"action": "close", "closed_at": midnight(day), "closed_by": "ana", "reviewed_by": "ben"},
            )
    for account, day, amount, loaded in BILL:
        if loaded <= until:
            raw.openai_cost(account, day, "web search tool calls", amount, loaded_at=midnight(loaded))
    for invoice, account, month, created, voided, other, usage, tax in INVOICES:
        if created <= until:
            is_voided = voided is not None and voided <= until
            window = ("2026-01-01", "2026-02-01") if usage.startswith("-") else ()
            raw.provider_invoice(
                *(invoice, account, month, ("Usage", usage, None, *window)),
                *([("Tax", tax)] if tax else []),
                **{"created_at": midnight(created), "reference_invoice_id": other},
                **({"status": "Voided", "updated_at": midnight(voided)} if is_voided else {}),
            )
    return raw


@pytest.fixture(scope="module")
def states(
    tmp_path_factory: pytest.TempPathFactory, raw_headers: dict[str, list[str]]
) -> tuple[Project, list[Rows]]:
    """The FOCUS rows after each close, by accounting period; the project stands after the last."""
    project = Project(tmp_path_factory.mktemp("log_closes") / "project")
    return project, [after(project, raw_headers, day) for day in CLOSED.values()]


def after(project: Project, headers: dict[str, list[str]], day: str) -> Rows:
    books(headers, day).load(project)
    project.dbt(
        *["build", "--exclude-resource-type", "unit_test", "--indirect-selection", "cautious", "--select"],
        *(f"+{model}" for model in MODELS),
        sources=SOURCES,
    ).succeeded()
    rows: Rows = {}
    for period, *row in project.query(
        f"""select "x_AccountingPeriodStart", * exclude ({BOUND_AT_READ})
        from main_focus.focus_ai__cost_and_usage order by all"""
    ):
        rows.setdefault(period, []).append(tuple(row))
    return rows


def posted(project: Project, account: str) -> list[tuple[str, ...]]:
    """Month, category, reason, corrected month and amount of an account's rows."""
    rows = project.query(
        f"""select month("x_AccountingPeriodStart"), "ChargeCategory", coalesce("x_CorrectionReason", ''),
            coalesce(strftime("x_CorrectedBillingPeriodStart", '%m'), ''), "BilledCost"
        from main_focus.focus_ai__cost_and_usage where "BillingAccountId" = '{account}' order by all"""
    )
    return [(*(str(value) for value in names), f"{amount.normalize():f}") for *names, amount in rows]


def test_a_closed_month_never_moves(states: tuple[Project, list[Rows]]) -> None:
    _, (january, february, march) = states
    assert january[JANUARY] == february[JANUARY] == march[JANUARY]
    assert february[FEBRUARY] == march[FEBRUARY]
    assert len(march[JANUARY]) == 7
    assert len(march[FEBRUARY]) == 8
    assert len(march[MARCH]) == 7


def test_tax_and_rounding_of_a_voided_invoice_are_reversed_in_the_month_that_was_open(
    states: tuple[Project, list[Rows]],
) -> None:
    """JAN is voided and issued anew before February is closed; NEW is voided before March is."""
    project, _ = states
    assert posted(project, "org-void") == [
        ("1", "Adjustment", "", "", "0.002"),
        ("1", "Tax", "", "", "1.9"),
        ("1", "Usage", "", "", "9.998"),
        ("2", "Adjustment", "LateInvoice", "01", "0.002"),
        ("2", "Adjustment", "RestatedInvoice", "01", "-0.002"),
        ("2", "Tax", "LateCharge", "01", "2"),
        ("2", "Tax", "WithdrawnCharge", "01", "-1.9"),
        ("2", "Usage", "", "", "5"),
        ("3", "Adjustment", "RestatedInvoice", "01", "-0.002"),
        ("3", "Tax", "WithdrawnCharge", "01", "-2"),
        ("3", "Usage", "", "", "3"),
        ("4", "Usage", "", "", "1"),
    ]


def test_rounding_goes_when_a_second_invoice_fits(states: tuple[Project, list[Rows]]) -> None:
    project, _ = states
    assert posted(project, "org-twice") == [
        ("1", "Adjustment", "", "", "-0.001"),
        ("1", "Usage", "", "", "1.001"),
        ("2", "Adjustment", "RestatedInvoice", "01", "0.001"),
    ]


def test_a_refund_that_is_taken_back_is_about_the_month_that_it_refunded(
    states: tuple[Project, list[Rows]],
) -> None:
    """The bill says 16 at last, and the refund of 4 was the invoice's word for it; ORIGINAL is voided."""
    project, _ = states
    assert posted(project, "org-refund") == [
        ("1", "Usage", "", "", "20"),
        ("2", "Usage", "AdjustingInvoice", "01", "-4"),
        ("3", "Usage", "RestatedCharge", "01", "-20"),
        ("3", "Usage", "RestatedCharge", "01", "16"),
        ("3", "Usage", "WithdrawnCharge", "01", "4"),
    ]
    assert posted(project, "org-original") == [
        ("1", "Usage", "", "", "30"),
        ("2", "Usage", "AdjustingInvoice", "01", "-6"),
        ("3", "Usage", "WithdrawnCharge", "01", "6"),
    ]


def test_each_month_is_restated_to_what_is_known_today(states: tuple[Project, list[Rows]]) -> None:
    """January: 9.998 + 1.001 + 16 + 30; what was billed as tax and rounding is all taken back."""
    project, _ = states
    rows = project.query(
        """select accounting_period_start, sum(restated_ai_cost_of_revenue + restated_other_ai_cost)
        from main_focus_ai.focus_ai__restated_monthly group by 1 order by 1"""
    )
    assert rows[:3] == [
        (JANUARY, Decimal("56.999")),
        (FEBRUARY, Decimal("5")),
        (MARCH, Decimal("3")),
    ]


def test_the_months_are_conserved(states: tuple[Project, list[Rows]]) -> None:
    project, _ = states
    rows = project.query(
        """select check_name, check_status, count(*) from main_focus_ai.focus_ai__conservation_checks
        where check_name <> 'InvoicedCost' group by all order by all"""
    )
    assert rows == [
        ("ClosedBilledCost", "Exact", 8),
        ("ClosedEffectiveCost", "Exact", 8),
        ("UsageCost", "Exact", 7),
    ]
