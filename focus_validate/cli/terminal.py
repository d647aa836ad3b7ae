"""What the command line writes to: standard output, standard error, a terminal's progress line."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from typing import TYPE_CHECKING, Literal

from focus_validate.errors import InputError

if TYPE_CHECKING:
    from rich.progress import Progress

Colour = Literal["auto", "always", "never"]
PATIENCE = 1.0
"""Seconds before progress is shown: short runs stay quiet."""


def wants_colour(choice: Colour) -> bool:
    """Whether to colour standard output: the option wins, then NO_COLOR, FORCE_COLOR, the terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Cells in a line of the terminal; 80 in a pipe unless COLUMNS says otherwise."""
    return max(40, shutil.get_terminal_size((80, 24)).columns)


def emit(text: str, *, data: bool = False) -> None:
    """Write a report to standard output; a reader that went away (``| head``) does not change the verdict.

    ``data`` is written as UTF-8 whatever the locale; text for a person in the terminal's encoding, with
    escapes for what it cannot show.
    """
    if sys.stdout is None:
        return
    encoding = "utf-8" if data else sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode(encoding, "backslashreplace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        discard_output()
    except OSError as error:
        discard_output()
        raise InputError(f"cannot write to standard output: {error.strerror}") from error


def flush() -> None:
    """Let what was written reach its reader now, while a failure can still be reported."""
    if sys.stdout is not None:
        sys.stdout.flush()


def discard_output() -> None:
    """Send what is still buffered nowhere, so that Python does not stumble over it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def note(text: str) -> None:
    """A line for the person at the terminal, on standard error."""
    if sys.stderr is not None:
        sys.stderr.write(text + "\n")


class ProgressLine:
    """A progress bar on standard error: only on a terminal, only when the run takes longer than a second.

    A timer starts it, since the engine may be silent inside one long query.
    """

    def __init__(self, colour: Colour = "auto") -> None:
        self._colour = colour
        self._stage: str = "reading"
        self._share: float | None = None
        self._bar: Progress | None = None
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> ProgressLine:
        if sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
            self._timer = threading.Timer(PATIENCE, self._start)
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer is None:
            return
        self._timer.cancel()
        with self._lock:
            self._timer = None
            if self._bar is not None:
                self._bar.stop()

    def __call__(self, stage: str, share: float | None) -> None:
        """Remember (and show) what the run is doing."""
        with self._lock:
            self._stage, self._share = stage, share
            self._update()

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        with self._lock:
            if self._timer is None:
                return
            self._bar = Progress(
                TextColumn("{task.description}", markup=False),
                BarColumn(bar_width=24),
                TimeElapsedColumn(),
                console=Console(stderr=True, no_color=self._colour == "never" or None),
                transient=True,
            )
            self._bar.add_task(self._stage, total=None)
            self._update()
            self._bar.start()

    def _update(self) -> None:
        if self._bar is not None:
            total = None if self._share is None else 1.0
            self._bar.update(
                self._bar.task_ids[0], description=self._stage, completed=self._share or 0, total=total
            )
