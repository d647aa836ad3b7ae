"""The oracle: every rule of a dataset, evaluated row by row straight from the reference folder."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from . import attributes, checks, presence, reference, rulings, special
from .numeric import from_text
from .reference import Rule
from .table import Row, Table

SAMPLES = 5
USUAL = "0.5,1e-9"
ROLL_UP = ("fail", "warn", "pass", "skip", "attest", "not_applicable")
STATUS_COLUMN = "CommitmentDiscountStatus"


class Verdict(NamedTuple):
    """Status and counts of one rule; composites carry no counts. ``samples`` are 1-based row numbers,
    with the column for attribute rules."""

    status: str
    violations: int | None
    checked: int | None
    samples: tuple[Any, ...] = ()


class Run:
    """One evaluation: the table, what the vendor declared, and the rules that apply."""

    def __init__(self, table: Table, dataset: str, supports: Collection[str], selected: bool) -> None:
        self.table = table
        self.dataset = dataset
        self.supports = frozenset(supports)
        self.selected = selected
        self.rules, self.conditions = rules_of(dataset)
        self.present = frozenset(table.header)
        self.library = reference.columns_of(dataset)
        self.exempt = {rule: number for number in rulings.EXEMPTIONS for rule in rulings.EXEMPTIONS[number]}
        self.breaking = {
            number: self.rows_that_break(number) for number in rulings.EXEMPTIONS if number in self.rules
        }

    def condition_holds(self, rule_id: str, row: Row) -> bool:
        return all(checks.holds(condition, row) for condition in self.conditions[rule_id])

    def missing(self, rule: Rule) -> set[str]:
        """Columns that the rule, its condition or its check mention and the table lacks."""
        conditions = {name for when in self.conditions[rule.id] for name in checks.columns(when)}
        if not {"CommitmentDiscountId", STATUS_COLUMN} & self.present:
            conditions.discard(STATUS_COLUMN)
        mentioned = conditions | checks.columns(rule.check)
        if rule.column in self.library:
            mentioned.add(rule.column)
        return mentioned - self.present

    def rows_that_break(self, rule_id: str) -> frozenset[int]:
        """Row numbers that break a nullability rule; none when a column of it is absent."""
        rule = self.rules[rule_id]
        if self.missing(rule):
            return frozenset()
        return frozenset(
            number
            for number, row in enumerate(self.table.rows, 1)
            if self.condition_holds(rule_id, row)
            and not checks.passes(rule.check, row, self.table, self.library)
        )

    def evaluate(self) -> dict[str, Verdict]:
        verdicts = {rule.id: self.leaf(rule) for rule in self.rules.values() if not rule.children}
        for rule in self.rules.values():
            self.composite(rule.id, verdicts)
        return verdicts

    def leaf(self, rule: Rule) -> Verdict:
        if rule.id.startswith("ATT-"):
            return Verdict(*attributes.verdict(rule, self))
        if rule.id in rulings.METADATA | rulings.BUNDLE:
            return Verdict("skip", 0, 0)
        if not isinstance(rule.check, dict):
            return Verdict("attest", 0, 0)
        if "ColumnPresent" in rule.check:
            return Verdict(*presence.verdict(rule, self))
        if not rule.flags <= self.supports:
            return Verdict("not_applicable", 0, 0)
        if self.missing(rule):
            return Verdict("skip", 0, 0)
        if "CheckDistinctCount" in rule.check or special.is_group(rule.check):
            return self.group_verdict(rule)
        return self.row_verdict(rule)

    def row_verdict(self, rule: Rule) -> Verdict:
        checked = 0
        broken: list[int] = []
        by_condition = rule.function == "Nullability"
        let_through = self.breaking.get(self.exempt.get(rule.id, ""), frozenset())
        lenient = rule.is_may or rule.id in rulings.ALWAYS_PASS
        for number, row in enumerate(self.table.rows, 1):
            if not self.condition_holds(rule.id, row) or (row[rule.column] is None and not by_condition):
                continue
            checked += 1
            if lenient or number in let_through:
                continue
            if not checks.passes(rule.check, row, self.table, self.library):
                broken.append(number)
        return Verdict(self.status(rule, len(broken)), len(broken), checked, tuple(broken[:SAMPLES]))

    def group_verdict(self, rule: Rule) -> Verdict:
        numbered = [
            (number, row)
            for number, row in enumerate(self.table.rows, 1)
            if self.condition_holds(rule.id, row)
        ]
        if special.is_group(rule.check):
            broken, groups = special.groups(rule.id, numbered)
        else:
            broken, groups = checks.distinct_groups(rule.check["CheckDistinctCount"], numbered)
        firsts = tuple(sorted(broken)[:SAMPLES])
        return Verdict(self.status(rule, len(broken)), len(broken), groups, firsts)

    def status(self, rule: Rule, violations: int) -> str:
        if not violations:
            return "pass"
        weakened = rule.id in rulings.ONLY_WARN or (
            rule.id in rulings.WARN_UNDER_VIRTUAL_CURRENCY and "VIRTUAL_CURRENCY_SUPPORTED" in self.supports
        )
        return "fail" if rule.is_must and not weakened else "warn"

    def composite(self, rule_id: str, verdicts: dict[str, Verdict]) -> str:
        """Status of a rule; that of a composite is worked out from the rules that it calls."""
        if rule_id not in verdicts:
            below = {self.composite(child, verdicts) for child in self.rules[rule_id].children}
            verdicts[rule_id] = Verdict(worst(below), None, None)
        return verdicts[rule_id].status


def worst(statuses: Collection[str]) -> str:
    """The status of a composite or a column over those below it."""
    return next(status for status in ROLL_UP if status in statuses)


def column_statuses(dataset: str, verdicts: Mapping[str, Verdict]) -> dict[str, str]:
    """Status of every column: over its rules and the presence rules that ask for it."""
    below: dict[str, set[str]] = {name: set() for name in reference.columns_of(dataset)}
    for rule in rules_of(dataset)[0].values():
        asked = (
            rule.check["ColumnPresent"]["ColumnName"]
            if "ColumnPresent" in (rule.check or {})
            else rule.column
        )
        if asked in below and not rule.children:
            below[asked].add(verdicts[rule.id].status)
    return {name: worst(statuses) for name, statuses in below.items()}


@lru_cache
def rules_of(dataset: str) -> tuple[dict[str, Rule], dict[str, list[Any]]]:
    """The rules of a dataset after the rulings, and every rule's effective conditions (joined by AND)."""
    rules = reference.read_rules(dataset)
    rulings.apply_groups(rules)
    rulings.apply_checks(rules, dataset)
    reference.link(rules)
    above = {rule.id: reference.ancestors(rules, rule) for rule in rules.values()}
    conditions = {
        rule.id: [r.when for r in (rule, *above[rule.id]) if r.when is not None] for rule in rules.values()
    }
    for rule in rules.values():
        if "ColumnPresent" in (rule.check or {}):
            rule.flags = rule.flags.union(*(group.flags for group in above[rule.id]))
    rulings.without_permissions(rules)
    return rules, conditions


def evaluate(
    header: Sequence[str],
    rows: Sequence[Row],
    dataset: str,
    supports: Collection[str] = (),
    selected: bool = False,
    null_text: str | None = None,
    types: Mapping[str, str] | None = None,
    scales: Mapping[str, int] | None = None,
    tolerance: str = USUAL,
) -> dict[str, Verdict]:
    """Verdict of every active rule of the dataset, attribute rules included, by rule id.

    ``rows`` are dictionaries over ``header``: text or None (CSV), or typed values when ``types`` gives the
    physical types. ``supports`` holds flags, ``ALL`` already expanded. ``tolerance`` is that of products:
    units of the last decimal place and share of the result, as in 0.5,1e-9.
    """
    units, share = map(from_text, tolerance.split(","))
    cells = [{name: null_as_none(row[name], null_text) for name in header} for row in rows]
    table = Table(header, cells, types or {}, scales or {}, (units, share))
    return Run(table, dataset, supports, selected).evaluate()


def null_as_none(value: Any, null_text: str | None) -> Any:
    return None if null_text is not None and value == null_text else value
