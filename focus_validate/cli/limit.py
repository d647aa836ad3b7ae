"""The time limit of a run."""

from __future__ import annotations

import os
import threading
from types import TracebackType

from focus_validate.cli import terminal

_UNUSABLE = 2


class TimeLimit:
    """Ends the process with exit code 2 when what it surrounds takes longer than ``seconds``.

    Even a native library that never returns is ended. What lies in temporary folders, the process that
    started this one removes.
    """

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._timer = None if seconds is None else threading.Timer(seconds, self._end)

    def __enter__(self) -> None:
        if self._timer is not None:
            self._timer.daemon = True
            self._timer.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _end(self) -> None:
        terminal.note(
            f"focus-validate: the check took longer than {self._seconds:g} seconds; raise --time-limit"
            " or check fewer rows; nothing was written"
        )
        os._exit(_UNUSABLE)
