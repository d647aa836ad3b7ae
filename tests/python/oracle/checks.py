"""The check functions of SEMANTICS.md, on one row, and the conditions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from . import reference, rulings, special
from .moments import breaks_iso
from .numeric import Number, number_of
from .products import product_passes
from .reference import Column
from .schemas import SCHEMAS
from .table import Row, Table, fits_type, object_of, ordered, same_value, text_of
from .units import breaks_format

PRODUCT = "ColumnByColumnEqualsColumnValue"
X_CODES = {
    *("XAU", "XAG", "XPT", "XPD", "XBA", "XBB", "XBC", "XBD", "XDR", "XSU", "XUA", "XTS", "XXX"),
    "XAD",
}
COMPARISONS = {
    "CheckGreaterOrEqualThanValue": lambda a, b: a >= b,
    "CheckLessOrEqualThanValue": lambda a, b: a <= b,
    "CheckGreaterThanValue": lambda a, b: a > b,
}


def columns(tree: Any) -> set[str]:
    """Columns that a condition or check mentions (BillingCurrency of a tolerance is not among them)."""
    if not isinstance(tree, dict):
        return set()
    ((function, arguments),) = tree.items()
    if function in ("AND", "OR"):
        return set().union(*(columns(item) for item in arguments))
    if function == rulings.SPECIAL:
        return special.columns(arguments)
    if function == "SubcategoryFits":
        return {"ServiceSubcategory", "ServiceCategory"}
    names = ("ColumnName", "ColumnAName", "ColumnBName", "ResultColumnName")
    return {arguments[name] for name in names if name in arguments}


def literal_equals(value: object, literal: object) -> bool:
    """A non-null cell equals a literal; a literal number compares by value."""
    if isinstance(literal, (int, float)):
        number = number_of(value)
        return number is not None and number == number_of(literal)
    return text_of(value) == literal


def holds(condition: Any, row: Row) -> bool:
    """A ``when``: null-safe on literals; a column that is absent reads as null."""
    ((function, arguments),) = condition.items()
    if function == "AND":
        return all(holds(item, row) for item in arguments)
    if function == "OR":
        return any(holds(item, row) for item in arguments)
    if function == "SameText":
        left, right = row[arguments["ColumnAName"]], row[arguments["ColumnBName"]]
        return left is not None and right is not None and text_of(left) == text_of(right)
    value = row.get(arguments["ColumnName"])
    if function == "NotOther":
        return value is None or re.fullmatch(r"Other \(.*\)", text_of(value)) is None
    if function == "NonZero":
        number = number_of(value)
        return number is not None and number.sign != 0
    equal = (
        value is None
        if arguments["Value"] is None
        else value is not None and literal_equals(value, arguments["Value"])
    )
    if function == "CheckValue":
        return equal
    if function == "CheckNotValue":
        return not equal
    raise NotImplementedError(function)


def passes(check: Any, row: Row, table: Table, library: Mapping[str, Column]) -> bool:
    """A check on a row whose condition holds (and whose own column is not null, outside Nullability)."""
    ((function, arguments),) = check.items()
    if function == "AND":
        return all(passes(item, row, table, library) for item in arguments)
    if function == "OR":
        return any(passes(item, row, table, library) for item in arguments)
    if function == rulings.SPECIAL:
        return special.row_passes(arguments, row, table)
    if function in ("CheckSameValue", "CheckColumnComparison"):
        return pair_passes(function, arguments, row, library)
    if function == PRODUCT:
        return product_passes(
            arguments["ColumnAName"], arguments["ColumnBName"], arguments["ResultColumnName"], row, table
        )
    name = arguments["ColumnName"]
    value = row[name]
    if function in ("CheckValue", "CheckNotValue") and arguments["Value"] is None:
        return bool((value is None) == (function == "CheckValue"))
    return value is None or value_passes(function, arguments, value, row, table.physical(name))


def value_passes(function: str, arguments: Any, value: Any, row: Row, physical: str) -> bool:
    if function.startswith("Type"):
        return fits_type(function, physical, value)
    if function.startswith("Format"):
        return format_passes(function, value, physical)
    if function in COMPARISONS:
        number = number_of(value)
        return number is None or bool(COMPARISONS[function](number, exact(arguments["Value"])))
    if function == "Between":
        number = number_of(value)
        return number is None or Number(0, 0) < number < Number(1, 0)
    if function == "CheckValue":
        literal = arguments["Value"]
        if isinstance(literal, (int, float)) and number_of(value) is None:
            return True
        return literal_equals(value, literal)
    if function == "CheckNotValue":
        return not literal_equals(value, arguments["Value"])
    if function == "OneOf":
        return text_of(value) in arguments["Values"]
    if function == "CheckRegexMatch":
        pattern = arguments["Pattern"].rstrip("$").replace(r"\s", "[\t\n\f\r ]")
        return not isinstance(value, str) or re.fullmatch(pattern, value) is not None
    if function == "CheckNationalCurrency":
        return text_of(value) in reference.currencies() - X_CODES
    if function == "SubcategoryFits":
        return row["ServiceCategory"] is not None and subcategory_fits(
            text_of(value), text_of(row["ServiceCategory"])
        )
    if function == "CheckJSONSchema":
        root = object_of(value)
        return root is None or SCHEMAS[arguments["ColumnName"]](root)
    raise NotImplementedError(function)


def subcategory_fits(subcategory: str, category: str) -> bool:
    return reference.subcategory_parents().get(subcategory) == category


def exact(literal: float) -> Number:
    number = number_of(literal)
    if number is None:
        raise ValueError(literal)
    return number


def format_passes(function: str, value: Any, physical: str) -> bool:
    if function == "FormatString":
        return True
    if function in ("FormatKeyValue", "FormatJSON"):
        root = object_of(value)
        if root is None:
            return False
        return special.is_key_value(root) if function == "FormatKeyValue" else special.keys_unique(root)
    if function == "FormatCurrency":
        return text_of(value) in reference.currencies()
    if physical not in ("text", "string"):
        return physical != "zoned" or function != "FormatDateTime"
    if function == "FormatNumeric":
        return number_of(value) is not None
    if function == "FormatDateTime":
        return not breaks_iso(value)
    if function == "FormatUnit":
        return not breaks_format(value)
    raise NotImplementedError(function)


def pair_passes(function: str, arguments: Any, row: Row, library: Mapping[str, Column]) -> bool:
    name = arguments["ColumnAName"]
    left, right = row[name], row[arguments["ColumnBName"]]
    if left is None or right is None:
        return True
    kind = library[name].data_type
    if function == "CheckSameValue":
        return same_value(kind, left, right)
    return ordered(kind, left, right, arguments["Comparator"])


def distinct_groups(arguments: Any, numbered: Iterable[tuple[int, Row]]) -> tuple[list[int], int]:
    """First row numbers of the a values that fail, and the number of a values."""
    firsts: dict[object, int] = {}
    seen: dict[object, set[object]] = {}
    for number, row in numbered:
        key, value = row[arguments["ColumnAName"]], row[arguments["ColumnBName"]]
        if key is None:
            continue
        firsts.setdefault(key, number)
        seen.setdefault(key, set())
        if value is not None:
            seen[key].add(special.key_of(value))
    broken = [
        firsts[key] for key, values in seen.items() if values and len(values) != arguments["ExpectedCount"]
    ]
    return broken, len(firsts)
