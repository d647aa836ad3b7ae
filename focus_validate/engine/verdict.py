"""From findings to the statuses of the leaves, and to the report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import focus_validate
from focus_validate.engine.plan import RulePlan
from focus_validate.engine.readers.table import place
from focus_validate.engine.run import Contents, Finding
from focus_validate.options import Options
from focus_validate.result import (
    InputFile,
    NotFinite,
    Report,
    RuleResult,
    Sample,
    Status,
    Tool,
)
from focus_validate.rollup import roll_up
from focus_validate.spec.checks import is_presence
from focus_validate.spec.model import Catalogue, Dataset, Rule
from focus_validate.versions import gap_to_current

SCHEMA_VERSION = 1


def report(
    catalogue: Catalogue,
    dataset: Dataset,
    options: Options,
    header: Sequence[str],
    files: tuple[InputFile, ...],
    plans: Sequence[RulePlan],
    findings: Mapping[str, Finding],
    identities: Mapping[int, dict[str, str]],
    contents: Contents,
) -> Report:
    """The report of one run; ``identities`` names rows by their number over all files."""
    leaves = {plan.rule.id: _leaf(plan, findings.get(plan.rule.id), files, identities) for plan in plans}
    rules, columns, summary = roll_up(dataset, leaves, _columns(dataset, header, contents.nulls))
    gap = gap_to_current(header, dataset.columns, catalogue.focus_version)
    return Report(
        schema_version=SCHEMA_VERSION,
        tool=Tool("focus-validate", focus_validate.__version__),
        focus_version=catalogue.focus_version,
        dataset=dataset.id,
        inputs=files,
        supports=tuple(sorted(options.supports)),
        options=_options(options),
        summary=summary,
        columns=columns,
        rules=rules,
        header=tuple(header),
        not_asked_for=() if options.selected else tuple(_not_asked_for(dataset, header, plans)),
        made_for=gap.made_for if gap else None,
        not_finite=tuple(
            NotFinite(
                column=column,
                cells=found.violations,
                samples=tuple(_samples(found, files, identities)),
            )
            for column, found in contents.not_finite.items()
        ),
    )


def _not_asked_for(dataset: Dataset, header: Sequence[str], plans: Sequence[RulePlan]) -> Iterable[str]:
    """The mandatory columns that are absent while no flag is declared under which they are due."""
    undeclared = {
        plan.rule.column for plan in plans if plan.status == "not_applicable" and is_presence(plan.rule.check)
    }
    for column in dataset.columns:
        if column.feature_level == "Mandatory" and column.name in undeclared and column.name not in header:
            yield column.name


def _leaf(
    plan: RulePlan,
    finding: Finding | None,
    files: tuple[InputFile, ...],
    identities: Mapping[int, dict[str, str]],
) -> RuleResult:
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
        samples=tuple(_samples(finding, files, identities)) if finding else (),
    )


def _verdict(rule: Rule, finding: Finding) -> Status:
    if not finding.violations or rule.level == "none":
        return "pass"
    return "fail" if rule.level == "fail" and finding.hard else "warn"


def _samples(
    finding: Finding, files: tuple[InputFile, ...], identities: Mapping[int, dict[str, str]]
) -> Iterable[Sample]:
    for found in finding.samples:
        row, file = place(files, found.number)
        yield Sample(
            row=row,
            value=found.value,
            file=file,
            column=found.column,
            identity=identities.get(found.number, {}),
        )


def _columns(
    dataset: Dataset, header: Sequence[str], nulls: Mapping[str, int]
) -> list[tuple[str, bool, int | None]]:
    """Per column of the dataset: its name, whether it is there, how many nulls it has."""
    return [(column.name, column.name in header, nulls.get(column.name)) for column in dataset.columns]


def _options(options: Options) -> dict[str, str | int | float | bool | None]:
    return {
        "tolerance": options.tolerance.formula,
        "selected": options.selected,
        "null_text": options.null_text,
        "delimiter": options.delimiter,
        "encoding": options.encoding,
        "table": options.table,
        "partitions": options.partitions,
        "max_samples": options.max_samples,
        "fail_on": options.fail_on,
    }
