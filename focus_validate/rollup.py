"""From leaf rules to the verdict on groups, columns and the dataset (SEMANTICS: status of a rule)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from focus_validate.result import ColumnResult, RuleResult, Status, Summary
from focus_validate.spec.model import Dataset, Rule

_ORDER: tuple[Status, ...] = ("fail", "warn", "pass", "skip", "attest", "not_applicable")
"""What a group is: the first of these that one of its members is; waived counts as pass."""


def roll_up(
    dataset: Dataset, leaves: Mapping[str, RuleResult], columns: Iterable[tuple[str, bool, int | None]]
) -> tuple[tuple[RuleResult, ...], tuple[ColumnResult, ...], Summary]:
    """All rules in catalogue order with the verdict on every group, the columns with theirs, the summary.

    ``leaves`` holds the result of every leaf rule of the dataset by its id; ``columns`` the name of each
    column, whether it is present, and how many nulls it has.
    """
    by_id = {rule.id: rule for rule in dataset.rules}
    by_column: dict[str, list[Status]] = {}
    for leaf in leaves.values():
        by_column.setdefault(leaf.column, []).append(leaf.status)
    return (
        tuple(_result(rule, by_id, leaves) for rule in dataset.rules),
        tuple(
            ColumnResult(name=name, status=worst(by_column.get(name, ())), present=present, nulls=nulls)
            for name, present, nulls in columns
        ),
        _summary(leaves.values()),
    )


def worst(statuses: Iterable[Status]) -> Status:
    """The status of a group whose members have these; a group without members passes."""
    found = {"pass" if status == "waived" else status for status in statuses}
    return next((status for status in _ORDER if status in found), "pass")


def _result(rule: Rule, by_id: Mapping[str, Rule], leaves: Mapping[str, RuleResult]) -> RuleResult:
    if not rule.is_composite:
        return leaves[rule.id]
    return RuleResult(
        id=rule.id,
        column=rule.column,
        keyword=rule.keyword,
        kind="composite",
        status=worst(leaf.status for leaf in _below(rule, by_id, leaves)),
        violations=None,
        checked=None,
        message=rule.message,
        ruling=rule.ruling,
    )


def _below(rule: Rule, by_id: Mapping[str, Rule], leaves: Mapping[str, RuleResult]) -> Iterable[RuleResult]:
    for child in rule.children:
        if child in leaves:
            yield leaves[child]
        elif child in by_id:
            yield from _below(by_id[child], by_id, leaves)


def _summary(leaves: Iterable[RuleResult]) -> Summary:
    tally = Counter(leaf.status for leaf in leaves)
    return Summary(
        rules=tally.total(),
        passed=tally["pass"],
        fail=tally["fail"],
        warn=tally["warn"],
        waived=tally["waived"],
        skip=tally["skip"],
        not_applicable=tally["not_applicable"],
        attest=tally["attest"],
        conformant=tally["fail"] == 0,
    )
