"""For a rule that data decides: a smallest table that conforms to it, and a smallest that does not.

The tables are derived from the check of the rule, so that they cannot part from what is tested. They hold
only the columns that matter to this one rule; other rules may break on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from focus_validate.spec.checks import is_presence, present_column, single
from focus_validate.spec.examples.cells import Cells, Goal, Row
from focus_validate.spec.examples.values import CUSTOM_COLUMN, Cell, dumped
from focus_validate.spec.model import Check, Dataset, Rule

__all__ = ["Cell", "Example", "Examples", "Row", "examples_of"]


class Example(msgspec.Struct, frozen=True):
    """A table: ``rows`` of the columns that matter, in their order, and columns that the table lacks."""

    rows: tuple[Row, ...]
    absent: tuple[str, ...] = ()


class Examples(msgspec.Struct, frozen=True, kw_only=True):
    """What conforms and what violates, where the flags ``supports`` are declared.

    ``none`` says why there is no violating example, or no example at all.
    """

    conforming: Example | None = None
    violating: Example | None = None
    supports: tuple[str, ...] = ()
    none: str = ""


_CUSTOM_NAMES = {
    "prefix": "CostCenter",
    "pascal_case": "x_cost_center",
    "alphanumeric": "x_Cost_Center",
    "special_characters": "x_Cost-Center",
    "acronym": "x_CRMCenter",
    "length": f"x_{'CostCenterOfTheBusinessUnit' * 2}",
}


def examples_of(dataset: Dataset, rule: Rule) -> Examples:
    """The examples of one rule of the dataset."""
    if rule.is_composite:
        return Examples(none="A group; its members have examples.")
    if rule.check is None:
        return Examples(none="The data alone cannot show it.")
    maker = _Maker(dataset, rule)
    return Examples(
        conforming=maker.example(holds=True),
        violating=maker.example(holds=False) if rule.level != "none" else None,
        supports=maker.supports,
        none=maker.why_none(),
    )


class _Maker:
    def __init__(self, dataset: Dataset, rule: Rule) -> None:
        assert rule.check is not None
        self._rule = rule
        self._cells = Cells(dataset.columns)
        self._check = _of_one_column(rule.check, self._cells)
        conditions = [check for check in (rule.when, *rule.conditions) if check is not None]
        self._goals: list[Goal] = [(check, True) for check in conditions]
        if rule.column in self._cells.columns and rule.function != "Nullability":
            self._goals.append(({"not_null": rule.column}, True))
        if rule.unless is not None:
            self._goals.append((rule.unless, False))

    @property
    def supports(self) -> tuple[str, ...]:
        """The flags under which the rule applies, one of each choice."""
        flags = [flag.split("|")[0] for flag in self._rule.flags]
        if self._check and self._special == "column_present_if" and "stated" in self._argument:
            flags.append(self._argument["stated"])
        return tuple(flags)

    @property
    def _special(self) -> str | None:
        assert self._check is not None
        key, argument = single(self._check)
        return str(argument["name"]) if key == "special" else None

    @property
    def _argument(self) -> dict[str, Any]:
        assert self._check is not None
        argument: dict[str, Any] = single(self._check)[1]
        return argument

    def why_none(self) -> str:
        """Why there is no violating example, or none at all; empty where there are both."""
        if self._check is None:
            return "No column of this dataset is under it."
        if self._rule.keyword == "MAY":
            return "A permission; nothing breaks it."
        if self._rule.level == "none":
            return "No data can break it."
        if single(self._check) == ("format", {"column": self._rule.column, "as": "string"}):
            return "Every text is a string; nothing breaks it."
        return ""

    def example(self, *, holds: bool) -> Example | None:
        """The first table in which the check holds, or does not, under the rule's conditions."""
        if self._check is None:
            return None
        if is_presence(self._check):
            return self._presence(present_column(self._check), holds)
        return next(self._tables(self._check, holds), None)

    def _presence(self, column: str, holds: bool) -> Example:
        if holds:
            return Example(({column: self._cells.plausible(column)[0]},))
        row: Row = {}
        if self._special == "column_present_if":
            for other in self._argument.get("with", ()):
                row[other] = self._cells.plausible(other)[0]
            if "any_row" in self._argument:
                row.update(next(self._cells.rows([(self._argument["any_row"], True)])))
        return Example((row,) if row else (), (column,))

    def _tables(self, check: Check, holds: bool) -> Iterator[Example]:
        key, argument = single(check)
        if key == "distinct_count":
            yield self._groups(argument["for_each"], argument["of"], holds)
        elif key == "no_duplicates":
            yield self._duplicates([argument] if isinstance(argument, str) else argument, holds)
        elif self._special == "custom_columns":
            yield Example(({CUSTOM_COLUMN if holds else _CUSTOM_NAMES[argument["test"]]: "CC-100"},))
        elif self._special in _TABLES:
            yield Example(_TABLES[self._special](self._cells, argument, holds))
        else:
            for row in self._cells.rows([(check, holds), *self._goals]):
                yield Example((dict(sorted(row.items())),))

    def _groups(self, key: str, of: str, holds: bool) -> Example:
        """Two rows with the same key, and the same or another partner."""
        one = self._cells.plausible(key)[0]
        partners = [row[of] for row in self._cells.rows([({"not_null": of}, True), *self._goals], {key: one})]
        chosen = (
            partners[0],
            partners[0] if holds else next(each for each in partners if each != partners[0]),
        )
        rows = (next(self._cells.rows(self._goals, {key: one, of: partner})) for partner in chosen)
        return Example(tuple(rows))

    def _duplicates(self, columns: Sequence[str], holds: bool) -> Example:
        """Two rows that agree in all of the columns, or differ in the last."""
        first: Row = {column: self._cells.plausible(column)[0] for column in columns}
        second = {**first, columns[-1]: self._cells.plausible(columns[-1])[1]} if holds else first
        return Example((first, second))


def _of_one_column(check: Check, cells: Cells) -> Check | None:
    """The check itself; of one that holds for each of several columns, that for the first of them."""
    key, argument = single(check)
    if key != "special" or argument["name"] != "each_column":
        return check
    selection = argument["select"]
    if not selection.get("custom") and not selection["columns"]:
        return None
    column = CUSTOM_COLUMN if selection.get("custom") else selection["columns"][0]
    inner: Check = _with_column(argument["check"], column)
    if inner == {"one_of": {"column": column}}:
        inner["one_of"]["values"] = cells.plausible(column)
    return inner


def _with_column(check: Any, column: str) -> Any:
    """``check`` with ``column`` for every ``*`` that stands for a column."""
    if isinstance(check, dict):
        return {
            key: column if key == "column" and value == "*" else _with_column(value, column)
            for key, value in check.items()
        }
    return [_with_column(part, column) for part in check] if isinstance(check, list) else check


def _header_order(cells: Cells, argument: dict[str, Any], holds: bool) -> tuple[Row, ...]:
    names = sorted(cells.columns)[:2]
    return ({name: cells.plausible(name)[0] for name in (names if holds else reversed(names))},)


def _focus_columns(cells: Cells, argument: dict[str, Any], holds: bool) -> tuple[Row, ...]:
    name = min(cells.columns)
    return ({name: cells.plausible(name)[0]},)


def _whole_rows(cells: Cells, argument: dict[str, Any], holds: bool) -> tuple[Row, ...]:
    name = "InvoiceIssuerName"
    values = cells.plausible(name)
    return ({name: values[0]}, {name: values[1 if holds else 0]})


def _value_exists(cells: Cells, argument: dict[str, Any], holds: bool) -> tuple[Row, ...]:
    there, elsewhere = cells.plausible(argument["in"])
    row: Row = {argument["column"]: there if holds else elsewhere, argument["in"]: there}
    return (dict(sorted(row.items())),)


def _ratio_sum(cells: Cells, argument: dict[str, Any], holds: bool) -> tuple[Row, ...]:
    group: Row = {column: cells.plausible(column)[0] for column in argument["group_by"]}

    def row(ratio: float) -> Row:
        shares = dumped({argument["array"]: [{argument["key"]: ratio}]})
        return dict(sorted({argument["column"]: shares, **group}.items()))

    return (row(0.25), row(0.75 if holds else 0.5))


_TABLES = {
    "header_order": _header_order,
    "focus_columns": _focus_columns,
    "no_duplicate_rows": _whole_rows,
    "value_exists": _value_exists,
    "json_ratio_sum": _ratio_sum,
}
