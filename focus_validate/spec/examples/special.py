"""Examples for the special checks on the cells of one row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from focus_validate.spec.examples.values import CUSTOM_COLUMN, Cell, dumped, plausible, with_first_property
from focus_validate.spec.model import Column

Columns = Mapping[str, Column]
Argument = Mapping[str, Any]

_UNITS = {
    "base": ("GB", "1000"),
    "data_size": ("GB", "gb"),
    "data_size_plural": ("TB", "TBs"),
    "large": ("EB", "ZB"),
    "time": ("Hours", "hrs"),
    "count": ("Tokens", "Widgets"),
    "capitalized": ("Widgets", "widgets"),
    "quantity": ("1000 Tokens", None),
    "compound": ("GB-Hours", "GB Hours"),
    "compound_form": ("Request-Tokens", "Requests-Tokens"),
    "ratio": ("GB/Hour", "GB per Hour"),
    "ratio_quantity_form": ("Units/3 Months", "Units/3 Month"),
    "ratio_compound_form": ("Core-Hours/Day", "Core-Hours/Days"),
    "ratio_form": ("Requests/Hour", "Requests/Hours"),
    "simple_form": ("Hours", "Hour"),
    "quantity_form": ("1000 Tokens", "1000 Token"),
}
_RULE: dict[str, Any] = {"Dimension": "RegionId", "Operator": "In", "Values": ["eu-west-1"]}


def cells(argument: Argument, holds: bool, columns: Columns) -> Iterator[dict[str, Cell]]:
    """A row with the columns of a special check in which it holds, or does not; none where nothing can."""
    good, bad = _PAIRS[argument["name"]](argument, columns)
    row = good if holds else bad
    if row is not None:
        yield row


Pair = tuple["dict[str, Cell]", "dict[str, Cell] | None"]


def _json(column: str, good: Any, bad: Any) -> Pair:
    """Two cells of a JSON column; what is text already stands as it is."""
    texts = [value if isinstance(value, str) else dumped(value) for value in (good, bad)]
    return {column: texts[0]}, {column: texts[1]}


def _plausible_or(argument: Argument, columns: Columns, bad: Any) -> Pair:
    column = argument["column"]
    return _json(column, plausible(columns[column])[0], bad)


def _placeholder(argument: Argument, columns: Columns) -> Pair:
    column = argument["column"]
    good = "CC-100" if column == CUSTOM_COLUMN else plausible(columns[column])[0]
    return {column: good}, {column: "" if column != CUSTOM_COLUMN else argument["words"][0]}


def _unit(argument: Argument, columns: Columns) -> Pair:
    good, bad = _UNITS[argument["rule"]]
    column = argument["column"]
    return {column: good}, {column: bad} if bad else None


def _interval(argument: Argument, columns: Columns) -> Pair:
    interval, duration = argument["columns"]
    return {interval: "Monthly", duration: "1 Year"}, {interval: "Annual", duration: "6 Months"}


def _twice_a_key(argument: Argument, columns: Columns) -> Pair:
    root = '{"Team": "Blue", "Team": "Red"}'
    inside = '{"Elements": [{"x_Note": "a", "x_Note": "b"}]}'
    return _plausible_or(argument, columns, root if argument["depth"] == "root" else inside)


def _nested(argument: Argument, columns: Columns) -> Pair:
    deep: Any = "too deep"
    for _ in range(argument["levels"] + 1):
        deep = {"x_Inner": deep}
    return _plausible_or(argument, columns, deep)


def _first_property(argument: Argument, columns: Columns) -> dict[str, Any]:
    properties = columns[argument["column"]].defined_properties
    assert properties
    return with_first_property(properties)[0]


def _spelling(argument: Argument, columns: Columns) -> Pair:
    ((key, value),) = _first_property(argument, columns).items()
    return _plausible_or(argument, columns, {key.lower(): value})


def _value_types(argument: Argument, columns: Columns) -> Pair:
    ((key, value),) = _first_property(argument, columns).items()
    return _plausible_or(argument, columns, {key: 4 if isinstance(value, str) else str(value)})


def _elements(argument: Argument, *elements: dict[str, Any]) -> str:
    return dumped({argument["array"]: elements})


def _one_parent(argument: Argument, columns: Columns) -> Pair:
    child, parent = argument["child"], argument["parent"]
    first, second = {child: "cc-1", parent: "c-1"}, {child: "cc-1", parent: "c-2"}
    return _json(argument["column"], _elements(argument, first), _elements(argument, first, second))


def _element_equals(argument: Argument, columns: Columns) -> Pair:
    cell = _elements(argument, {argument["key"]: "cc-1"})
    column, other = argument["column"], argument["other"]
    return {column: cell, other: "cc-1"}, {column: cell, other: "resource-1"}


def _has_column(argument: Argument, columns: Columns) -> Pair:
    column, other = argument["column"], argument["other"]
    cell = _elements(argument, {argument["key"]: "Reserved"})
    return {column: cell, other: "Reserved"}, {column: cell, other: "Savings Plan"}


def _json_units(argument: Argument, columns: Columns) -> Pair:
    good, bad = (_elements(argument, {argument["key"]: unit}) for unit in ("Hours", "hrs"))
    return _json(argument["column"], good, bad)


def _ratio_range(argument: Argument, columns: Columns) -> Pair:
    good, bad = 0.5, 50
    for step in reversed(argument["path"]):
        good, bad = ([good], [bad]) if step == "*" else ({step: good}, {step: bad})  # type: ignore[assignment]
    return _json(argument["column"], good, bad)


def _wildcard(argument: Argument, columns: Columns) -> Pair:
    good, bad = ({**_RULE, "Operator": "Exists", "Values": values} for values in (["*"], ["*", "eu-west-1"]))
    return _json(argument["column"], _elements(argument, good), _elements(argument, bad))


def _dimension(argument: Argument, columns: Columns) -> Pair:
    bad = {**_RULE, "Dimension": "Region"}
    return _json(argument["column"], _elements(argument, _RULE), _elements(argument, bad))


def _disjoint(argument: Argument, columns: Columns) -> Pair:
    first, second = argument["columns"]
    cell = dumped({"Team": "Blue"})
    return {first: cell, second: dumped({"Stage": "Test"})}, {first: cell, second: cell}


_PAIRS: dict[str, Callable[[Argument, Columns], Pair]] = {
    "no_placeholder": _placeholder,
    "unit_rule": _unit,
    "interval_within_duration": _interval,
    "json_object": lambda argument, columns: _plausible_or(argument, columns, "team=blue"),
    "json_unique_keys": _twice_a_key,
    "json_scalar_values": lambda argument, columns: _plausible_or(
        argument, columns, {"Team": ["Blue", "Red"]}
    ),
    "json_array_same_type": lambda argument, columns: _plausible_or(
        argument, columns, {"x_List": [{"A": 1}, 2]}
    ),
    "json_array_unique": lambda argument, columns: _plausible_or(
        argument, columns, {"x_List": [{"A": 1}, {"A": 1}]}
    ),
    "json_array_no_null": lambda argument, columns: _plausible_or(
        argument, columns, {"x_List": [{"A": 1}, None]}
    ),
    "json_max_nesting": _nested,
    "json_keys_defined": lambda argument, columns: _plausible_or(argument, columns, {"Colour": "Blue"}),
    "json_keys_spelling": _spelling,
    "json_keys_pascal": lambda argument, columns: _json(
        argument["column"], {"x_TeamName": "Blue"}, {"x_team_name": "Blue"}
    ),
    "json_value_types": _value_types,
    "json_one_parent": _one_parent,
    "json_element_equals_column": _element_equals,
    "json_array_has_column": _has_column,
    "json_units": _json_units,
    "json_ratio_range": _ratio_range,
    "json_wildcard_alone": _wildcard,
    "json_dimension_is_column": _dimension,
    "json_keys_disjoint": _disjoint,
}
