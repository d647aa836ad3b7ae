"""Every way to write a report down; all of them read the one :class:`~focus_validate.result.Report`."""

from __future__ import annotations

from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING

import msgspec

from focus_validate.result import Report

if TYPE_CHECKING:
    from focus_validate.spec.model import Dataset

FORMATS = {
    "console": ".txt",
    "json": ".json",
    "junit": ".xml",
    "sarif": ".sarif",
    "markdown": ".md",
    "csv": ".csv",
}
"""The formats by name, each with the ending of its files."""


def render(name: str, report: Report, dataset: Dataset) -> str:
    """The report in one of the :data:`FORMATS`."""
    if name == "json":
        return render_json(report)
    module = import_module(f"{__name__}.{name}")
    return str(getattr(module, f"render_{name}")(report, dataset))


def format_of(path: str) -> str | None:
    """The format that a file's ending asks for."""
    endings = {ending: name for name, ending in FORMATS.items()}
    return endings.get(PurePath(path).suffix.casefold())


def render_json(report: Report) -> str:
    """The JSON report: keys in the order of the structs, two blanks of indent, one newline at the end."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n"
