from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest

from cli.fakes import BROKEN, CLEAN
from focus_validate.outputs.schema import render_schema, report_schema
from focus_validate.result import Report

PUBLISHED = Path(__file__).parents[3] / "docs" / "report.schema.json"


def test_the_published_schema_is_the_generated_one() -> None:
    """`python docs/generate.py` writes it anew."""
    assert PUBLISHED.read_text(encoding="utf-8") == render_schema(report_schema())


@pytest.mark.parametrize("report", [BROKEN, CLEAN])
def test_a_report_fits_the_schema(report: Report) -> None:
    jsonschema_rs.validator_for(report_schema()).validate(json.loads(report.to_json()))


def test_a_report_without_a_verdict_does_not_fit() -> None:
    report = json.loads(BROKEN.to_json())
    del report["summary"]["conformant"]
    assert not jsonschema_rs.validator_for(report_schema()).is_valid(report)
