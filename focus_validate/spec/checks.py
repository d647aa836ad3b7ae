"""The vocabulary of checks: which keys and arguments exist, and which columns a check reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from focus_validate.spec.model import Check

#: Checks whose argument is one column.
UNARY = frozenset({"column_present", "is_null", "not_null"})
#: Checks whose argument is a mapping: its parameters, those with a question mark are optional.
ARGUMENTS = {
    "equals": "column value",
    "not_equals": "column value",
    "one_of": "column values?",
    "minimum": "column value exclusive?",
    "maximum": "column value exclusive?",
    "type": "column is",
    "format": "column as",
    "matches": "column pattern",
    "compare": "left operator right",
    "product": "factors equals",
    "distinct_count": "for_each of count",
    "json_schema": "column schema?",
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

#: Named checks of the engine: parameters beside ``name``, and when the check holds.
#:
#: The JSON checks hold on text that is no JSON object (the type and format rules report it), save
#: ``json_object``; a native struct or map is an object. ``array`` is a key of the root whose value is an
#: array of objects, its elements.
SPECIALS = {
    "column_present_if": (
        "column stated? with? any_row?",
        "the column is there, or none of these hold: the user declared the flag `stated`, a column of the"
        " list `with` is there, a row fulfils the check `any_row`",
    ),
    "each_column": (
        "select check",
        "`check`, written for column `*`, holds for each column of `select`: {columns: [FOCUS columns]}, of"
        " which those absent are left out (all absent: skip), or {custom: true}, the custom columns of the"
        " header. Violations and checked are summed, samples carry `column`. `one_of` without values means"
        " the column's allowed values, `json_schema` without schema the column's schema",
    ),
    "custom_columns": (
        "test",
        "every custom column of the header passes: `prefix` (starts with x_; all custom columns). Of those"
        " with x_: `pascal_case`, `alphanumeric`, `special_characters`, `acronym` (no two capitals in a row),"
        " each on the rest after x_; `length` (at most 50 characters in all). Violations count columns",
    ),
    "header_order": ("", "FOCUS columns come first, in alphabetical order, then custom columns likewise"),
    "focus_columns": ("", "FOCUS columns carry their Column ID; a name that differs is a custom column"),
    "no_duplicate_rows": ("", "no row occurs twice; violations count the distinct rows that do"),
    "value_exists": (
        "column in",
        "each non-null value of `column` is a value of the column `in` in some row",
    ),
    "interval_within_duration": (
        "columns",
        "the payment interval of the first column is no longer than the duration in the second",
    ),
    "no_placeholder": (
        "column words",
        "the text is neither empty nor, case ignored, one of the words; a word alone is no certain breach"
        " and only warns",
    ),
    "unit_rule": (
        "column rule",
        "the unit keeps one rule of UnitFormat: base, data_size, data_size_plural, large, time, count,"
        " capitalized, quantity, compound, compound_form, ratio, ratio_quantity_form, ratio_compound_form,"
        " ratio_form, simple_form, quantity_form",
    ),
    "json_object": ("column", "the text is one JSON object, nested no deeper than 64"),
    "json_unique_keys": ("column depth", "no key stands twice in an object: the `root`, or `any` object"),
    "json_scalar_values": ("column", "no value of the root is an object or array"),
    "json_array_same_type": ("column", "an array with an object holds objects only (nulls aside)"),
    "json_array_unique": ("column", "no array holds the same object twice"),
    "json_array_no_null": ("column", "no array holds null"),
    "json_max_nesting": ("column levels", "objects nest at most so deep; the root counts 1, arrays nothing"),
    "json_keys_defined": ("column", "every key is one of the column's defined properties or starts with x_"),
    "json_keys_spelling": ("column", "no key differs from a defined property in case or separators only"),
    "json_keys_pascal": ("column", "every key, without x_, is PascalCase"),
    "json_value_types": ("column", "values of defined properties have their type; null passes"),
    "json_one_parent": (
        "column array child parent",
        "inside one cell no value of the key `child` stands with two values of the key `parent`",
    ),
    "json_element_equals_column": (
        "column array key other",
        "if the array has one element, its key equals the column `other` (where that has a value)",
    ),
    "json_array_has_column": ("column array key other", "an element's key equals the column `other`"),
    "json_units": ("column array key", "the key of each element, if it is text, follows UnitFormat"),
    "json_ratio_range": (
        "column path",
        "what stands at the path (`*`: each element) is a number from 0 to 1; absent passes",
    ),
    "json_wildcard_alone": ("column array", "a list `Values` with the text * has nothing else"),
    "json_dimension_is_column": (
        "column array",
        "each `Dimension` is a Column ID of Cost and Usage or starts with x_",
    ),
    "json_keys_disjoint": ("columns", "no key of the first object stands in the second"),
    "json_ratio_sum": (
        "column array key group_by",
        "for each group of rows (nulls equal) the numbers under the key add up to 1 within 10^-6; rows whose"
        " JSON breaks the column's schema stay out. Violations and checked count groups",
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
        parameters, given = SPECIALS[name][0].split(), set(argument) - {"name"}
    else:
        name, parameters, given = key, ARGUMENTS[key].split(), set(argument)
    optional = {parameter[:-1] for parameter in parameters if parameter.endswith("?")}
    required = set(parameters) - {f"{parameter}?" for parameter in optional}
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
