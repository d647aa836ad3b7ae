"""Rows in which a check holds, or does not: the check read backwards.

``rows`` walks the tree of a check and gives rows with the columns that matter, the most telling first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import chain
from typing import Any

from focus_validate.spec.checks import columns_read, single
from focus_validate.spec.examples import special
from focus_validate.spec.examples.values import (
    BAD_FORMAT,
    BAD_TYPE,
    CUSTOM_COLUMN,
    Cell,
    bad_texts,
    beyond,
    plausible,
    wrong_object,
)
from focus_validate.spec.model import Check, Column

Row = dict[str, Cell]
Goal = tuple[Check, bool]
"""A check and whether it is to hold."""

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
    "=": lambda a, b: bool(a == b),
    "<>": lambda a, b: bool(a != b),
}


class Cells:
    """The rows that checks on the columns of one dataset allow."""

    def __init__(self, columns: Iterable[Column]) -> None:
        self.columns = {column.name: column for column in columns}

    def plausible(self, name: str) -> tuple[str, ...]:
        """Values that suit the column; a custom column holds free text."""
        return ("CC-100", "CC-200") if name == CUSTOM_COLUMN else plausible(self.columns[name])

    def rows(self, goals: Sequence[Goal], start: Row | None = None) -> Iterator[Row]:
        """Rows that reach every goal, with the cells of ``start`` as given."""
        start = start or {}
        if not goals:
            yield start
            return
        (check, holds), *others = goals
        for row in self._reach(check, holds, start):
            yield from self.rows(others, row)

    def _reach(self, check: Check, holds: bool, start: Row) -> Iterator[Row]:
        key, argument = single(check)
        if key == "not":
            yield from self._reach(argument, not holds, start)
        elif key in ("all", "any") and (key == "all") == holds:
            yield from self.rows([(part, holds) for part in argument], start)
        elif key in ("all", "any"):
            yield from chain.from_iterable(self._reach(part, holds, start) for part in argument)
        elif key in _TESTS and columns_read(check) <= start.keys():
            if _TESTS[key](argument, start) == holds:
                yield start
        else:
            for row in self._candidates(key, argument, holds):
                if all(start.get(name, cell) == cell for name, cell in row.items()):
                    yield {**start, **row}

    def _candidates(self, key: str, argument: Any, holds: bool) -> Iterator[Row]:
        """Rows with the columns of one simple check in which it holds or not."""
        if key in ("is_null", "not_null"):
            null = (key == "is_null") == holds
            yield from _each(argument, (None,) if null else self.plausible(argument))
        elif key in _PAIRS:
            yield from (row for row in self._pairs(key, argument) if _TESTS[key](argument, row) == holds)
        elif key == "product":
            a, b = argument["factors"]
            product: Row = {a: "2", b: "3", argument["equals"]: "6" if holds else "7"}
            yield product
        elif key == "special":
            yield from special.cells(argument, holds, self.columns)
        else:
            column = argument["column"]
            cells = self._cells(key, argument, holds)
            if key in _TESTS:
                cells = [cell for cell in cells if _TESTS[key](argument, {column: cell}) == holds]
            yield from _each(column, cells)

    def _pairs(self, key: str, argument: Any) -> Iterator[Row]:
        left, right = argument if key != "compare" else (argument["left"], argument["right"])
        values = self.plausible(left)
        for a, b in ((values[0], values[0]), values[:2], values[1::-1]):
            yield {left: a, right: b}

    def _cells(self, key: str, argument: Mapping[str, Any], holds: bool) -> Sequence[Cell]:
        """Cells for a check on one column, those that reach the goal among them."""
        column = argument["column"]
        if key in ("equals", "not_equals"):
            return (str(argument["value"]), *self.plausible(column), None)
        if key in ("minimum", "maximum"):
            bound = Decimal(str(argument["value"]))
            return [str(bound + step) for step in _STEPS[key, holds]]
        if key == "matches":
            return (*self.plausible(column), *bad_texts(self.columns[column]))
        if holds:
            return argument["values"] if key == "one_of" else self.plausible(column)
        if key == "type":
            return (BAD_TYPE[argument["is"]],)
        if key == "format":
            return BAD_FORMAT[argument["as"]]
        if key == "one_of":
            return beyond(self.columns[column], argument["values"])
        return (wrong_object(argument.get("schema") or self.columns[column].schema or ""),)


_HALF = Decimal("0.5")
_STEPS = {
    ("minimum", True): (_HALF, Decimal(0)),
    ("minimum", False): (Decimal(0), -_HALF),
    ("maximum", True): (-_HALF, Decimal(0)),
    ("maximum", False): (Decimal(0), _HALF),
}
_PAIRS = frozenset({"same", "differs", "compare"})


def _each(column: str, cells: Iterable[Cell]) -> Iterator[Row]:
    return ({column: cell} for cell in cells)


def _number(cell: Cell) -> Decimal | None:
    try:
        return None if cell is None else Decimal(cell)
    except InvalidOperation:
        return None


def _equals(argument: Mapping[str, Any], row: Row) -> bool:
    cell, value = row[argument["column"]], argument["value"]
    return cell == value if isinstance(value, str) else _number(cell) == Decimal(str(value))


def _not_equals(argument: Mapping[str, Any], row: Row) -> bool:
    """True on null beside a text, false on null beside a number (a comparison of numbers needs two)."""
    if row[argument["column"]] is None:
        return isinstance(argument["value"], str)
    return not _equals(argument, row)


def _bound(argument: Mapping[str, Any], row: Row, side: str) -> bool:
    number, bound = _number(row[argument["column"]]), Decimal(str(argument["value"]))
    operator = side if argument.get("exclusive") else f"{side}="
    return number is None or _ORDER[operator](number, bound)


def _compare(argument: Mapping[str, Any], row: Row) -> bool:
    left, right = row[argument["left"]], row[argument["right"]]
    return None in (left, right) or _ORDER[argument["operator"]](left, right)


def _same(argument: Sequence[str], row: Row) -> bool:
    left, right = (row[column] for column in argument)
    return None in (left, right) or left == right


#: Checks that can be tried on a row whose columns have their cells already.
_TESTS: dict[str, Callable[[Any, Row], bool]] = {
    "is_null": lambda column, row: row[column] is None,
    "not_null": lambda column, row: row[column] is not None,
    "equals": _equals,
    "not_equals": _not_equals,
    "one_of": lambda argument, row: row[argument["column"]] in argument["values"],
    "minimum": lambda argument, row: _bound(argument, row, ">"),
    "maximum": lambda argument, row: _bound(argument, row, "<"),
    "matches": lambda argument, row: (
        bool(re.fullmatch(argument["pattern"], str(row[argument["column"]])))
        and row[argument["column"]] is not None
    ),
    "same": _same,
    "differs": lambda argument, row: not _same(argument, row) or None in map(row.get, argument),
    "compare": _compare,
}
