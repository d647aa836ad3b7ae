"""The rules as the FOCUS requirements model has them, in the vocabulary of the catalogue."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from oracle import reference

FORMATS = {
    "FormatString": "string",
    "FormatNumeric": "numeric",
    "FormatDateTime": "datetime",
    "FormatCurrency": "currency",
    "FormatUnit": "unit",
    "FormatKeyValue": "key_value",
    "FormatJSON": "json_object",
    "CheckNationalCurrency": "national_currency",
}
TYPES = {"TypeString": "string", "TypeDecimal": "decimal", "TypeDateTime": "datetime", "TypeJSON": "json"}
BOUNDS = {
    "CheckGreaterOrEqualThanValue": ("minimum", False),
    "CheckGreaterThanValue": ("minimum", True),
    "CheckLessOrEqualThanValue": ("maximum", False),
}


@lru_cache
def rules() -> dict[str, dict[str, Any]]:
    """Active rules by id, each with the ``column`` of its file (the JSON column for object files)."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((reference.folder() / "rules").rglob("*.yaml")):
        document = reference.load(path)
        for rule in document["rules"]:
            if rule.get("status") != "Removed" and not rule.get("not_in_release"):
                found[rule["id"]] = {**rule, "column": document["column"].removesuffix("Object")}
    return found


def calls(rule: dict[str, Any]) -> list[str] | None:
    """The ids that a rule calls, or None if it has a check of its own or none."""
    check = rule.get("check")
    if check is None:
        return None
    ((function, argument),) = check.items()
    if function == "CheckModelRule":
        return [argument["ModelRuleId"]]
    if function in ("AND", "OR") and all(isinstance(item, str) for item in argument):
        return list(argument)
    return None


def translated(check: dict[str, Any]) -> dict[str, Any]:
    """A machine check in the vocabulary of the catalogue; KeyError where it has no counterpart."""
    ((function, argument),) = check.items()
    if function in ("AND", "OR"):
        return {"all" if function == "AND" else "any": [translated(item) for item in argument]}
    if function in FORMATS:
        return {"format": {"column": argument["ColumnName"], "as": FORMATS[function]}}
    if function in TYPES:
        return {"type": {"column": argument["ColumnName"], "is": TYPES[function]}}
    if function in BOUNDS:
        key, exclusive = BOUNDS[function]
        bound = {"column": argument["ColumnName"], "value": argument["Value"]}
        return {key: {**bound, "exclusive": True} if exclusive else bound}
    return _value_check(function, argument)


def _value_check(function: str, argument: dict[str, Any]) -> dict[str, Any]:
    if function in ("CheckValue", "CheckNotValue"):
        column, value = argument["ColumnName"], argument["Value"]
        if value is None:
            return {"is_null" if function == "CheckValue" else "not_null": column}
        return {"equals" if function == "CheckValue" else "not_equals": {"column": column, "value": value}}
    pair = [argument.get("ColumnAName"), argument.get("ColumnBName")]
    return {
        "ColumnPresent": lambda: {"column_present": argument["ColumnName"]},
        "CheckSameValue": lambda: {"same": pair},
        "CheckColumnComparison": lambda: {
            "compare": {"left": pair[0], "operator": argument["Comparator"], "right": pair[1]}
        },
        "ColumnByColumnEqualsColumnValue": lambda: {
            "product": {"factors": pair, "equals": argument["ResultColumnName"]}
        },
        "CheckDistinctCount": lambda: {
            "distinct_count": {"for_each": pair[0], "of": pair[1], "count": argument["ExpectedCount"]}
        },
        "CheckRegexMatch": lambda: {
            "matches": {"column": argument["ColumnName"], "pattern": argument["Pattern"].strip("^$")}
        },
        "CheckJSONSchema": lambda: {
            "json_schema": {
                "column": argument["ColumnName"],
                "schema": argument["SchemaId"].split("-")[1].removesuffix("Schema"),
            }
        },
    }[function]()


def canonical(check: Any) -> Any:
    """One form for equal checks: alternatives on one column as a list of values, order of AND and OR free."""
    if not isinstance(check, dict):
        return check
    ((key, argument),) = check.items()
    if key == "one_of":
        return ("one_of", argument["column"], frozenset(map(str, argument["values"])))
    if key in ("all", "any"):
        parts = [canonical(part) for part in argument]
        if len(parts) == 1:
            return parts[0]
        if key == "any" and all("equals" in part for part in argument):
            columns = {part["equals"]["column"] for part in argument}
            if len(columns) == 1:
                return ("one_of", *columns, frozenset(str(part["equals"]["value"]) for part in argument))
        if key == "any" and all("type" in part for part in argument):
            return ("type", argument[0]["type"]["column"], "json_or_string")
        return (key, frozenset(parts))
    if key == "equals" and isinstance(argument["value"], str):
        return ("one_of", argument["column"], frozenset({argument["value"]}))
    if key == "type":
        return ("type", argument["column"], argument["is"])
    if isinstance(argument, dict) and isinstance(argument.get("value"), int | float):
        argument = {**argument, "value": float(argument["value"])}
    return (key, repr(sorted(argument.items()) if isinstance(argument, dict) else argument))
