"""Each finding on a rule or request says what would mend it, and is described."""

import re
from pathlib import Path

MODELS = Path(__file__).parents[3] / "models"
FINDINGS = MODELS / "marts/attribution/focus_ai__attribution_rule_findings"
REQUESTS = MODELS / "intermediate/attribution/int_focus_ai__override_requests.sql"
NO_FINDING = {"RejectedByApprover"}  # somebody decided so
NO_REFUSAL = {"Requested", "Rejected", "Approved", "Unclassified", "CostOfRevenue"}


def test_every_refusal_has_a_remedy_and_a_description() -> None:
    refusals = set(re.findall(r"then '(\w+)'", REQUESTS.read_text())) - NO_FINDING - NO_REFUSAL
    remedies = set(re.findall(r"^    '(\w+)': '", FINDINGS.with_suffix(".sql").read_text(), re.MULTILINE))
    described = set(re.findall(r"\w+", FINDINGS.with_suffix(".yml").read_text()))
    assert "NothingToWithdraw" in refusals
    assert refusals <= remedies <= described
