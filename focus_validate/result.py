"""The result of a validation: one object that every output is written from.

Field names and meaning are those of the JSON report; keys may be added, none renamed.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Status = Literal["pass", "fail", "warn", "waived", "skip", "not_applicable", "attest"]
Value = str | int | float | bool | None


class Tool(msgspec.Struct, frozen=True):
    """The program that wrote the report."""

    name: str
    version: str


class InputFile(msgspec.Struct, frozen=True):
    """One input, as named on the command line; ``sha256`` and ``bytes`` are null for in-memory tables."""

    path: str
    bytes: int | None
    sha256: str | None
    rows: int


class Sample(msgspec.Struct, frozen=True, omit_defaults=True):
    """One offending row: ``row`` is 1-based over data rows, inside ``file`` when there are several.

    ``value`` is the raw text or number as it stands in the input (a list or object as JSON text, a number
    that JSON cannot hold as text); presence findings have no rows and so no samples.
    """

    row: int
    value: Value
    file: str | None = None
    column: str | None = None


class RuleResult(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on one rule. Composites carry no counts (``violations`` and ``checked`` are null)."""

    id: str
    column: str
    keyword: str
    kind: Literal["leaf", "composite"]
    status: Status
    violations: int | None
    checked: int | None
    message: str
    reason: str | None = None
    ruling: str | None = None
    samples: tuple[Sample, ...] = ()


class ColumnResult(msgspec.Struct, frozen=True, kw_only=True):
    """One column of the dataset: its worst status and how many nulls it holds (null when absent)."""

    name: str
    status: Status
    present: bool
    nulls: int | None


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """Leaf rules per status; ``conformant`` means that no rule failed."""

    rules: int
    passed: int = msgspec.field(name="pass")
    fail: int
    warn: int
    waived: int
    skip: int
    not_applicable: int
    attest: int
    conformant: bool


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The whole result of checking one dataset.

    ``header`` is the column names of the input in the order of the first file, unknown ones included.
    """

    schema_version: int
    tool: Tool
    focus_version: str
    dataset: str
    inputs: tuple[InputFile, ...]
    supports: tuple[str, ...]
    options: dict[str, Value]
    summary: Summary
    columns: tuple[ColumnResult, ...]
    rules: tuple[RuleResult, ...]
    header: tuple[str, ...] = ()
