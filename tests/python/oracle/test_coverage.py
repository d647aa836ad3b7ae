"""Every rule that data decides both passes and fires on generated data."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from . import fuzz, reference, rulings, targeted
from .carriers import csv_verdicts
from .evaluator import Verdict, rules_of
from .reference import Rule

pytestmark = pytest.mark.skipif(not reference.available(), reason="no reference folder (FOCUS_REFERENCE)")

NEVER_FIRES = {
    **{
        f"ATT-FocusColumnHandling-A-{n}": "a name that breaks it is a custom column"
        for n in ("002-M", "003-M")
    },
    **{f"ATT-FocusColumnHandling-A-{n}": "as A-002-M" for n in ("004-M", "005-M", "006-O", "007-O")},
    **{f"ATT-FocusColumnHandling-A-{n}": "as A-002-M" for n in ("008-M", "009-M", "010-M")},
    "ATT-JsonObjectFormat-A-004-M": "every value of JSON is of an allowed type",
    "ATT-NumericFormat-A-014-M": "the Extended precision has no upper bound",
    "CAU-BillingAccountType-C-004-C": "ERRATA: pass always",
}


def verdict_sets(dataset: str) -> Iterator[dict[str, Verdict]]:
    yield csv_verdicts(fuzz.sweep(dataset))
    for case in targeted.cases(dataset):
        yield csv_verdicts(case)
    yield targeted.numbers_for_text(dataset)


def cannot_fire(rule: Rule) -> bool:
    """MAY only permits; FormatString has no rule that a text could break."""
    return rule.is_may or rule.id in NEVER_FIRES or "FormatString" in str(rule.check)


@pytest.mark.parametrize("dataset", reference.DATASETS)
def test_every_decided_rule_passes_and_fires(dataset: str) -> None:
    rules, _ = rules_of(dataset)
    passing: set[str] = set()
    firing: set[str] = set()
    decided: set[str] = set()
    for verdicts in verdict_sets(dataset):
        for rule_id, verdict in verdicts.items():
            if verdict.violations is None or verdict.status not in ("pass", "fail", "warn"):
                continue
            decided.add(rule_id)
            if verdict.violations:
                firing.add(rule_id)
            if verdict.status == "pass" and verdict.checked:
                passing.add(rule_id)
    expected = {rule_id for rule_id in decided if not cannot_fire(rules[rule_id])}
    assert sorted(decided - passing) == []
    assert sorted(expected - firing) == []
    assert sorted(firing - expected) == []


def test_undecided_rules_are_accounted_for() -> None:
    listed = rulings.BUNDLE | rulings.METADATA
    known = {rule_id for dataset in reference.DATASETS for rule_id in rules_of(dataset)[0]}
    assert listed <= known
