"""What a user leaves out on purpose is no failure, yet no report calls the rest conformant without more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from focus_validate import validate, validate_bundle
from focus_validate.outputs import render
from focus_validate.outputs.bundle import render_bundle
from focus_validate.result import Report
from focus_validate.spec.loader import load_catalogue

CATALOGUE = load_catalogue()
PERIODS = next(dataset for dataset in CATALOGUE.datasets if dataset.id == "BillingPeriod")
BROKEN = "BIP-BillingPeriodStatus-C-003-M"
HEADER = (
    "BillingPeriodCreated,BillingPeriodEnd,BillingPeriodLastUpdated,BillingPeriodStart,"
    "BillingPeriodStatus,InvoiceIssuerName"
)
MOMENT = "2026-10-01T00:00:00Z"
ROW = f"{MOMENT},2026-11-01T00:00:00Z,{MOMENT},{MOMENT},ajar,Acme"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "periods.csv"
    path.write_text(f"{HEADER}\n{ROW}\n", encoding="utf-8")
    return path


@pytest.fixture
def few(tmp_path: Path) -> Path:
    path = tmp_path / "few.csv"
    path.write_text("BillingPeriodStart,InvoiceIssuerName\n2026-10-01T00:00:00Z,Acme\n", encoding="utf-8")
    return path


def texts(report: Report) -> list[str]:
    return [render("console", report, PERIODS), render("markdown", report, PERIODS), report._repr_html_()]


def notes(report: Report) -> list[str]:
    run = json.loads(render("sarif", report, PERIODS))["runs"][0]
    return [note["message"]["text"] for note in run["invocations"][0]["toolConfigurationNotifications"]]


def test_ignoring_what_fails_gives_no_unlimited_verdict(path: Path) -> None:
    assert [rule.id for rule in validate(path).failures()] == [BROKEN]
    report = validate(path, ignore=[BROKEN])
    assert report.conformant
    assert [rule.id for rule in report.left_out()] == [BROKEN]
    for text in texts(report):
        assert "conformant as far as asked" in text.lower()
        assert "1 rule left out on purpose" in " ".join(text.split())
    assert f"ignore {BROKEN}" in render("markdown", report, PERIODS).replace("\\", "")
    assert notes(report) == [f"rules left out on purpose: --ignore {BROKEN}"]


def test_a_selection_gives_no_unlimited_verdict(path: Path) -> None:
    report = validate(path, select=["BillingPeriodStart"])
    assert len(report.left_out()) == report.summary.skip
    assert all("conformant as far as asked" in text.lower() for text in texts(report))


def test_deselected_columns_are_named(few: Path) -> None:
    declared = ["INVOICE_ISSUER_PAYABLE_INVOICES_SUPPORTED"]
    report = validate(few, dataset="BillingPeriod", selected=True, supports=declared)
    absent = ("BillingPeriodCreated", "BillingPeriodEnd", "BillingPeriodLastUpdated", "BillingPeriodStatus")
    assert report.conformant
    assert sorted(report.deselected()) == list(absent)
    for text in texts(report):
        assert "conformant as far as asked" in text.lower()
        assert "4 columns deselected" in " ".join(text.split())
    assert all(name in render("markdown", report, PERIODS) for name in absent)
    assert notes(report) == [f"columns deselected: {', '.join(report.deselected())}"]


def test_nothing_left_out_is_nothing_to_say(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace("ajar", "Open"), encoding="utf-8")
    report = validate(path, selected=True, ignore=["CAU-BilledCost-C-001-M"])
    assert (report.left_out(), report.deselected()) == ((), ())
    assert render("console", report, PERIODS).startswith("CONFORMANT to FOCUS")


def test_a_bundle_says_so_too(path: Path) -> None:
    bundle = validate_bundle(path, ignore=[BROKEN])
    assert (
        render_bundle(bundle, CATALOGUE)
        .rstrip()
        .endswith("CONFORMANT AS FAR AS ASKED to FOCUS 1.4: 1 dataset")
    )
