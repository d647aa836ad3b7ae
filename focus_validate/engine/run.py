"""Carrying out a plan on one table: judge distinct texts, count, find the first offending rows."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from focus_validate.engine.counts import Counter
from focus_validate.engine.distinct import (
    Distinct,
    Groups,
    Judging,
    group_counts,
    group_keys,
    group_text,
    ratio_groups,
    store_groups,
)
from focus_validate.engine.expressions import (
    TRUE,
    Exists,
    Expression,
    IsNumber,
    Judged,
    Null,
    conjunction,
    disjunction,
    leaves,
    negate,
)
from focus_validate.engine.judges.registry import Judges
from focus_validate.engine.layers import Answers, Layers
from focus_validate.engine.plan import (
    AnyRow,
    DuplicateRows,
    GroupMeasure,
    Known,
    Measure,
    Part,
    RowMeasure,
    RulePlan,
)
from focus_validate.engine.readers.table import Table
from focus_validate.engine.render import Dialect, Leaves
from focus_validate.engine.samples import HEAD, IDENTITIES, Cells, Sampler
from focus_validate.engine.stake import broken_groups, money_at_stake
from focus_validate.options import Progress
from focus_validate.result import MoneyAtStake, Value
from focus_validate.spec.model import Catalogue, Dataset, Rule
from focus_validate.text import count

if TYPE_CHECKING:
    from focus_validate.engine.session import Session


_REPEATED = "repeated_rows"
_SALTS = ("", "again")
"""Two hashes of a whole row: rows that agree in both are the same."""


class Found(msgspec.Struct, frozen=True):
    """One offending row over all files, the value shown, and the column to name, if any."""

    number: int
    value: Value
    column: str | None = None


class Finding(msgspec.Struct):
    """What was measured for one rule; ``hard`` are the violations that do more than warn."""

    violations: int
    checked: int
    hard: int
    detail: str | None = None
    samples: list[Found] = msgspec.field(default_factory=list)


class Contents(msgspec.Struct, frozen=True):
    """What FOCUS columns hold beside what rules ask: nulls by column, and what is NaN or infinite."""

    nulls: Mapping[str, int]
    not_finite: Mapping[str, Finding]


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
        self._counts: dict[Expression, int] = {}
        self._groups: dict[GroupMeasure, Groups] = {}

    def findings(self, plans: Sequence[RulePlan]) -> tuple[dict[str, Finding], Contents]:
        """The finding of each measured rule, and what else the FOCUS columns hold that are present.

        What needs no judge is counted while distinct texts are judged, if several queries can read the table.
        """
        known = {column.name for column in self._dataset.columns}
        present = [each.name for each in self._table.fields if each.name in known]
        whole_rows = any(isinstance(plan.measure, DuplicateRows) for plan in plans)
        not_finite = {column: self._not_finite(column) for column in present if self._is_floating(column)}
        expressions = [each for plan in plans for each in _expressions(plan)]
        expressions += [*map(Null, present), *not_finite.values()]
        counter = Counter(
            self._session,
            self._writer,
            self._answers,
            self._table.relation,
            self._table.rows,
            self._row_hash("") if whole_rows else None,
        )
        works: list[Callable[[], object]] = [lambda: self._judge(expressions, plans)]
        if self._session.ways > 1:
            works.append(lambda: counter.count(filter(_needs_no_judge, expressions)))
        self._progress("reading distinct values", 0.1)
        self._session.together(*works)
        self._progress("checking rows", 0.4)
        self._counts = counter.count(expressions)
        findings = {
            plan.rule.id: self._finding(plan, counter.distinct_keys)
            for plan in plans
            if plan.measure is not None
        }
        nulls = {column: self._counts[Null(column)] for column in present}
        return findings, Contents(nulls, self._found(not_finite, nulls))

    def _is_floating(self, column: str) -> bool:
        data_type = next(known.data_type for known in self._dataset.columns if known.name == column)
        return data_type == "Decimal" and self._writer.fields[column].kind == "float"

    def _not_finite(self, column: str) -> Expression:
        return conjunction([negate(Null(column)), negate(IsNumber(column))])

    def _found(self, wanted: Mapping[str, Expression], nulls: Mapping[str, int]) -> dict[str, Finding]:
        """The columns in which a row fulfils the expression, with the first such rows."""
        totals = {each: self._counts[each] for each in wanted.values() if self._counts[each]}
        found = {
            column: Finding(totals[each], self._table.rows - nulls[column], totals[each])
            for column, each in wanted.items()
            if each in totals
        }
        if found and self._limit:
            sampler = Sampler(self._session, self._writer, self._answers, self._table, self._limit)
            numbers = sampler.rows(totals)
            shown = {number: set(found) for rows in numbers.values() for number in rows}
            cells = self._cells(sampler, shown)
            for column, finding in found.items():
                rows = numbers[wanted[column]]
                finding.samples = [Found(row, cells[row].value(row, column)) for row in rows]
        return found

    def _judge(self, expressions: Iterable[Expression], plans: Iterable[RulePlan]) -> None:
        """Find the distinct texts and groups, let Python judge the texts and count the groups."""
        measures = [plan.measure for plan in plans if isinstance(plan.measure, GroupMeasure)]
        judging = Judging((leaf for each in expressions for leaf in leaves(each)), self._judges)
        distinct = Distinct(
            self._session,
            self._writer,
            self._table.relation,
            self._table.rows,
            [*judging.key_sets(), *map(group_keys, measures)],
        )
        judging.answer(self._answers, self._session, self._writer, distinct)
        counted = [measure for measure in measures if measure.kind != "ratio_sum"]
        self._groups.update(group_counts(self._session, distinct, counted))
        self._groups.update({each: self._ratios(each, distinct) for each in measures if each not in counted})

    def _ratios(self, measure: GroupMeasure, distinct: Distinct) -> Groups:
        is_valid = self._judges.judge(
            Judged("json_schema", (measure.of,), (("schema", self._schema(measure.of)),))
        )
        wrong, checked = ratio_groups(distinct, measure, is_valid, self._writer.fields[measure.of])
        return Groups(len(wrong), checked, store_groups(self._session, wrong) if wrong else "")

    def _schema(self, column: str) -> str:
        return next(known.schema or "" for known in self._dataset.columns if known.name == column)

    def _row_hash(self, salt: str) -> str:
        """Nested cells as text: the engine gives a null object the hash of one whose fields are all null."""
        cells = [
            self._writer.text(each.name) if each.kind in ("object", "list") else each.sql
            for each in self._table.fields
        ]
        return f"hash({', '.join([*cells, repr(salt)] if salt else cells)})"

    def _finding(self, plan: RulePlan, distinct_rows: int | None) -> Finding:
        measure = plan.measure
        if isinstance(measure, RowMeasure):
            return _row_finding(measure, self._counts)
        if isinstance(measure, AnyRow):
            return _any_row_finding(self._counts[measure.expression])
        if isinstance(measure, GroupMeasure):
            groups = self._groups[measure]
            return Finding(groups.wrong, groups.checked, groups.wrong)
        if isinstance(measure, DuplicateRows):
            assert distinct_rows is not None
            return self._duplicates(distinct_rows)
        assert isinstance(measure, Known)
        return _known_finding(measure, plan.rule)

    def _duplicates(self, distinct_rows: int) -> Finding:
        if distinct_rows == self._table.rows:
            return Finding(0, distinct_rows, 0)
        keys = [self._row_hash(salt) for salt in _SALTS]
        grouped = (
            f"select {keys[0]} as k0, {keys[1]} as k1, count(*) as n"
            f" from {self._table.relation} group by 1, 2"
        )
        self._session.execute(f"create table {_REPEATED} as from ({grouped}) where n > 1")
        repeated, surplus = self._session.row(f"select count(*), coalesce(sum(n - 1), 0) from {_REPEATED}")
        return Finding(repeated, self._table.rows - int(surplus), repeated)

    def add_samples(
        self, plans: Sequence[RulePlan], findings: Mapping[str, Finding]
    ) -> dict[int, dict[str, str]]:
        """Give findings their first offending rows; what names these rows, by their number over all files."""
        sampler = Sampler(self._session, self._writer, self._answers, self._table, self._limit)
        broken = [plan for plan in plans if plan.rule.id in findings and findings[plan.rule.id].violations]
        parts = {plan.rule.id: self._broken_parts(plan.measure) for plan in broken}
        totals = {part.violates: self._counts[part.violates] for each in parts.values() for part in each}
        grouped = [plan for plan in broken if isinstance(plan.measure, GroupMeasure | DuplicateRows)]
        numbers, *groups = self._session.together(
            lambda: sampler.rows(totals),
            *(partial(self._groups_found, sampler, plan, findings) for plan in grouped),
        )
        for plan, rows in zip(grouped, groups, strict=True):
            findings[plan.rule.id].samples = rows
        shown: dict[int, set[str]] = {row.number: set() for rows in groups for row in rows}
        for part in (part for each in parts.values() for part in each):
            for number in numbers[part.violates]:
                shown.setdefault(number, set()).update([part.column] if part.column else [])
        cells = self._cells(sampler, shown)
        for rule, several in parts.items():
            if several:
                findings[rule].samples = self._shown(several, numbers, cells)
        return {number: each.identity(number) for number, each in cells.items()}

    def _cells(self, sampler: Sampler, shown: Mapping[int, set[str]]) -> dict[int, Cells]:
        """The columns ``shown`` of each row, and what names it; few are needed of rows deep in the file."""
        naming = [column for column in IDENTITIES.get(self._dataset.id, ()) if column in self._writer.fields]
        near = {number: columns for number, columns in shown.items() if number <= HEAD}
        far = {number: columns for number, columns in shown.items() if number > HEAD}
        found = self._session.together(
            *(
                partial(sampler.cells, rows, set().union(*rows.values()), naming)
                for rows in (near, far)
                if rows
            )
        )
        return {number: cells for cells in found for number in cells.rows}

    def _broken_parts(self, measure: Measure | None) -> list[Part]:
        parts = measure.parts if isinstance(measure, RowMeasure) else ()
        return [part for part in parts if self._counts[part.violates]]

    def _shown(
        self,
        parts: Iterable[Part],
        numbers: Mapping[Expression, Sequence[int]],
        cells: Mapping[int, Cells],
    ) -> list[Found]:
        rows = [
            Found(
                number,
                None if part.column is None else cells[number].value(number, part.column),
                part.column if part.named else None,
            )
            for part in parts
            for number in numbers[part.violates]
        ]
        return sorted(rows, key=lambda row: (row.number, row.column or ""))[: self._limit]

    def _groups_found(self, sampler: Sampler, plan: RulePlan, findings: Mapping[str, Finding]) -> list[Found]:
        total = findings[plan.rule.id].violations
        if isinstance(plan.measure, GroupMeasure):
            keys = [self._writer.text(key) for key in plan.measure.keys]
            rows = sampler.groups(self._groups[plan.measure].source, keys, plan.measure.condition, total)
            return [Found(number, group_text(group)) for number, *group in rows]
        rows = sampler.groups(_REPEATED, [self._row_hash(salt) for salt in _SALTS], TRUE, total)
        return [Found(number, None) for number, *_ in rows]

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
            return broken_groups(keys, layers.sql(measure.condition), self._groups[measure].source)
        return None


def _needs_no_judge(expression: Expression) -> bool:
    return not any(isinstance(leaf, Judged | Exists) for leaf in leaves(expression))


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
