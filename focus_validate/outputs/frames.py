"""The report as data frames, for notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from focus_validate.errors import UsageError
from focus_validate.result import ColumnResult, Frame, Report, RuleResult, Sample

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS: dict[str, list[str]] = {
    "rules": [name for name in RuleResult.__struct_fields__ if name != "samples"],
    "columns": list(ColumnResult.__struct_fields__),
    "samples": ["rule", "status", *Sample.__struct_fields__],
}
_COUNTS = ("violations", "checked", "nulls", "row")
"""Whole numbers that may be missing: pandas would make them floating ones."""


def to_frame(report: Report, what: Frame = "rules") -> pd.DataFrame:
    """One line per rule, per column, or per sample of an offending row."""
    try:
        import pandas as pd
    except ImportError as error:
        raise UsageError("to_df() needs pandas: install it, or use to_dict()") from error
    if what not in _COLUMNS:
        raise UsageError(f"to_df({what!r}): use rules, columns or samples")
    frame = pd.DataFrame(_records(report, what), columns=_COLUMNS[what])
    return frame.astype({name: "Int64" for name in _COUNTS if name in frame})


def _records(report: Report, what: Frame) -> list[dict[str, Any]]:
    if what == "columns":
        return [msgspec.structs.asdict(column) for column in report.columns]
    if what == "rules":
        return [msgspec.structs.asdict(rule) for rule in report.rules]
    return [
        {**msgspec.structs.asdict(sample), "rule": rule.id, "status": rule.status}
        | {"column": sample.column or rule.column}
        for rule in report.rules
        for sample in rule.samples
    ]
