"""The vocabulary of checks: which keys and arguments exist, and which columns a check reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from focus_validate.spec.model import Check

#: Checks whose argument is one column.
UNARY = frozenset({"column_present", "is_null", "not_null"})
#: Checks whose argument is a mapping: required and optional arguments.
ARGUMENTS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "equals": (frozenset({"column", "value"}), frozenset()),
    "not_equals": (frozenset({"column", "value"}), frozenset()),
    "one_of": (frozenset({"column"}), frozenset({"values"})),
    "minimum": (frozenset({"column", "value"}), frozenset({"exclusive"})),
    "maximum": (frozenset({"column", "value"}), frozenset({"exclusive"})),
    "type": (frozenset({"column", "is"}), frozenset()),
    "format": (frozenset({"column", "as"}), frozenset()),
    "matches": (frozenset({"column", "pattern"}), frozenset()),
    "compare": (frozenset({"left", "operator", "right"}), frozenset()),
    "product": (frozenset({"factors", "equals"}), frozenset()),
    "distinct_count": (frozenset({"for_each", "of", "count"}), frozenset()),
    "json_schema": (frozenset({"column"}), frozenset({"schema"})),
}
#: Checks whose argument is a list of two columns.
PAIRS = frozenset({"same", "differs"})
#: Checks over a group of rows: violations and checked count groups.
GROUPED = frozenset({"distinct_count", "no_duplicates"})
TYPES = frozenset({"string", "decimal", "datetime", "json", "json_or_string"})
FORMATS = frozenset(
    {"string", "numeric", "datetime", "currency", "national_currency", "unit", "key_value", "json_object"}
)
OPERATORS = frozenset({"<", "<=", ">", ">=", "=", "<>"})

#: Named checks of the engine: required and optional parameters beside ``name``, and what holds.
SPECIALS: dict[str, tuple[frozenset[str], frozenset[str], str]] = {
    "column_present_if": (
        frozenset({"column"}),
        frozenset({"stated", "with", "any_row"}),
        "the column is present, if the flag `stated` is declared, a column of `with` is present,"
        " or a row fulfils `any_row`",
    ),
    "each_column": (
        frozenset({"select", "check"}),
        frozenset(),
        "the check, with column `*`, holds for every selected column: {columns: [...]} that are present,"
        " or {custom: true}; violations and checked are summed",
    ),
    "custom_columns": (
        frozenset({"test"}),
        frozenset(),
        "the custom columns of the header pass the test: prefix, pascal_case, alphanumeric,"
        " special_characters, acronym, length, single_number",
    ),
    "header_order": (frozenset(), frozenset(), "FOCUS columns in order, then custom columns in order"),
    "focus_columns": (frozenset(), frozenset(), "FOCUS columns carry their Column ID (always so)"),
    "value_exists": (
        frozenset({"column", "in"}),
        frozenset(),
        "each value of the column occurs somewhere in the column `in`",
    ),
    "interval_within_duration": (
        frozenset({"columns"}),
        frozenset(),
        "the payment interval is no longer than the duration",
    ),
    "unit_rule": (frozenset({"column", "rule"}), frozenset(), "the unit keeps one sub-rule of UnitFormat"),
    "json_object": (frozenset({"column"}), frozenset(), "the text is a JSON object"),
    "json_unique_keys": (
        frozenset({"column", "depth"}),
        frozenset(),
        "no key twice, at the root or any depth",
    ),
    "json_scalar_values": (frozenset({"column"}), frozenset(), "no object and no array as a value"),
    "json_array_same_type": (frozenset({"column"}), frozenset(), "objects in one array: all are objects"),
    "json_array_unique": (frozenset({"column"}), frozenset(), "no array has the same object twice"),
    "json_array_no_null": (frozenset({"column"}), frozenset(), "no array of objects has a null"),
    "json_max_nesting": (
        frozenset({"column", "levels"}),
        frozenset(),
        "objects nest at most so deep, root = 1",
    ),
    "json_keys_defined": (frozenset({"column"}), frozenset(), "keys are FOCUS-defined or start with x_"),
    "json_keys_spelling": (frozenset({"column"}), frozenset(), "no misspelt FOCUS-defined key"),
    "json_keys_pascal": (frozenset({"column"}), frozenset(), "keys, without x_, are PascalCase"),
    "json_value_types": (frozenset({"column"}), frozenset(), "values of FOCUS-defined keys have their type"),
    "json_one_parent": (
        frozenset({"column", "array", "child", "parent"}),
        frozenset(),
        "inside one cell each child value has one parent value",
    ),
    "json_element_equals_column": (
        frozenset({"column", "array", "key", "other"}),
        frozenset(),
        "the key of a lone element equals the column `other`",
    ),
    "json_array_has_column": (
        frozenset({"column", "array", "key", "other"}),
        frozenset(),
        "the key of at least one element equals the column `other`",
    ),
    "json_units": (
        frozenset({"column", "array", "key"}),
        frozenset(),
        "the key of each element follows UnitFormat",
    ),
    "json_ratio_range": (
        frozenset({"column", "path"}),
        frozenset(),
        "the number at the path is within 0 to 1",
    ),
    "json_wildcard_alone": (
        frozenset({"column", "array"}),
        frozenset(),
        "a Values list with * has nothing else",
    ),
    "json_dimension_is_column": (
        frozenset({"column", "array"}),
        frozenset(),
        "each Dimension is a column of Cost and Usage",
    ),
    "json_keys_disjoint": (frozenset({"columns"}), frozenset(), "the two objects share no key"),
    "json_ratio_sum": (
        frozenset({"column", "array", "key", "group_by"}),
        frozenset(),
        "per group of rows the numbers add up to 1",
    ),
}
#: Parameters of special checks that name columns.
_COLUMN_PARAMETERS = ("column", "columns", "other", "in", "group_by")


def single(check: Check) -> tuple[str, Any]:
    """The one key of a check and its argument."""
    ((key, argument),) = check.items()
    return key, argument


def nested(check: Check) -> list[Check]:
    """The checks directly inside a check."""
    key, argument = single(check)
    if key in ("all", "any"):
        return list(argument)
    if key == "not":
        return [argument]
    if key == "special":
        return [argument[part] for part in ("check", "any_row") if part in argument]
    return []


def walk(check: Check) -> Iterator[Check]:
    """The check and every check inside it."""
    yield check
    for inner in nested(check):
        yield from walk(inner)


def columns_read(check: Check) -> set[str]:
    """The columns whose cells the check reads; presence alone reads none, ``*`` stands for no column."""
    found: set[str] = set()
    for part in walk(check):
        found.update(_own_columns(part))
    return found - {"*"}


def _own_columns(check: Check) -> list[str]:
    key, argument = single(check)
    if key in ("all", "any", "not", "column_present"):
        return []
    if key in ("is_null", "not_null"):
        return [argument]
    if key in PAIRS:
        return list(argument)
    if key == "no_duplicates":
        return [argument] if isinstance(argument, str) else list(argument)
    if key == "compare":
        return [argument["left"], argument["right"]]
    if key == "product":
        return [*argument["factors"], argument["equals"]]
    if key == "distinct_count":
        return [argument["for_each"], argument["of"]]
    if key == "special":
        return _special_columns(argument)
    return [argument["column"]]


def _special_columns(argument: dict[str, Any]) -> list[str]:
    if argument["name"] in ("column_present_if", "each_column"):
        return []
    found: list[str] = []
    for parameter in _COLUMN_PARAMETERS:
        value = argument.get(parameter, [])
        found.extend([value] if isinstance(value, str) else value)
    return found


def is_presence(check: Check | None) -> bool:
    """Whether the check asks for a column of the header."""
    if check is None:
        return False
    key, argument = single(check)
    return key == "column_present" or (key == "special" and argument["name"] == "column_present_if")


def present_column(check: Check) -> str:
    """The column that a presence check asks for."""
    key, argument = single(check)
    return str(argument if key == "column_present" else argument["column"])


def problems(check: Check) -> Iterator[str]:
    """What is malformed in a check: unknown keys, missing or unknown arguments."""
    if not isinstance(check, dict) or len(check) != 1:
        yield f"a check is a mapping with one key, not {check!r}"
        return
    key, argument = single(check)
    yield from _argument_problems(key, argument)
    for inner in nested(check) if key in ("all", "any", "not", "special") else []:
        yield from problems(inner)


def _argument_problems(key: str, argument: Any) -> Iterator[str]:
    if key in ARGUMENTS or key == "special":
        if not isinstance(argument, dict):
            yield f"{key} takes a mapping, not {argument!r}"
            return
        yield from _mapping_problems(key, argument)
    elif key in UNARY:
        if not isinstance(argument, str):
            yield f"{key} takes a column, not {argument!r}"
    elif key in PAIRS:
        if not (isinstance(argument, list) and len(argument) == 2):
            yield f"{key} takes two columns, not {argument!r}"
    elif key == "no_duplicates":
        if not isinstance(argument, str | list):
            yield f"no_duplicates takes a column or columns, not {argument!r}"
    elif key in ("all", "any"):
        if not isinstance(argument, list):
            yield f"{key} takes a list of checks, not {argument!r}"
    elif key != "not":
        yield f"unknown check {key}"


def _mapping_problems(key: str, argument: dict[str, Any]) -> Iterator[str]:
    if key == "special":
        name = argument.get("name")
        if name not in SPECIALS:
            yield f"unknown special check {name}"
            return
        required, optional, _ = SPECIALS[name]
        given = set(argument) - {"name"}
    else:
        required, optional = ARGUMENTS[key]
        name, given = key, set(argument)
    for missing in sorted(required - given):
        yield f"{name} lacks {missing}"
    for extra in sorted(given - required - optional):
        yield f"{name} has an unknown argument {extra}"
    if key == "type" and argument.get("is") not in TYPES:
        yield f"unknown type {argument.get('is')}"
    if key == "format" and argument.get("as") not in FORMATS:
        yield f"unknown format {argument.get('as')}"
    if key == "compare" and argument.get("operator") not in OPERATORS:
        yield f"unknown operator {argument.get('operator')}"
