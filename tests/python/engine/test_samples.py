"""Real FOCUS exports: the converted AWS 1.4 files have no failure. Needs the reference folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from focus_validate.engine import evaluate
from focus_validate.options import Options

REFERENCE = Path(os.environ.get("FOCUS_REFERENCE", Path(__file__).parents[4] / "shared"))
SAMPLES = REFERENCE / "samples"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="no reference folder (FOCUS_REFERENCE)")


@pytest.mark.parametrize("name", ["cost_and_usage", "invoice_detail", "billing_period"])
@pytest.mark.parametrize("supports", [(), ("INVOICE_ISSUER_PAYABLE_INVOICES_SUPPORTED", "TAGGING_SUPPORTED")])
def test_converted_aws_files_have_no_failure(name: str, supports: tuple[str, ...]) -> None:
    report = evaluate(SAMPLES / f"aws_1_4_{name}.csv", Options(supports=frozenset(supports)))
    assert [rule.id for rule in report.rules if rule.status == "fail"] == []
    assert report.summary.passed > 40


def test_null_text_of_the_multicloud_sample() -> None:
    path = SAMPLES / "focus_1_0_multicloud_sample.csv"
    plain = evaluate(path, Options())
    nulled = evaluate(path, Options(null_text="NULL"))
    assert plain.dataset == nulled.dataset == "CostAndUsage"
    assert nulled.summary.fail < plain.summary.fail
    assert nulled.rule("CAU-ChargeClass-C-005-C").violations == 0
    assert nulled.column("ChargeClass").nulls == 1000
