"""The queries for one table: a row per rule from one scan, a query more for each rule over groups of rows."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from focus_validate.engine.expressions import (
    FALSE,
    Exists,
    Product,
    conjunction,
    leaves,
    negate,
)
from focus_validate.engine.expressions import Null as IsNull
from focus_validate.engine.plan import (
    AnyRow,
    DuplicateRows,
    GroupMeasure,
    Known,
    Part,
    Planner,
    RowMeasure,
    RulePlan,
)
from focus_validate.engine.readers.table import Field, Kind
from focus_validate.errors import UsageError
from focus_validate.options import ALL, Options
from focus_validate.spec.checks import is_presence, single, walk
from focus_validate.spec.model import Catalogue, Dataset, Rule
from focus_validate.text import escape, join_words
from focus_validate.tolerance import USUAL
from focus_validate.warehouse.dialects import DIALECTS, Dialect
from focus_validate.warehouse.predicates import SEEN, Predicates, UndecidableError

_KINDS: dict[str, Kind] = {"String": "text", "JSON": "text", "Decimal": "decimal", "Date/Time": "timestamp"}
_HEADER_CHECKS = frozenset({"header_order", "focus_columns", "custom_columns", "no_duplicate_rows"})
_WIDTH = 110
_BY_TYPE = "follows from the types of the columns: it holds if they are those above"
_BY_HEADER = "depends on which columns the table has, and in what order: name them with --columns"


@dataclass(frozen=True, slots=True)
class Counts:
    """What one rule yields, as SQL over aggregates; ``soft`` violations only warn."""

    checked: str
    violations: str
    soft: str = "0"
    undecided: str = "0"


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for.

    ``table`` is a name in parts separated by dots. ``columns`` are those of the table in order, None: those
    of the dataset. ``scale`` is that of the decimal columns, None: not known.
    """

    dialect: str
    table: str
    options: Options
    columns: tuple[str, ...] | None = None
    scale: int | None = None


class Queries:
    """Sorts the rules of a dataset into those of the scan, those with a query of their own, and the rest."""

    def __init__(self, catalogue: Catalogue, dataset: Dataset, request: Request) -> None:
        self._dialect: Dialect = DIALECTS[request.dialect]()
        self._dataset = dataset
        self._request = request
        self._official = {flag.name for flag in catalogue.flags if flag.official}
        self._table = self._dialect.table(request.table)
        fields = _fields(dataset, self._dialect, request)
        self._fields = {field.name: field for field in fields}
        self._predicates = Predicates(self._dialect, self._fields)
        self._aggregates: dict[str, str] = {"count(*)": "c0"}
        self._scan: list[tuple[Rule, Counts]] = []
        self._single: list[tuple[Rule, str]] = []
        self._left: dict[str, list[str]] = {}
        for plan in Planner(catalogue, dataset, fields, typed=True, options=request.options).plan():
            try:
                self._add(plan)
            except UndecidableError as reason:
                self._left.setdefault(str(reason), []).append(plan.rule.id)

    def text(self) -> str:
        """The script: what it takes for granted, what it leaves out, and the queries."""
        queries = [f"{self._scan_query()};"]
        queries += [f"{_comment(f'{rule.id}: {rule.summary}')}\n{query};" for rule, query in self._single]
        return "\n\n".join([self._preface(), *queries]) + "\n"

    def _add(self, plan: RulePlan) -> None:
        rule, measure = plan.rule, plan.measure
        if plan.status is not None:
            raise UndecidableError(plan.reason or plan.status)
        if self._request.columns is None and _is_about_header(rule):
            raise UndecidableError(_BY_HEADER)
        if isinstance(measure, Known):
            self._scan.append((rule, Counts(str(measure.checked), str(measure.violations))))
        elif isinstance(measure, AnyRow):
            rows = self._count(self._predicates.sql(measure.expression))
            self._scan.append((rule, Counts("1", f"case when {rows} > 0 then 1 else 0 end")))
        elif isinstance(measure, GroupMeasure):
            self._single.append((rule, self._group_query(rule, measure)))
        elif isinstance(measure, DuplicateRows):
            keys = [field.sql for field in self._fields.values()]
            self._single.append((rule, self._grouped(rule, keys, "count(*)", "true", "n > 1")))
        elif isinstance(measure, RowMeasure):
            self._add_rows(rule, measure)

    def _add_rows(self, rule: Rule, measure: RowMeasure) -> None:
        found = [leaf for part in measure.parts for leaf in leaves(part.violates) if isinstance(leaf, Exists)]
        if found:
            self._single.append((rule, self._exists_query(rule, measure, found)))
            return
        counts = self._row_counts(measure.parts)
        by_type = all(part.violates == FALSE for part in measure.parts) and rule.level != "none"
        if by_type or any("type" in check for check in walk(rule.check or {"all": []})):
            raise UndecidableError(_BY_TYPE)
        self._scan.append((rule, counts))

    def _row_counts(self, parts: Sequence[Part]) -> Counts:
        written = [
            (self._predicates.sql(part.checked), self._predicates.sql(part.violates), part) for part in parts
        ]
        strict = {
            part: self._predicates.sql(part.violates, lenient=False) for part in parts if _is_close(part)
        }
        violations = [self._count(violates) for _, violates, _ in written]
        return Counts(
            checked=_sum(self._count(checked) for checked, _, _ in written),
            violations=_sum(violations),
            soft=_sum(count for count, (_, _, part) in zip(violations, written, strict=True) if part.soft),
            undecided=_sum(
                f"{self._count(strict[part])} - {self._count(violates)}"
                for _, violates, part in written
                if part in strict
            ),
        )

    def _count(self, condition: str) -> str:
        """The name of the aggregate that counts the rows where ``condition`` holds."""
        if condition == "false":
            return "0"
        aggregate = "count(*)" if condition == "true" else self._dialect.count_if(condition)
        return self._aggregates.setdefault(aggregate, f"c{len(self._aggregates)}")

    def _scan_query(self) -> str:
        """Constants are joined to the one row of counts, so that the table is read once."""
        aggregates = ",\n".join(f"        {sql} as {alias}" for sql, alias in self._aggregates.items())
        rules = "\n        union all ".join(
            f"select {number} as n, {self._dialect.literal(rule.id)} as rule_id,"
            f" {self._dialect.literal(rule.keyword)} as keyword, {self._dialect.literal(rule.level)} as level"
            for number, (rule, _) in enumerate(self._scan)
        )
        columns = ",\n".join(
            f"        {self._chosen([getattr(counts, name) for _, counts in self._scan])} as {name}"
            for name in ("checked", "violations", "soft", "undecided")
        )
        return (
            f"{_comment('A row per rule, from one scan of the table.')}\n"
            f"select\n    rule_id,\n    keyword,\n    {_STATUS} as status,\n    checked,\n    violations,\n"
            "    undecided\n"
            "from (\n    select\n        rules.rule_id,\n        rules.keyword,\n        rules.level,\n"
            f"{columns}\n"
            f"    from (\n        select\n{aggregates}\n        from {self._table}\n    ) as counts\n"
            f"    cross join (\n        {rules}\n    ) as rules\n) as results\norder by rule_id"
        )

    def _chosen(self, values: Sequence[str]) -> str:
        """The value for the rule at hand, by its number; 0 for the rules that are not named."""
        numbers: dict[str, list[str]] = {}
        for number, value in enumerate(values):
            if value != "0":
                numbers.setdefault(value, []).append(str(number))
        cases = "".join(
            f"\n            when rules.n in ({', '.join(several)}) then {value}"
            for value, several in numbers.items()
        )
        return f"case{cases}\n            else 0\n        end" if cases else "0"

    def _group_query(self, rule: Rule, measure: GroupMeasure) -> str:
        if measure.kind == "ratio_sum":
            raise UndecidableError("JSON documents are parsed strictly, outside SQL")
        given = [negate(IsNull(key)) for key in measure.keys]
        condition = self._predicates.sql(conjunction([measure.condition, *given]))
        keys = [self._fields[key].sql for key in measure.keys]
        if measure.kind == "no_duplicates":
            return self._grouped(rule, keys, "count(*)", condition, "n > 1")
        partners = f"count(distinct {self._fields[measure.of].sql})"
        return self._grouped(rule, keys, partners, condition, f"n not in (0, {measure.count})")

    def _grouped(self, rule: Rule, keys: Sequence[str], measured: str, condition: str, wrong: str) -> str:
        where = "" if condition == "true" else f"\n    where {condition}"
        source = f"select {measured} as n\n    from {self._table}{where}\n    group by {', '.join(keys)}"
        return self._one_rule(rule, f"(\n    {source}\n) as groups_found", wrong, "true")

    def _exists_query(self, rule: Rule, measure: RowMeasure, found: Sequence[Exists]) -> str:
        if len(measure.parts) != 1 or len(set(found)) != 1:
            raise UndecidableError("it looks up several columns at once")
        column, where = (self._fields[name].sql for name in (found[0].column, found[0].where))
        source = (
            f"{self._table} as table_checked\nleft join (\n    select distinct {where} as {SEEN}\n"
            f"    from {self._table}\n) as table_seen on table_checked.{column} = table_seen.{SEEN}"
        )
        part = measure.parts[0]
        return self._one_rule(
            rule, source, self._predicates.sql(part.violates), self._predicates.sql(part.checked), part.soft
        )

    def _one_rule(self, rule: Rule, source: str, wrong: str, checked: str, soft: bool = False) -> str:
        violations = self._dialect.count_if(wrong)
        bad = "fail" if rule.level == "fail" and not soft else "warn"
        every = "count(*)" if checked == "true" else self._dialect.count_if(checked)
        return (
            f"select\n    {self._dialect.literal(rule.id)} as rule_id,\n"
            f"    {self._dialect.literal(rule.keyword)} as keyword,\n"
            f"    case when {violations} > 0 then '{bad}' else 'pass' end as status,\n"
            f"    {every} as checked,\n    {violations} as violations,\n    0 as undecided\nfrom {source}"
        )

    def _preface(self) -> str:
        request, dialect = self._request, self._dialect
        names = {kind: [f.name for f in self._fields.values() if f.kind == kind] for kind in _TYPES}
        types = [
            f"{getattr(dialect, attribute)}: {join_words([escape(name) for name in names[kind]])}"
            for kind, attribute in _TYPES.items()
            if names[kind]
        ]
        paragraphs = [
            f"FOCUS 1.4, {self._dataset.name}: checks of {escape(request.table)} in {dialect.name}.",
            "Taken for granted are columns of these types, JSON as text, times in UTC, and text compared by"
            " bytes:",
            *types,
            f"Products may differ by {request.options.tolerance.formula}, r having d decimals.",
            "status: fail, warn or pass, or undecided where rows are too close to a tolerance to tell.",
            "A rule that stands for others is as strong as they are and has no row of its own.",
            "Left out are the rules below. Those that data can decide are decided on an export of the table:"
            f" focus-validate check EXPORT.parquet {self._choices()}",
        ]
        left = [
            _comment(f"{reason} ({len(rules)}): {', '.join(rules)}") for reason, rules in self._left.items()
        ]
        return "\n--\n".join([*map(_comment, paragraphs), *left])

    def _choices(self) -> str:
        """The options of ``check`` that mean the same run."""
        declared = set(self._request.options.supports)
        if self._official <= declared:
            declared = (declared - self._official) | {ALL}
        supports = [f"--supports {','.join(sorted(declared))}"] if declared else []
        options = self._request.options
        selected = ["--selected"] if options.selected else []
        tolerance = [] if options.tolerance == USUAL else [f"--tolerance {options.tolerance.pair}"]
        return " ".join([f"--dataset {self._dataset.id}", *supports, *selected, *tolerance])


_TYPES = {"text": "text", "decimal": "decimal", "timestamp": "timestamp"}
_STATUS = (
    "case when level = 'fail' and violations > soft then 'fail' when undecided > 0 then 'undecided'"
    " when violations > 0 then 'warn' else 'pass' end"
)


def _fields(dataset: Dataset, dialect: Dialect, request: Request) -> list[Field]:
    """The columns of the table with the types that FOCUS gives them; custom ones are of an unknown type."""
    known = {column.name: column for column in dataset.columns}
    names = list(known) if request.columns is None else list(request.columns)
    for name in names:
        if not name.isprintable() or not name.strip() or names.count(name) > 1:
            problem = "stands twice in" if names.count(name) > 1 else "is no column name in"
            raise UsageError(f"'{escape(name)}' {problem} --columns: name each column of the table once")
    return [
        Field(
            name,
            dialect.identifier(name),
            kind := _KINDS[known[name].data_type] if name in known else "other",
            scale=request.scale if kind == "decimal" else None,
        )
        for name in names
    ]


def _is_about_header(rule: Rule) -> bool:
    """Whether a verdict needs the columns of the table, custom ones and their order included."""
    if rule.check is None:
        return False
    key, argument = single(rule.check)
    if is_presence(rule.check) or key != "special":
        return is_presence(rule.check)
    custom = argument["name"] == "each_column" and bool(argument["select"].get("custom"))
    return custom or argument["name"] in _HEADER_CHECKS


def _is_close(part: Part) -> bool:
    return any(isinstance(leaf, Product) for leaf in leaves(part.violates))


def _sum(terms: Iterator[str] | Sequence[str]) -> str:
    return " + ".join(term for term in terms if term != "0") or "0"


def _comment(text: str) -> str:
    return "\n".join(
        f"-- {line}"
        for line in textwrap.wrap(text, _WIDTH - 3, break_long_words=False, break_on_hyphens=False)
    )
