"""The choices of one validation run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

Progress = Callable[[str, float | None], None]
"""Told what is being done, in words a user understands, and the share of the whole run done (0 to 1, or
None when unknown). It may be called often: it is cheap and never raises, save KeyboardInterrupt."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What the user chose for a run; see SEMANTICS in the docs for what each one changes.

    ``supports`` holds applicability flags as declared; ``ALL`` is expanded before it gets here.
    ``null_text`` is the text that stands for null in CSV beside an empty unquoted field.
    ``tolerance`` names how products are compared and is printed in the report.
    """

    dataset: str = "auto"
    supports: frozenset[str] = frozenset()
    selected: bool = False
    max_samples: int = 5
    null_text: str | None = None
    fail_on: Literal["must", "warn"] = "must"
    tolerance: str = "max(0.5 * 10^-d, 1e-9 * |r|)"
    memory_limit: str | None = None
    threads: int | None = None
    temp_directory: str | None = None
