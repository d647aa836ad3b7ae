"""From the rules of a dataset to what must be measured in one table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from focus_validate.engine import header as header_tests
from focus_validate.engine.compile import Compiler
from focus_validate.engine.expressions import (
    FALSE,
    TRUE,
    AnyCase,
    Expression,
    IsMoment,
    IsNumber,
    Null,
    OneOf,
    conjunction,
    disjunction,
    negate,
    violation,
)
from focus_validate.engine.readers.table import Field
from focus_validate.options import Options
from focus_validate.result import DESELECTED, Status
from focus_validate.spec.checks import columns_read, is_presence, present_column, single
from focus_validate.spec.model import Catalogue, Check, Dataset, Rule

_BORROWED = "CommitmentDiscountStatus"
_LENDER = "CommitmentDiscountId"


class Part(msgspec.Struct, frozen=True):
    """Rows to count: those that violate and those that were checked; ``soft`` violations only warn.

    ``column`` is whose cell a sample shows; ``named`` says that samples carry its name.
    """

    column: str | None
    violates: Expression
    checked: Expression
    soft: bool = False
    named: bool = False


class RowMeasure(msgspec.Struct, frozen=True):
    """Counts of rows, summed over the parts."""

    parts: tuple[Part, ...]


class GroupMeasure(msgspec.Struct, frozen=True):
    """Counts of groups: the values of ``keys`` among the rows where ``condition`` holds.

    ``distinct_count``: the group's non-null values of ``of`` are ``count`` in number. ``no_duplicates``: one
    row a group. ``ratio_sum``: the ratios at ``path`` (array, key) of the JSON in ``of`` add up to 1.
    """

    kind: Literal["distinct_count", "no_duplicates", "ratio_sum"]
    keys: tuple[str, ...]
    condition: Expression
    of: str = ""
    count: int = 1
    path: tuple[str, str] = ("", "")


class DuplicateRows(msgspec.Struct, frozen=True):
    """Whole rows that occur more than once."""


class AnyRow(msgspec.Struct, frozen=True):
    """A column is missing if some row fulfils the expression."""

    expression: Expression


class Known(msgspec.Struct, frozen=True):
    """Decided by the header: no query needed. ``detail`` says what was found."""

    violations: int
    checked: int
    detail: str | None = None


Measure = RowMeasure | GroupMeasure | DuplicateRows | AnyRow | Known


class RulePlan(msgspec.Struct, frozen=True):
    """What is to be done for one leaf rule: a status that is settled already, or a measure."""

    rule: Rule
    status: Status | None = None
    reason: str | None = None
    measure: Measure | None = None


class Planner:
    """Plans the leaf rules of one dataset for one table."""

    def __init__(
        self,
        catalogue: Catalogue,
        dataset: Dataset,
        fields: Sequence[Field],
        typed: bool,
        options: Options,
    ) -> None:
        self._dataset = dataset
        self._options = options
        self._header = [field.name for field in fields]
        self._fields: Mapping[str, Field] = {field.name: field for field in fields}
        self._known = {column.name: column for column in dataset.columns}
        self._presence = {
            present_column(rule.check): rule.id
            for rule in reversed(dataset.rules)
            if rule.check is not None and is_presence(rule.check) and rule.level != "none"
        }
        absent = {_BORROWED, _LENDER}.isdisjoint(self._fields)
        self._compiler = Compiler(
            catalogue=catalogue,
            dataset=dataset,
            fields=self._fields,
            typed=typed,
            tolerance=options.tolerance,
            as_null=frozenset({_BORROWED}) if absent else frozenset(),
        )

    def plan(self) -> list[RulePlan]:
        """A plan for every leaf rule, in catalogue order."""
        return [self._plan(rule) for rule in self._dataset.rules if not rule.is_composite]

    def _plan(self, rule: Rule) -> RulePlan:
        if rule.decision == "attest":
            return RulePlan(rule, "attest", "the data cannot show it; the vendor attests it")
        missing = [flag for flag in rule.flags if not self._is_declared(flag)]
        if missing:
            return RulePlan(rule, "not_applicable", f"not declared with --supports: {', '.join(missing)}")
        if rule.decision == "bundle":
            return RulePlan(rule, "skip", "needs another dataset or an earlier delivery (check-bundle)")
        if rule.decision == "metadata":
            return RulePlan(rule, "skip", "metadata not given")
        if rule.check is not None and is_presence(rule.check):
            return RulePlan(rule, measure=self._presence_measure(rule.check))
        reason = self._why_skipped(rule)
        return RulePlan(rule, "skip", reason) if reason else RulePlan(rule, measure=self._measure(rule))

    def _is_declared(self, flag: str) -> bool:
        return any(choice in self._options.supports for choice in flag.split("|"))

    def _own_column(self, rule: Rule) -> str | None:
        return rule.column if rule.column in self._known else None

    def _why_skipped(self, rule: Rule) -> str | None:
        conditions = [check for check in (rule.when, *rule.conditions) if check is not None]
        needed = set().union(*(columns_read(check) for check in conditions)) - self._compiler.as_null
        if rule.check is not None:
            needed |= columns_read(rule.check)
            empty = self._empty_selection(rule.check)
            if empty:
                return empty
        own = self._own_column(rule)
        absent = sorted(column for column in needed | ({own} if own else set()) if column not in self._fields)
        return self._absence(absent, own) if absent else None

    def _absence(self, absent: list[str], own: str | None) -> str:
        column = own if own in absent else absent[0]
        assert column is not None
        reporter = self._presence.get(column)
        return f"column {column} is absent" + (f" (reported by {reporter})" if reporter else "")

    def _empty_selection(self, check: Check) -> str | None:
        selection = _selection(check)
        if selection is None or "columns" not in selection or self._selected(selection):
            return None
        if not selection["columns"]:
            return "no column of this dataset is under it"
        return "none of the columns under it is present"

    def _selected(self, selection: Mapping[str, Any]) -> list[str]:
        if selection.get("custom"):
            return sorted(header_tests.custom_columns(self._header, self._dataset))
        return sorted(column for column in selection["columns"] if column in self._fields)

    def _presence_measure(self, check: Check) -> Measure:
        column = present_column(check)
        if column in self._fields:
            return Known(0, 1)
        if self._options.selected:
            return Known(0, 1, f"column {column} is {DESELECTED}")
        meant = header_tests.near_miss(column, self._header, self._dataset)
        absent = Known(
            1, 1, f"column {column} is absent" + (f"; {meant} may be meant for it" if meant else "")
        )
        key, argument = single(check)
        if key == "column_present":
            return absent
        if argument.get("stated") in self._options.supports:
            return absent
        if any(other in self._fields for other in argument.get("with", ())):
            return absent
        row = argument.get("any_row")
        if row is not None and columns_read(row) <= self._fields.keys():
            return AnyRow(self._compiler.condition(row))
        return Known(0, 1, f"column {column} is absent; its condition is not stated")

    def _measure(self, rule: Rule) -> Measure:
        conditions = [self._compiler.condition(check) for check in rule.conditions]
        if rule.when is not None:
            conditions.append(self._compiler.condition(rule.when))
        if rule.check is None:
            return self._rows(rule, conditions, TRUE)
        key, argument = single(rule.check)
        if key == "distinct_count":
            return GroupMeasure(
                "distinct_count",
                (argument["for_each"],),
                conjunction(conditions),
                of=argument["of"],
                count=argument["count"],
            )
        if key == "no_duplicates":
            keys = (argument,) if isinstance(argument, str) else tuple(argument)
            return GroupMeasure("no_duplicates", keys, conjunction(conditions))
        if key == "special" and argument["name"] in _SPECIALS:
            return self._special(rule, argument, conjunction(conditions))
        return self._rows(rule, conditions, self._compiler.passes(rule.check))

    def _special(self, rule: Rule, argument: Mapping[str, Any], condition: Expression) -> Measure:
        name = argument["name"]
        if name == "each_column":
            return RowMeasure(tuple(self._each_column(rule, argument)))
        if name == "no_duplicate_rows":
            return DuplicateRows()
        if name == "json_ratio_sum":
            path = (argument["array"], argument["key"])
            keys = tuple(argument["group_by"])
            return GroupMeasure("ratio_sum", keys, condition, of=argument["column"], path=path)
        if name == "header_order":
            in_order = header_tests.is_in_order(self._header, self._dataset)
            return Known(int(not in_order), 1, None if in_order else "the columns are in another order")
        if name == "focus_columns":
            return Known(0, sum(column in self._known for column in self._header))
        failing, checked = header_tests.failing_columns(argument["test"], self._header, self._dataset)
        detail = header_tests.describe_columns(failing, self._dataset) if failing else None
        return Known(len(failing), checked, detail)

    def _rows(self, rule: Rule, conditions: Iterable[Expression], passes: Expression) -> RowMeasure:
        own = self._own_column(rule)
        checked = [*conditions]
        if own and rule.function != "Nullability":
            checked.append(negate(Null(own)))
        if rule.unless is not None and columns_read(rule.unless) <= self._fields.keys():
            passes = disjunction([passes, self._compiler.condition(rule.unless)])
        violates = FALSE if rule.level == "none" else violation(checked, passes)
        return RowMeasure((Part(own, violates, conjunction(checked), soft=self._only_warns(rule, own)),))

    def _only_warns(self, rule: Rule, column: str | None) -> bool:
        if not rule.warn_flags or not all(map(self._is_declared, rule.warn_flags)):
            return False
        return not rule.warn_columns or column in rule.warn_columns

    def _each_column(self, rule: Rule, argument: Mapping[str, Any]) -> Iterator[Part]:
        check = argument["check"]
        for column in self._selected(argument["select"]):
            given = negate(Null(column))
            if _is_placeholder_test(check):
                yield from self._placeholders(column, check["special"]["words"], given)
                continue
            passes = disjunction([*self._clearly_right(column, check), self._compiler.passes(check, column)])
            violates = FALSE if rule.level == "none" else violation([given], passes)
            yield Part(column, violates, given, soft=self._only_warns(rule, column), named=True)

    def _clearly_right(self, column: str, check: Check) -> list[Expression]:
        """A text that follows its whole grammar follows each facet of it: few texts reach the facets."""
        if not self._compiler.is_text(column) or "matches" not in str(check):
            return []
        data_type = self._compiler.data_type(column)
        if data_type == "Decimal":
            return [IsNumber(column)]
        return [IsMoment(column)] if data_type == "Date/Time" else []

    def _placeholders(self, column: str, words: Sequence[str], given: Expression) -> Iterator[Part]:
        """An empty text stands for a missing value for certain, a word such as ``n/a`` most likely."""
        yield Part(column, violation([given], negate(OneOf(column, ("",)))), given, named=True)
        if self._compiler.is_text(column):
            yield Part(column, AnyCase(column, tuple(words)), FALSE, soft=True, named=True)


_SPECIALS = frozenset(
    {"each_column", "custom_columns", "header_order", "focus_columns", "no_duplicate_rows", "json_ratio_sum"}
)


def _selection(check: Check) -> Mapping[str, Any] | None:
    key, argument = single(check)
    if key != "special" or argument["name"] != "each_column":
        return None
    selection: Mapping[str, Any] = argument["select"]
    return selection


def _is_placeholder_test(check: Check) -> bool:
    key, argument = single(check)
    return key == "special" and argument["name"] == "no_placeholder"
