"""Mandatory columns that no declared flag asks for: no failure, yet no verdict that says all is well."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from focus_validate import validate, validate_bundle
from focus_validate.hints import command, hints
from focus_validate.outputs import render
from focus_validate.outputs.bundle import render_bundle
from focus_validate.result import Report
from focus_validate.spec.loader import load_catalogue

CATALOGUE = load_catalogue()
PERIODS = next(dataset for dataset in CATALOGUE.datasets if dataset.id == "BillingPeriod")
FLAG = "INVOICE_ISSUER_PAYABLE_INVOICES_SUPPORTED"
ABSENT = ("BillingPeriodCreated", "BillingPeriodLastUpdated", "BillingPeriodStatus")
ROWS = (
    "BillingPeriodEnd,BillingPeriodStart,InvoiceIssuerName\n2026-11-01T00:00:00Z,2026-10-01T00:00:00Z,Acme\n"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "periods.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


@pytest.fixture
def report(path: Path) -> Report:
    return validate(path, dataset="BillingPeriod")


def test_absence_fails_nothing_and_is_named(report: Report) -> None:
    assert report.conformant
    assert report.not_asked_for == ABSENT
    assert json.loads(report.to_json())["not_asked_for"] == list(ABSENT)


def test_no_output_says_conformant_without_more(report: Report) -> None:
    for text in (
        render("console", report, PERIODS),
        render("markdown", report, PERIODS),
        report._repr_html_(),
    ):
        assert "conformant as far as asked" in text.lower()
        assert "3 mandatory columns absent" in " ".join(text.split())
    for name in ("console", "markdown"):
        assert all(column in render(name, report, PERIODS) for column in ABSENT)
    notes = json.loads(render("sarif", report, PERIODS))["runs"][0]["invocations"][0]
    assert ", ".join(ABSENT) in notes["toolConfigurationNotifications"][0]["message"]["text"]


def test_the_hint_leads_to_the_failures(path: Path, report: Report) -> None:
    found = hints(report, PERIODS)
    assert found[0].flags == (FLAG,)
    assert f"--supports {FLAG}" in command(report, found)
    declared = validate(path, dataset="BillingPeriod", supports=[FLAG])
    assert [rule.column for rule in declared.failures()] == list(ABSENT)
    assert declared.not_asked_for == ()


def test_columns_left_out_on_purpose_are_not_missed(path: Path) -> None:
    assert validate(path, dataset="BillingPeriod", selected=True).not_asked_for == ()


def test_a_whole_table_is_conformant_without_more(tmp_path: Path) -> None:
    header, row = ROWS.splitlines()
    moment = "2026-10-01T00:00:00Z"
    whole = f"{header},{','.join(ABSENT)}\n{row},{moment},{moment},Open\n"
    (tmp_path / "periods.csv").write_text(whole, encoding="utf-8")
    report = validate(tmp_path / "periods.csv", dataset="BillingPeriod")
    assert render("console", report, PERIODS).startswith("CONFORMANT to FOCUS")


def test_columns_due_under_flags_of_their_own_are_not_mandatory(tmp_path: Path) -> None:
    (tmp_path / "usage.csv").write_text("BilledCost,BillingCurrency\n1,USD\n", encoding="utf-8")
    report = validate(tmp_path / "usage.csv", dataset="CostAndUsage")
    assert not report.column("RegionId").present
    assert report.not_asked_for == ()


def test_a_bundle_says_so_too(path: Path) -> None:
    bundle = validate_bundle(path)
    text = render_bundle(bundle, CATALOGUE)
    assert text.rstrip().endswith(
        "CONFORMANT AS FAR AS ASKED to FOCUS 1.4: 1 dataset, 1 without mandatory columns"
    )
