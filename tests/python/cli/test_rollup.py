from __future__ import annotations

import pytest

from cli.fakes import BROKEN, DATASET
from focus_validate.rollup import roll_up, worst


@pytest.mark.parametrize(
    ("statuses", "verdict"),
    [
        (["pass", "fail", "warn"], "fail"),
        (["attest", "warn", "pass"], "warn"),
        (["attest", "skip", "pass"], "pass"),
        (["attest", "skip", "waived"], "pass"),
        (["attest", "skip", "not_applicable"], "skip"),
        (["not_applicable", "attest"], "attest"),
        (["not_applicable"], "not_applicable"),
        ([], "pass"),
    ],
)
def test_a_group_is_what_its_members_make_it(statuses: list[str], verdict: str) -> None:
    assert worst(statuses) == verdict  # type: ignore[arg-type]


def test_rules_come_in_catalogue_order_with_groups_settled() -> None:
    leaves = {rule.id: rule for rule in reversed(BROKEN.rules) if rule.kind == "leaf"}
    rules, columns, summary = roll_up(DATASET, leaves, [("BilledCost", True, 7), ("Nonsense", False, None)])
    assert [rule.id for rule in rules] == [rule.id for rule in DATASET.rules]
    assert rules == BROKEN.rules
    assert [(column.name, column.status, column.present, column.nulls) for column in columns] == [
        ("BilledCost", "fail", True, 7),
        ("Nonsense", "pass", False, None),
    ]
    assert summary == BROKEN.summary
