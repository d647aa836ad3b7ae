"""The JSON Schemas of the JSON reports, generated from the structs that they are written from."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any

import msgspec

from focus_validate.conformance.result import Bundle
from focus_validate.result import Report


def report_schema() -> dict[str, Any]:
    """The schema (JSON Schema 2020-12) of one report."""
    return _schema(Report, "focus-validate report")


def bundle_schema() -> dict[str, Any]:
    """The schema of what ``check-bundle`` writes."""
    return _schema(Bundle, "focus-validate bundle")


def render_schema(schema: dict[str, Any]) -> str:
    """A schema as text, keys in a fixed order."""
    return msgspec.json.format(msgspec.json.encode(schema, order="sorted"), indent=2).decode() + "\n"


def _schema(kind: type[msgspec.Struct], title: str) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **_dedented(msgspec.json.schema(kind)),
    }


def _dedented(part: Any) -> Any:
    """``part`` with descriptions as they read: Python before 3.13 keeps the indentation of docstrings."""
    if isinstance(part, list):
        return [_dedented(entry) for entry in part]
    if not isinstance(part, dict):
        return part
    return {
        key: cleandoc(value) if key == "description" and isinstance(value, str) else _dedented(value)
        for key, value in part.items()
    }
