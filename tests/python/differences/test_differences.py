"""Each case where the official validator errs has a file here and our verdict on it, as documented."""

from pathlib import Path

import pytest
import yaml

from focus_validate import validate
from focus_validate.errors import InputError

HERE = Path(__file__).parent
CASES = {case["file"]: case for case in yaml.safe_load((HERE / "cases.yaml").read_text())}


@pytest.mark.parametrize("name", CASES)
def test_our_verdict(name):
    ours = CASES[name]["ours"]
    if "error" in ours:
        with pytest.raises(InputError, match=ours["error"]):
            validate(HERE / f"{name}.csv")
        return
    report = validate(HERE / f"{name}.csv")
    failures = [rule.id for rule in report.rules if rule.status == "fail" and rule.kind == "leaf"]
    if "conformant" in ours:
        assert (report.summary.conformant, failures) == (ours["conformant"], [])
        return
    rule = next(rule for rule in report.rules if rule.id == ours["rule"])
    assert (rule.status, rule.violations) == (ours["status"], ours["violations"])
    if ours.get("only_failure"):
        assert failures == [ours["rule"]]


def test_every_file_is_a_case():
    assert sorted(CASES) == sorted(path.stem for path in HERE.glob("*.csv"))
