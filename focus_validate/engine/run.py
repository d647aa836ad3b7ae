"""Carrying out a plan on one table: judge distinct texts, count, find the first offending rows."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from focus_validate.engine.counts import Counter
from focus_validate.engine.distinct import (
    Distinct,
    Judging,
    group_counts,
    group_keys,
    group_text,
    ratio_groups,
    store_groups,
    wrong_groups,
)
from focus_validate.engine.expressions import TRUE, Expression, Judged, Null, disjunction, leaves
from focus_validate.engine.judges.registry import Judges
from focus_validate.engine.layers import Answers, Layers
from focus_validate.engine.plan import (
    AnyRow,
    DuplicateRows,
    GroupMeasure,
    Known,
    Measure,
    RowMeasure,
    RulePlan,
)
from focus_validate.engine.readers.table import Table
from focus_validate.engine.render import Dialect, Leaves
from focus_validate.engine.samples import Found, Sampler, Wanted
from focus_validate.engine.stake import broken_groups, money_at_stake
from focus_validate.options import Progress
from focus_validate.result import MoneyAtStake
from focus_validate.spec.model import Catalogue, Dataset, Rule
from focus_validate.text import count

if TYPE_CHECKING:
    from focus_validate.engine.session import Session


class Finding(msgspec.Struct):
    """What was measured for one rule.

    ``hard`` are the violations that do more than warn; ``samples`` pair a row with the column to name, if
    any.
    """

    violations: int
    checked: int
    hard: int
    detail: str | None = None
    samples: list[tuple[Found, str | None]] = msgspec.field(default_factory=list)


class Run:
    """One evaluation of planned rules."""

    def __init__(
        self,
        session: Session,
        table: Table,
        catalogue: Catalogue,
        dataset: Dataset,
        max_samples: int,
        progress: Progress,
    ) -> None:
        self._session = session
        self._table = table
        self._dataset = dataset
        self._limit = max_samples
        self._progress = progress
        self._judges = Judges(catalogue, dataset)
        self._writer = Leaves(
            dialect=Dialect(),
            fields={each.name: each for each in table.fields},
            minor_units=_unusual_minor_units(catalogue),
            encoded=table.encoded,
        )
        self._answers = Answers()
        self._wrong_groups: dict[GroupMeasure, str] = {}

    def findings(self, plans: Sequence[RulePlan]) -> tuple[dict[str, Finding], dict[str, int]]:
        """The finding of each measured rule, and the nulls of each FOCUS column that is present."""
        expressions = [each for plan in plans for each in _expressions(plan)]
        groups = [plan.measure for plan in plans if isinstance(plan.measure, GroupMeasure)]
        judging = Judging((leaf for each in expressions for leaf in leaves(each)), self._judges)
        self._progress("reading distinct values", 0.1)
        key_sets = [*judging.key_sets(), *map(group_keys, groups)]
        distinct = Distinct(self._session, self._writer, self._table.relation, self._table.rows, key_sets)
        answers = self._answers = judging.answers(self._session, self._writer, distinct)
        self._progress("checking rows", 0.4)
        counts, nulls, distinct_rows = self._count(expressions, answers, plans)
        self._progress("finding the rows to show", 0.8)
        sampler = Sampler(self._session, self._writer, answers, self._table, self._limit)
        findings: dict[str, Finding] = {}
        for plan in plans:
            measure = plan.measure
            if isinstance(measure, RowMeasure):
                findings[plan.rule.id] = _row_finding(measure, counts)
            elif isinstance(measure, Known):
                findings[plan.rule.id] = _known_finding(measure, plan.rule)
            elif isinstance(measure, AnyRow):
                findings[plan.rule.id] = _any_row_finding(counts[measure.expression])
            elif isinstance(measure, GroupMeasure):
                findings[plan.rule.id] = self._group_finding(measure, distinct, sampler)
            elif isinstance(measure, DuplicateRows):
                findings[plan.rule.id] = self._duplicate_finding(distinct_rows, sampler)
        self._sample_rows(plans, findings, counts, sampler)
        return findings, nulls

    def identities(self, findings: Mapping[str, Finding]) -> dict[int, dict[str, str]]:
        """What names the rows that samples show, by their number over all files."""
        numbers = {row.number for finding in findings.values() for row, _ in finding.samples}
        sampler = Sampler(self._session, self._writer, self._answers, self._table, self._limit)
        return sampler.identities(numbers, self._dataset.id)

    def money_at_stake(self, plans: Sequence[RulePlan], failed: Container[str]) -> MoneyAtStake | None:
        """What the rows cost that break the ``failed`` rules, after ``findings``; None if no row does.

        A missing column and whatever else the header breaks is on no row.
        """
        layers = Layers(self._writer, self._answers)
        broken = {
            plan.rule.id: sql
            for plan in plans
            if plan.rule.id in failed and (sql := self._broken_rows(plan.measure, layers)) is not None
        }
        return money_at_stake(self._session, self._writer, layers, self._table, broken)

    def _broken_rows(self, measure: Measure | None, layers: Layers) -> str | None:
        """SQL that is true on the rows that break a rule."""
        if isinstance(measure, RowMeasure):
            hard = disjunction(part.violates for part in measure.parts if not part.soft)
            return layers.sql(self._answers.folded(hard))
        if isinstance(measure, GroupMeasure):
            keys = [self._writer.text(key) for key in measure.keys]
            return broken_groups(keys, layers.sql(measure.condition), self._wrong_groups[measure])
        return None

    def _count(
        self, expressions: list[Expression], answers: Answers, plans: Sequence[RulePlan]
    ) -> tuple[dict[Expression, int], dict[str, int], int]:
        """Rows per expression, nulls per FOCUS column, and distinct whole rows if a rule asks for them."""
        known = {column.name for column in self._dataset.columns}
        present = [each.name for each in self._table.fields if each.name in known]
        whole_rows = any(isinstance(plan.measure, DuplicateRows) for plan in plans)
        further = [f"count(distinct {self._row_hash('')})"] if whole_rows else []
        counter = Counter(self._session, self._writer, answers, self._table.relation, self._table.rows)
        counts, extra = counter.count([*expressions, *map(Null, present)], further)
        return counts, {column: counts[Null(column)] for column in present}, extra[0] if extra else 0

    def _row_hash(self, salt: str) -> str:
        cells = [each.sql for each in self._table.fields]
        return f"hash({', '.join([*cells, repr(salt)] if salt else cells)})"

    def _sample_rows(
        self,
        plans: Sequence[RulePlan],
        findings: dict[str, Finding],
        counts: dict[Expression, int],
        sampler: Sampler,
    ) -> None:
        wanted: dict[str, list[tuple[Wanted, str | None]]] = {}
        for plan in plans:
            if isinstance(plan.measure, RowMeasure):
                wanted[plan.rule.id] = [
                    (
                        Wanted(part.violates, part.column, counts[part.violates]),
                        part.column if part.named else None,
                    )
                    for part in plan.measure.parts
                    if counts[part.violates]
                ]
        found = sampler.rows(list(dict.fromkeys(each for several in wanted.values() for each, _ in several)))
        for rule, several in wanted.items():
            rows = [(row, name) for each, name in several for row in found[each]]
            rows.sort(key=lambda row: (row[0].number, row[1] or ""))
            findings[rule].samples = rows[: self._limit]

    def _group_finding(self, measure: GroupMeasure, distinct: Distinct, sampler: Sampler) -> Finding:
        if measure.kind == "ratio_sum":
            is_valid = self._judges.judge(
                Judged("json_schema", (measure.of,), (("schema", self._schema(measure.of)),))
            )
            wrong, checked = ratio_groups(distinct, measure, is_valid, self._writer.fields[measure.of])
            violations = len(wrong)
            source = store_groups(self._session, wrong) if wrong else ""
        else:
            violations, checked = group_counts(self._session, distinct, measure)
            source = wrong_groups(distinct, measure)
        self._wrong_groups[measure] = source
        finding = Finding(violations, checked, violations)
        if violations:
            keys = [self._writer.text(key) for key in measure.keys]
            rows = sampler.groups(source, keys, measure.condition, violations)
            finding.samples = [(Found(number, group_text(group)), None) for number, *group in rows]
        return finding

    def _schema(self, column: str) -> str:
        return next(known.schema or "" for known in self._dataset.columns if known.name == column)

    def _duplicate_finding(self, distinct_rows: int, sampler: Sampler) -> Finding:
        if distinct_rows == self._table.rows:
            return Finding(0, distinct_rows, 0)
        keys = [self._row_hash(salt) for salt in ("", "again")]
        grouped = (
            f"select {keys[0]} as k0, {keys[1]} as k1, count(*) as n"
            f" from {self._table.relation} group by 1, 2"
        )
        self._session.execute(f"create table repeated_rows as from ({grouped}) where n > 1")
        repeated, surplus = self._session.row("select count(*), coalesce(sum(n - 1), 0) from repeated_rows")
        checked = self._table.rows - int(surplus)
        finding = Finding(repeated, checked, repeated)
        if repeated:
            rows = sampler.groups("repeated_rows", keys, TRUE, repeated)
            finding.samples = [(Found(number, None), None) for number, *_ in rows]
        return finding


def _expressions(plan: RulePlan) -> list[Expression]:
    if isinstance(plan.measure, RowMeasure):
        return [each for part in plan.measure.parts for each in (part.violates, part.checked)]
    return [plan.measure.expression] if isinstance(plan.measure, AnyRow) else []


def _known_finding(measure: Known, rule: Rule) -> Finding:
    violations = 0 if rule.level == "none" else measure.violations
    return Finding(violations, measure.checked, violations, measure.detail)


def _any_row_finding(rows: int) -> Finding:
    if not rows:
        return Finding(0, 1, 0, "the column is absent; no row needs it")
    return Finding(1, 1, 1, f"the column is absent and {count(rows, 'row needs', 'rows need')} it")


def _row_finding(measure: RowMeasure, counts: dict[Expression, int]) -> Finding:
    return Finding(
        violations=sum(counts[part.violates] for part in measure.parts),
        checked=sum(counts[part.checked] for part in measure.parts),
        hard=sum(counts[part.violates] for part in measure.parts if not part.soft),
    )


def _unusual_minor_units(catalogue: Catalogue) -> dict[int, tuple[str, ...]]:
    units = {currency.minor_units for currency in catalogue.currencies} - {2}
    return {
        unit: tuple(currency.code for currency in catalogue.currencies if currency.minor_units == unit)
        for unit in units
    }
