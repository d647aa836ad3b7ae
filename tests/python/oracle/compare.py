"""The engine's report beside the oracle's verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from focus_validate import validate
from focus_validate.result import Report, RuleResult

from .evaluator import Verdict, column_statuses
from .fuzz import Case
from .reference import columns_of

WITHOUT_ROWS = ("ATT-CustomColumnHandling-A-00", "ATT-DatasetCompleteness", "ATT-FocusColumnHandling-A-00")
"""Rules on the header: their samples name columns, no rows."""

LONGEST = 10_000
"""Longer texts are cut in samples."""

GROUPED = (
    "CAU-AllocatedMethodDetailsObject-O-027-M",
    "CAU-CommitmentDiscountUnit-C-008-M",
    "CAU-ServiceName-C-005-C",
    "CAU-ServiceName-C-008-C",
    "CAU-SkuMeter-C-006-O",
    "CAU-SkuPriceDetails-C-013-O",
    "CAU-SkuPriceDetails-C-014-O",
    "CAU-SkuPriceId-C-008-M",
    "CCT-ContractCommitmentId-C-007-M",
    "IND-InvoiceDetailId-C-004-M",
)
"""Rules over groups: their samples hold the group."""


def engine_report(
    case: Case,
    source: Path | Sequence[Path],
    null_text: str | None = None,
    threads: int = 1,
    table: str | None = None,
) -> Report:
    report = validate(
        source,
        dataset=case.dataset,
        supports=sorted(case.supports),
        selected=case.selected,
        null_text=null_text,
        tolerance=case.tolerance,
        table=table,
        threads=threads,
    )
    check_totals(report)
    return report


def engine_verdicts(report: Report) -> dict[str, Verdict]:
    return {rule.id: verdict_of(rule) for rule in report.rules}


def check_cells(case: Case, report: Report) -> None:
    """Header, rows, nulls and sampled values are those of the text file."""
    assert report.header == case.header
    assert sum(file.rows for file in report.inputs) == len(case.rows)
    nulls = {name: sum(cell_of(case, row, name) is None for row in case.rows) for name in case.header}
    assert {column.name: column.nulls for column in report.columns if column.present} == {
        name: nulls[name] for name in case.header if name in columns_of(case.dataset)
    }
    for rule in report.rules:
        for sample in rule.samples:
            column = sample.column or rule.column
            if column in nulls and rule.id not in GROUPED:
                found = cell_of(case, case.rows[sample.row - 1], column)
                assert sample.value == shortened(found), f"{rule.id} row {sample.row} (seed {case.seed})"


def shortened(text: str | None) -> str | None:
    return text if text is None or len(text) <= LONGEST else text[:LONGEST] + "…"


def cell_of(case: Case, row: Mapping[str, str | None], name: str) -> str | None:
    return None if row[name] == case.null_text else row[name]


def check_totals(report: Report) -> None:
    """Column statuses, summary and conformance follow from the verdicts of the rules."""
    verdicts = engine_verdicts(report)
    statuses = {column.name: column.status for column in report.columns}
    assert statuses == column_statuses(report.dataset, verdicts)
    leaves = Counter(rule.status for rule in report.rules if rule.kind == "leaf")
    summary = msgspec.to_builtins(report.summary)
    assert {status: summary[status] for status in leaves} == dict(leaves)
    assert summary["rules"] == sum(leaves.values())
    assert summary["conformant"] is (leaves["fail"] == 0)


def verdict_of(rule: RuleResult) -> Verdict:
    rows = tuple((s.row, s.column) if rule.id.startswith("ATT-") else s.row for s in rule.samples)
    return Verdict(rule.status, rule.violations, rule.checked, rows)


def differences(case: Case, expected: Mapping[str, Verdict], found: Mapping[str, Verdict]) -> list[str]:
    """One text per rule on which the two disagree, with what is needed to look into it."""
    texts = [f"only one side has {rule}" for rule in sorted(set(expected) ^ set(found))]
    for rule in sorted(set(expected) & set(found)):
        wanted, got = expected[rule], found[rule]
        if wanted.violations is None or rule.startswith(WITHOUT_ROWS):
            wanted, got = wanted._replace(samples=()), got._replace(samples=())
        if wanted != got:
            lines = [f"{rule} (seed {case.seed}, {case.dataset})", f"oracle {wanted}", f"engine {got}"]
            texts.append("\n  ".join([*lines, *evidence(case, rule, wanted, got)]))
    return texts


def evidence(case: Case, rule: str, wanted: Verdict, got: Verdict) -> Iterator[str]:
    """The rows that only one side sampled, with the rule's column and the columns that steer it."""
    own = rule.split("-")[1].removesuffix("Object")
    steering = (
        "ChargeCategory",
        "ChargeClass",
        "SkuPriceId",
        "CommitmentDiscountId",
        "CommitmentDiscountStatus",
    )
    for sample in sorted(set(wanted.samples) ^ set(got.samples), key=str)[:3]:
        number, column = sample if isinstance(sample, tuple) else (sample, own)
        row = case.rows[number - 1]
        cells = {name: row.get(name) for name in (column, *steering) if name in row}
        yield f"row {number}: {cells}"
