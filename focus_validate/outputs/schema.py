"""The JSON Schema of the JSON report, generated from the structs it is written from."""

from __future__ import annotations

from typing import Any

import msgspec

from focus_validate.result import Report


def report_schema() -> dict[str, Any]:
    """The schema (JSON Schema 2020-12) of one report."""
    schema = msgspec.json.schema(Report)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "focus-validate report",
        **schema,
    }


def render_schema() -> str:
    """The schema as text, keys in a fixed order."""
    return msgspec.json.format(msgspec.json.encode(report_schema(), order="sorted"), indent=2).decode() + "\n"
