"""Each case where the official validator errs has a file here and our verdict on it, as documented."""

from pathlib import Path

import pytest
import yaml

from focus_validate import validate
from focus_validate.errors import InputError

HERE = Path(__file__).parent
CASES = {
    f"{case['file']}.{case.get('ending', 'csv')}": case["ours"]
    for case in yaml.safe_load((HERE / "cases.yaml").read_text(encoding="utf-8"))
}


@pytest.mark.parametrize("supports", [(), ("ALL",)], ids=["no flags", "all flags"])
@pytest.mark.parametrize("name", CASES)
def test_our_verdict(name, supports):
    ours = CASES[name]
    if "error" in ours:
        with pytest.raises(InputError, match=ours["error"]):
            validate(HERE / name, supports=supports)
        return
    report = validate(HERE / name, supports=supports)
    failures = [rule.id for rule in report.rules if rule.status == "fail" and rule.kind == "leaf"]
    if "conformant" in ours:
        assert (report.summary.conformant, failures) == (ours["conformant"], [])
        return
    rule = next(rule for rule in report.rules if rule.id == ours["rule"])
    assert (rule.status, rule.violations) == (ours["status"], ours["violations"])
    if ours.get("only_failure"):
        assert failures == [ours["rule"]]


def test_every_file_is_a_case():
    files = [path.name for path in HERE.iterdir() if path.suffix in (".csv", ".parquet")]
    assert sorted(CASES) == sorted(files)
