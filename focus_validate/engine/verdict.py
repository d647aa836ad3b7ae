"""From findings to statuses: leaves, composites, columns, the summary and the report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import focus_validate
from focus_validate.engine.plan import RulePlan
from focus_validate.engine.readers.table import place
from focus_validate.engine.run import Finding
from focus_validate.options import Options
from focus_validate.result import (
    ColumnResult,
    InputFile,
    Report,
    RuleResult,
    Sample,
    Status,
    Summary,
    Tool,
)
from focus_validate.spec.model import Catalogue, Dataset, Rule

SCHEMA_VERSION = 1


def combined(statuses: Iterable[Status]) -> Status:
    """The status of several rules together: the worst verdict, else the first reason for having none."""
    found = set(statuses)
    if "waived" in found:
        found.add("pass")
    order: tuple[Status, ...] = ("fail", "warn", "pass", "skip", "attest", "not_applicable")
    return next((status for status in order if status in found), "pass")


def report(
    catalogue: Catalogue,
    dataset: Dataset,
    options: Options,
    header: Sequence[str],
    files: tuple[InputFile, ...],
    plans: Sequence[RulePlan],
    findings: Mapping[str, Finding],
    nulls: Mapping[str, int],
) -> Report:
    """The report of one run."""
    leaves = {plan.rule.id: _leaf(plan, findings.get(plan.rule.id), files) for plan in plans}
    statuses = _statuses(dataset.rules, leaves)
    return Report(
        schema_version=SCHEMA_VERSION,
        tool=Tool("focus-validate", focus_validate.__version__),
        focus_version=catalogue.focus_version,
        dataset=dataset.id,
        inputs=files,
        supports=tuple(sorted(options.supports)),
        options=_options(options),
        summary=_summary([result.status for result in leaves.values()]),
        columns=tuple(_columns(dataset, statuses, header, nulls)),
        rules=tuple(leaves.get(rule.id) or _composite(rule, statuses[rule.id]) for rule in dataset.rules),
        header=tuple(header),
    )


def _leaf(plan: RulePlan, finding: Finding | None, files: tuple[InputFile, ...]) -> RuleResult:
    status, reason = plan.status, plan.reason
    if status is None:
        assert finding is not None
        status, reason = _verdict(plan.rule, finding), finding.detail
    return RuleResult(
        id=plan.rule.id,
        column=plan.rule.column,
        keyword=plan.rule.keyword,
        kind="leaf",
        status=status,
        violations=finding.violations if finding else 0,
        checked=finding.checked if finding else 0,
        message=plan.rule.message,
        reason=reason,
        ruling=plan.rule.ruling,
        samples=tuple(_samples(finding, files)) if finding else (),
    )


def _verdict(rule: Rule, finding: Finding) -> Status:
    if not finding.violations or rule.level == "none":
        return "pass"
    return "fail" if rule.level == "fail" and finding.hard else "warn"


def _samples(finding: Finding, files: tuple[InputFile, ...]) -> Iterable[Sample]:
    for found, column in finding.samples:
        row, file = place(files, found.number)
        yield Sample(row=row, value=found.value, file=file, column=column)


def _composite(rule: Rule, status: Status) -> RuleResult:
    return RuleResult(
        id=rule.id,
        column=rule.column,
        keyword=rule.keyword,
        kind="composite",
        status=status,
        violations=None,
        checked=None,
        message=rule.message,
        ruling=rule.ruling,
    )


def _statuses(rules: Sequence[Rule], leaves: Mapping[str, RuleResult]) -> dict[str, Status]:
    """The status of every rule: composites from the leaves below them."""
    by_id = {rule.id: rule for rule in rules}
    statuses: dict[str, Status] = {rule_id: result.status for rule_id, result in leaves.items()}

    def status_of(rule_id: str) -> Status:
        if rule_id not in statuses:
            statuses[rule_id] = combined(status_of(child) for child in by_id[rule_id].children)
        return statuses[rule_id]

    return {rule.id: status_of(rule.id) for rule in rules}


def _columns(
    dataset: Dataset, statuses: Mapping[str, Status], header: Sequence[str], nulls: Mapping[str, int]
) -> Iterable[ColumnResult]:
    by_column: dict[str, list[Status]] = {}
    for rule in dataset.rules:
        by_column.setdefault(rule.column, []).append(statuses[rule.id])
    for column in dataset.columns:
        yield ColumnResult(
            name=column.name,
            status=combined(by_column.get(column.name, ())),
            present=column.name in header,
            nulls=nulls.get(column.name),
        )


def _summary(statuses: Sequence[Status]) -> Summary:
    return Summary(
        rules=len(statuses),
        passed=statuses.count("pass"),
        fail=statuses.count("fail"),
        warn=statuses.count("warn"),
        waived=statuses.count("waived"),
        skip=statuses.count("skip"),
        not_applicable=statuses.count("not_applicable"),
        attest=statuses.count("attest"),
        conformant="fail" not in statuses,
    )


def _options(options: Options) -> dict[str, str | int | float | bool | None]:
    return {
        "tolerance": options.tolerance,
        "selected": options.selected,
        "null_text": options.null_text,
        "max_samples": options.max_samples,
        "fail_on": options.fail_on,
    }
