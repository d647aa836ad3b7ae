"""The report as data frames, for notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from focus_validate.errors import UsageError
from focus_validate.result import Frame, Report

if TYPE_CHECKING:
    import pandas as pd


def to_frame(report: Report, what: Frame = "rules") -> pd.DataFrame:
    """One line per rule, per column, or per sample of an offending row."""
    try:
        import pandas as pd
    except ImportError as error:
        raise UsageError("to_df() needs pandas: install it, or use to_dict()") from error
    return pd.DataFrame(_records(report, what))


def _records(report: Report, what: Frame) -> list[dict[str, Any]]:
    if what == "columns":
        return [msgspec.structs.asdict(column) for column in report.columns]
    if what == "samples":
        return [
            {"rule": rule.id, "status": rule.status, **msgspec.structs.asdict(sample)}
            | {"column": sample.column or rule.column}
            for rule in report.rules
            for sample in rule.samples
        ]
    if what == "rules":
        return [
            {name: value for name, value in msgspec.structs.asdict(rule).items() if name != "samples"}
            for rule in report.rules
        ]
    raise UsageError(f"to_df({what!r}): use rules, columns or samples")
