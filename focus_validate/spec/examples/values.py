"""Cells for examples: plausible values of a column, and texts that break a type, a format or a pattern."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from focus_validate.spec.model import Column, Property

Cell = str | int | None
"""A cell of an example: text, null, or a number in a carrier that has types (Parquet, a database)."""

CUSTOM_COLUMN = "x_CostCenter"

_NUMBERS = ("10", "12")
_SHARES = ("0.25", "0.5")
_TIMES = ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")
_DURATIONS = ("1 Year", "3 Years")
_OBJECTS: dict[str, tuple[Any, Any]] = {
    "AllocatedMethodDetailsObject": (
        {"Elements": [{"AllocatedRatio": 0.25}]},
        {"Elements": [{"AllocatedRatio": 25}]},
    ),
    "CommitmentProgramEligibilityDetailsObject": (
        {"CommitmentPrograms": [{"ProgramType": "Reserved"}]},
        {"CommitmentPrograms": []},
    ),
    "ContractAppliedObject": (
        {
            "Elements": [
                {"ContractId": "c-1", "ContractCommitmentId": "cc-1", "ContractCommitmentAppliedCost": 12.5}
            ]
        },
        {"Elements": [{"ContractId": "c-1", "ContractCommitmentAppliedCost": 12.5}]},
    ),
    "ContractCommitmentApplicabilityObject": ({"IsGlobalScope": True}, {"IsGlobalScope": "yes"}),
}
"""For each JSON schema a small object that fits it, and one that does not."""

BAD_TYPE: dict[str, Cell] = {
    "string": 123456789012,
    "decimal": "ten",
    "datetime": "yesterday",
    "json": "team=blue",
    "json_or_string": "team=blue",
}
_BAD_NUMBERS = (
    *("1,234.50", "$32", "1/2", "+333", "1.5e7", "(12)", "1.5E+7", "1.5E(-7)", "[3, 5, 8]"),
    "ten",
)
_BAD_TIMES = ("2026-01-31T00:00:00+01:00", "2026-01-31 00:00:00Z", "2026-01-31T00:00Z")
_BAD_TEXTS = {"Currency": "usd", "Expected Format": "12 months"}
_BLANK = "   "
BAD_FORMAT: dict[str, tuple[str, ...]] = {
    "string": (),
    "numeric": _BAD_NUMBERS,
    "datetime": ("2026-01-31 00:00:00", *_BAD_TIMES),
    "currency": ("usd",),
    "national_currency": ("XAU",),
    "unit": ("hrs",),
    "key_value": ('{"Team": ["Blue", "Red"]}',),
    "json_object": ('{"x_Note": "a", "x_Note": "b"}',),
}
"""Texts that break a format; every text is a string."""


def dumped(value: Any) -> str:
    """A value as JSON text."""
    return json.dumps(value)


def plausible(column: Column) -> tuple[str, ...]:
    """Values that suit the column: its allowed values, else one or two that differ."""
    if column.allowed_values:
        return column.allowed_values
    if column.data_type == "Decimal":
        return _SHARES if column.numeric_range else _NUMBERS
    if column.data_type == "Date/Time":
        return _TIMES
    if column.data_type == "JSON":
        return _json(column)
    if column.value_format == "Currency":
        return ("USD", "EUR")
    if column.value_format == "Unit":
        return ("Hours", "GB")
    if column.value_format == "Expected Format":
        return _DURATIONS
    return _texts(column.name)


def _json(column: Column) -> tuple[str, ...]:
    if column.schema:
        return (dumped(_OBJECTS[column.schema][0]),)
    if column.defined_properties:
        return tuple(dumped(pair) for pair in with_first_property(column.defined_properties))
    return (dumped({"Team": "Blue"}), dumped({"Team": "Red"}))


def with_first_property(properties: dict[str, Property]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two objects with the first of the properties, each with a value of its type."""
    name, first = next(iter(properties.items()))
    values = (4, 8) if first.type == "Numeric" else (f"{name} A", f"{name} B")
    return {name: values[0]}, {name: values[1]}


def _texts(name: str) -> tuple[str, str]:
    """Texts made of the column's own name: billing-account-1 for an id, Service A for a name."""
    words = re.findall(r"[A-Z][a-z]+", name)
    if words[-1] == "Id":
        stem = "-".join(words[:-1]).lower()
        return f"{stem}-1", f"{stem}-2"
    stem = " ".join(words[:-1] if words[-1] == "Name" else words)
    return f"{stem} A", f"{stem} B"


def beyond(column: Column, values: Sequence[str]) -> Sequence[str]:
    """What is none of ``values``: the column's other values, else the first in another spelling."""
    return [value for value in plausible(column) if value not in values] or [values[0].lower()]


def wrong_object(schema: str) -> str:
    """JSON that does not fit the schema."""
    return dumped(_OBJECTS[schema][1])


def bad_texts(column: Column) -> tuple[str, ...]:
    """Texts of the wrong notation for the column, each wrong in its own way."""
    bad = {"Decimal": _BAD_NUMBERS, "Date/Time": _BAD_TIMES}
    return bad.get(column.data_type, (_BAD_TEXTS.get(column.value_format, _BLANK), _BLANK))
