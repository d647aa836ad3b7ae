"""Check billing data against FOCUS 1.4, column by column.

>>> from focus_validate import validate
>>> report = validate("export.parquet")
>>> report.conformant, [rule.id for rule in report.failures()]

Importing the package is cheap: what a name needs is loaded when the name is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from focus_validate.api import validate, validate_bundle
    from focus_validate.conformance.result import Bundle, Link
    from focus_validate.errors import FocusValidateError, InputError, UsageError
    from focus_validate.options import Options
    from focus_validate.result import (
        Amount,
        ColumnResult,
        InputFile,
        MoneyAtStake,
        Report,
        RuleAtStake,
        RuleResult,
        Sample,
        Summary,
    )

__version__ = "0.1.0"

__all__ = [
    "Amount",
    "Bundle",
    "ColumnResult",
    "FocusValidateError",
    "InputError",
    "InputFile",
    "Link",
    "MoneyAtStake",
    "Options",
    "Report",
    "RuleAtStake",
    "RuleResult",
    "Sample",
    "Summary",
    "UsageError",
    "__version__",
    "validate",
    "validate_bundle",
]

_HOMES = {
    "validate": "api",
    "validate_bundle": "api",
    "Bundle": "conformance.result",
    "Link": "conformance.result",
    "FocusValidateError": "errors",
    "InputError": "errors",
    "UsageError": "errors",
    "Options": "options",
    "Amount": "result",
    "ColumnResult": "result",
    "InputFile": "result",
    "MoneyAtStake": "result",
    "Report": "result",
    "RuleAtStake": "result",
    "RuleResult": "result",
    "Sample": "result",
    "Summary": "result",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
