"""The offending rows as CSV, to be opened in a spreadsheet.

Text that a spreadsheet would run as a formula gets an apostrophe in front.
"""

from __future__ import annotations

import csv
import io

from focus_validate.result import Report, Sample, Value
from focus_validate.spec.model import Dataset
from focus_validate.text import cut, escape, message_of, show_identity

HEADER = (
    "rule",
    "status",
    "keyword",
    "dataset",
    "column",
    "file",
    "row",
    "value",
    "violations",
    "message",
    "identity",
)
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_LONGEST = 1000


def render_csv(report: Report, dataset: Dataset) -> str:
    """A line per offending row that the report holds; a rule without rows (a missing column) has one line."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(HEADER)
    lone = report.inputs[0].path if len(report.inputs) == 1 else None
    for rule in report.rules:
        if rule.kind == "composite" or rule.status not in ("fail", "warn", "waived"):
            continue
        for sample in rule.samples or (None,):
            row = _row(sample, lone)
            cells = (rule.id, rule.status, rule.keyword, dataset.id, row[0] or rule.column, *row[1:])
            identity = show_identity(sample, _LONGEST) if sample else None
            writer.writerow(map(guard, (*cells, rule.violations, message_of(rule), identity)))
    return buffer.getvalue()


def guard(value: Value) -> Value:
    """``value`` without control characters, cut, and not to be taken for a formula; numbers stay numbers."""
    if not isinstance(value, str):
        return value
    text = escape(cut(value, _LONGEST))
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def _row(sample: Sample | None, lone: str | None) -> tuple[str | None, str | None, int | None, Value]:
    if sample is None:
        return None, lone, None, None
    return sample.column, sample.file or lone, sample.row, sample.value
