"""Select, ignore, baseline and waivers: what they do to a verdict, and what is wrong with their files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest

from cli.fakes import BROKEN, CATALOGUE, DATASET, result
from focus_validate.errors import InputError, UsageError
from focus_validate.outputs.console import render_console, verdict
from focus_validate.policy import Policy, load_policy
from focus_validate.result import Report, WaiverResult
from focus_validate.waivers import Waiver, load_waivers

TODAY = date(2026, 6, 15)
RULES = [rule.id for rule in DATASET.rules]
WAIVER = Waiver(rule="CAU-BilledCost-C-001-M", reason="in work", owner="jane", expires=TODAY)


def applied(report: Report = BROKEN, **choices: object) -> Report:
    return Policy(today=TODAY, **choices).apply(report, DATASET)  # type: ignore[arg-type]


def status_of(report: Report, rule: str) -> str:
    return report.rule(rule).status


def test_no_policy_changes_nothing_but_derives_the_same() -> None:
    again = applied()
    assert again.rules == BROKEN.rules
    assert again.summary == BROKEN.summary


def test_nothing_to_decide_is_no_policy() -> None:
    assert load_policy(CATALOGUE) is None


def test_the_report_tells_what_was_decided(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text(BROKEN.to_json(), encoding="utf-8")
    (tmp_path / "w.yaml").write_text(ONE)
    policy = load_policy(
        CATALOGUE,
        select=["BilledCost", "ServiceName"],
        ignore=["ServiceName"],
        baseline=str(tmp_path / "r.json"),
        waivers=str(tmp_path / "w.yaml"),
        today=TODAY,
    )
    assert policy is not None
    assert policy.apply(BROKEN, DATASET).options == {
        "fail_on": "must",
        "select": "BilledCost,ServiceName",
        "ignore": "ServiceName",
        "baseline": str(tmp_path / "r.json"),
        "waivers": str(tmp_path / "w.yaml"),
        "as_of": "2026-06-15",
    }
    assert applied().options == BROKEN.options


# Select and ignore


def test_an_ignored_rule_is_skipped_and_says_so() -> None:
    report = applied(ignore=("CAU-BilledCost-C-001-M",))
    rule = report.rule("CAU-BilledCost-C-001-M")
    assert (rule.status, rule.samples) == ("skip", ())
    assert rule.reason == "left out by --select or --ignore"
    assert report.summary.fail == BROKEN.summary.fail - 1
    assert report.summary.rules == BROKEN.summary.rules


def test_ignoring_everything_that_fails_makes_it_conformant() -> None:
    report = applied(ignore=tuple(rule.id for rule in BROKEN.failures()))
    assert report.conformant
    assert report.exit_code() == 0
    assert not [rule for rule in report.rules if rule.status == "fail"], "groups follow"
    assert not [column for column in report.columns if column.status == "fail"], "columns follow"


def test_a_column_stands_for_its_rules() -> None:
    report = applied(ignore=("BilledCost",))
    assert {rule.status for rule in report.rules if rule.column == "BilledCost"} == {"skip"}
    assert status_of(report, "CAU-ChargeCategory-C-003-M") == "fail"


def test_a_group_stands_for_everything_below() -> None:
    report = applied(ignore=("CAU-CostAndUsage-D-000-M",))
    assert status_of(report, "CAU-CostAndUsage-D-003-M") == "skip"
    assert status_of(report, "CAU-BilledCost-C-002-M") == "skip"
    assert status_of(report, "CAU-BilledCost-C-001-M") == "fail"


def test_only_selected_rules_are_judged_and_ignore_wins() -> None:
    report = applied(select=("BilledCost",), ignore=("CAU-BilledCost-C-001-M",))
    judged = [rule.id for rule in report.rules if rule.kind == "leaf" and rule.status != "skip"]
    assert judged == ["CAU-BilledCost-C-002-M", "CAU-BilledCost-C-006-M"]


def test_one_name_and_comma_lists_are_names() -> None:
    policy = load_policy(CATALOGUE, select="BilledCost", ignore=["ServiceName, CAU-BilledCost-C-001-M"])
    assert policy is not None
    assert (policy.select, policy.ignore) == (("BilledCost",), ("ServiceName", "CAU-BilledCost-C-001-M"))


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(UsageError, match=r"no rule or column 'billed_cost' \(did you mean BilledCost\?\)"):
        load_policy(CATALOGUE, ignore=["billed_cost"])


# Baseline


def baseline(rule: str, status: str, violations: int) -> Report:
    return msgspec.structs.replace(BROKEN, rules=(result(rule, status, violations),))


@pytest.mark.parametrize(
    ("before", "status", "reason"),
    [
        (5, "waived", "known from the baseline (5 violations)"),
        (3, "waived", "known from the baseline (3 violations)"),
        (2, "fail", "2 violations in the baseline, 3 now"),
    ],
)
def test_only_more_violations_than_in_the_baseline_fail(before: int, status: str, reason: str) -> None:
    rule = applied(baseline=baseline("CAU-BilledCost-C-001-M", "fail", before)).rule("CAU-BilledCost-C-001-M")
    assert (rule.status, rule.reason, rule.violations) == (status, reason, 3)


def test_a_rule_that_passed_in_the_baseline_fails() -> None:
    report = applied(baseline=baseline("CAU-BilledCost-C-001-M", "pass", 0))
    assert status_of(report, "CAU-BilledCost-C-001-M") == "fail"


def test_a_warning_of_the_baseline_is_known_too() -> None:
    report = applied(baseline=baseline("CAU-ServiceName-C-005-C", "warn", 2))
    assert status_of(report, "CAU-ServiceName-C-005-C") == "waived"
    assert report.summary.warn == 0


def test_a_baseline_never_hides_a_rule_that_it_did_not_have() -> None:
    report = applied(baseline=msgspec.structs.replace(BROKEN, rules=()))
    assert report.summary.fail == BROKEN.summary.fail


def test_the_report_itself_as_baseline_leaves_nothing_new(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text(BROKEN.to_json(), encoding="utf-8")
    policy = load_policy(CATALOGUE, baseline=str(path))
    assert policy is not None
    report = policy.apply(BROKEN, DATASET)
    assert report.conformant
    assert report.summary.waived == BROKEN.summary.fail + BROKEN.summary.warn


def test_a_baseline_of_another_dataset_is_refused() -> None:
    other = msgspec.structs.replace(BROKEN, dataset="InvoiceDetail")
    with pytest.raises(InputError, match="the baseline is about InvoiceDetail"):
        applied(baseline=other)


@pytest.mark.parametrize("content", ["", "{}", "[1]", "not json", '{"schema_version": "x"}'])
def test_a_file_that_is_no_report_is_no_baseline(tmp_path: Path, content: str) -> None:
    path = tmp_path / "report.json"
    path.write_text(content)
    with pytest.raises(InputError, match="is no JSON report"):
        load_policy(CATALOGUE, baseline=str(path))


def test_a_missing_baseline_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        load_policy(CATALOGUE, baseline=str(tmp_path / "x"))


# Waivers


def test_a_waiver_covers_its_finding_until_its_last_day() -> None:
    report = applied(waivers=(WAIVER,))
    rule = report.rule("CAU-BilledCost-C-001-M")
    assert rule.status == "waived"
    assert rule.reason == "waived until 2026-06-15 by jane: in work"
    assert (rule.violations, len(rule.samples)) == (3, 2), "the finding stays visible"
    assert report.waivers == (
        WaiverResult(
            rule="CAU-BilledCost-C-001-M",
            reason="in work",
            owner="jane",
            expires="2026-06-15",
            state="active",
        ),
    )


def test_a_waived_failure_counts_as_passed_for_group_and_exit_code() -> None:
    waivers = tuple(msgspec.structs.replace(WAIVER, rule=rule.id) for rule in BROKEN.failures())
    report = applied(waivers=waivers)
    assert report.conformant
    assert report.exit_code() == 0
    assert status_of(report, "CAU-CostAndUsage-D-000-M") == "pass"


def test_an_expired_waiver_covers_nothing_and_fails_the_run() -> None:
    report = applied(waivers=(msgspec.structs.replace(WAIVER, expires=date(2026, 6, 14)),))
    assert status_of(report, "CAU-BilledCost-C-001-M") == "fail"
    assert report.waivers[0].state == "expired"


def test_a_stale_waiver_fails_a_run_that_is_conformant() -> None:
    report = applied(CLEAN_ALL, waivers=(WAIVER,))
    assert report.waivers[0].state == "stale"
    assert report.conformant
    assert report.exit_code() == 1
    assert "1 waiver expired or stale" in verdict(report)
    assert "stale: the rule is not broken" in render_console(report, DATASET)


def test_a_waiver_of_a_rule_that_could_not_be_judged_here_is_not_stale() -> None:
    """Such as one that check-bundle decides: nobody can say that the rule is not broken."""
    skipped = next(rule.id for rule in BROKEN.rules if rule.status == "skip")
    waiver = msgspec.structs.replace(WAIVER, rule=skipped)
    assert applied(CLEAN_ALL, waivers=(WAIVER,), ignore=(WAIVER.rule,)).waivers == ()
    assert applied(waivers=(waiver,)).waivers == ()
    expired = msgspec.structs.replace(waiver, expires=date(2020, 1, 1))
    assert applied(waivers=(expired,)).waivers[0].state == "expired"


def test_a_waiver_of_what_the_baseline_has_is_in_force() -> None:
    report = applied(waivers=(WAIVER,), baseline=BROKEN)
    assert report.waivers[0].state == "active"


def test_a_waiver_of_an_expired_date_on_a_passed_rule_fails_too() -> None:
    report = applied(CLEAN_ALL, waivers=(msgspec.structs.replace(WAIVER, expires=date(2020, 1, 1)),))
    assert (report.waivers[0].state, report.exit_code()) == ("expired", 1)


def test_a_waiver_of_another_dataset_is_left_alone() -> None:
    report = applied(waivers=(msgspec.structs.replace(WAIVER, rule="IND-BilledCost-C-001-M"),))
    assert report.waivers == ()


CLEAN_ALL = msgspec.structs.replace(
    BROKEN,
    rules=tuple(
        msgspec.structs.replace(rule, status="pass", violations=0, samples=())
        if rule.status in ("fail", "warn")
        else rule
        for rule in BROKEN.rules
    ),
)

ONE = """\
waivers:
  - rule: CAU-BilledCost-C-001-M
    reason: in work
    owner: jane
    expires: 2026-06-15
"""


def load(tmp_path: Path, text: str) -> tuple[Waiver, ...]:
    path = tmp_path / "waivers.yaml"
    path.write_text(text, encoding="utf-8")
    return load_waivers(str(path), RULES)


@pytest.mark.parametrize("text", [ONE, ONE.replace("2026-06-15", '"2026-06-15"'), "\ufeff" + ONE])
def test_a_waivers_file(tmp_path: Path, text: str) -> None:
    assert load(tmp_path, text) == (WAIVER,)


def test_an_empty_list_of_waivers_is_fine(tmp_path: Path) -> None:
    assert load(tmp_path, "waivers: []") == ()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "the file needs one key, waivers, with a list"),
        ("[]", "Expected `object`"),
        ("waivers: 1", "Expected `array`"),
        ("waiver: []", "unknown field `waiver`"),
        (ONE.replace("    owner: jane\n", ""), "missing required field `owner`"),
        (ONE.replace("owner: jane", "owner: ' '"), "needs a reason and an owner"),
        (ONE.replace("owner", "approver"), "unknown field `approver`"),
        (ONE.replace("2026-06-15", "soon"), "waiver 1: expires is no date; write it as 2026-12-31"),
        (ONE.replace("2026-06-15", "2026-02-30"), "."),
        (ONE.replace("owner: jane", "owner: 7"), "waiver 1: owner: Expected `str`"),
        (ONE.replace("001-M", "01-M"), r"did you mean CAU-BilledCost-C-001-M\?"),
        (ONE + ONE.split("\n", 1)[1], "is waived twice"),
        (ONE + "    owner: joe\n", "the key owner stands twice in line"),
        ("waivers: &a [*a]", "aliases"),
        ("a: &a [x]\nwaivers: *a", "aliases"),
        ("waivers: !!python/object/apply:os.system ['true']", "no valid YAML"),
        ("waivers: [", "no valid YAML"),
        ("{" * 5000, "no valid YAML"),
        ("waivers: [{{x: 1}: 2}]", "."),
    ],
)
def test_what_is_wrong_with_a_waivers_file_is_one_line(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint) as caught:
        load(tmp_path, text)
    assert "waivers.yaml" in str(caught.value)
    assert str(caught.value).isprintable()


SEED = "rule,reason,owner,expires\nCAU-BilledCost-C-001-M,in work,jane,2026-06-15\n"


def load_seed(tmp_path: Path, text: str) -> tuple[Waiver, ...]:
    path = tmp_path / "Waivers.CSV"
    path.write_text(text, encoding="utf-8", newline="")
    return load_waivers(str(path), RULES)


@pytest.mark.parametrize(
    "text",
    [
        SEED,
        "\ufeff" + SEED.replace("\n", "\r\n"),
        'owner,expires,rule,reason\n"jane",2026-06-15,CAU-BilledCost-C-001-M,"in work"\n\n',
        SEED.replace(",", " , "),
    ],
)
def test_waivers_of_a_seed(tmp_path: Path, text: str) -> None:
    assert load_seed(tmp_path, text) == (WAIVER,)
    assert load_seed(tmp_path, "rule,reason,owner,expires\n") == ()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "the columns must be rule, reason, owner and expires"),
        (SEED.replace("owner", "approver"), "the columns must be"),
        (SEED.replace("owner,", "owner,note,", 1).replace("jane,", "jane,x,"), "the columns must be"),
        (SEED.replace(",2026-06-15", ""), "row 1 has 3 cells and the header 4"),
        (SEED.replace("reason", "rule"), "the columns must be"),
        (SEED.replace("2026-06-15", "15.06.2026"), "waiver 1: expires is no date"),
        (SEED.replace("in work", " "), "needs a reason and an owner"),
        (SEED.replace("001-M", "01-M"), r"did you mean CAU-BilledCost-C-001-M\?"),
        (SEED + SEED.split("\n", 1)[1], "is waived twice"),
        (SEED.replace("in work", '"in'), "no valid CSV"),
    ],
)
def test_what_is_wrong_with_a_seed_is_one_line(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint) as caught:
        load_seed(tmp_path, text)
    assert "Waivers.CSV" in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_waiver_of_a_group_is_refused_for_it_would_cover_nothing(tmp_path: Path) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_text(ONE.replace("CAU-BilledCost-C-001-M", "CAU-CostAndUsage-D-000-M"))
    with pytest.raises(InputError, match="CAU-CostAndUsage-D-000-M is a group; name the rules below it"):
        load_policy(CATALOGUE, waivers=str(path))


def test_a_seed_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(SEED.replace("jane", "Zoë").encode("latin-1"))
    with pytest.raises(InputError, match="utf-8"):
        load_waivers(str(tmp_path / "x.csv"), RULES)


def test_a_missing_waivers_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        load_waivers(str(tmp_path / "x.yaml"), RULES)
