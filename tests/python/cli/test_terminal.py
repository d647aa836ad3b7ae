"""The progress line on a real terminal (a pseudo-terminal behind standard error)."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time

import pytest

SCRIPT = """
import sys, time
from focus_validate.cli.terminal import ProgressLine
with ProgressLine({colour!r}) as progress:
    progress("counting the [red]rows[/red]", 0.25)
    time.sleep({seconds})
    {ending}
"""


def on_a_terminal(seconds: float, colour: str = "auto", ending: str = "pass", **environment: str) -> str:
    """What appears on the terminal while the script runs."""
    ours, theirs = pty.openpty()
    script = SCRIPT.format(seconds=seconds, colour=colour, ending=ending)
    clean = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    process = subprocess.Popen(
        [sys.executable, "-c", script], stderr=theirs, env=clean | {"TERM": "xterm"} | environment
    )
    os.close(theirs)
    seen = b""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if select.select([ours], [], [], 0.1)[0]:
            try:
                seen += os.read(ours, 4096)
            except OSError:
                break
    process.wait(timeout=30)
    os.close(ours)
    return seen.decode()


def test_a_long_run_shows_what_it_does() -> None:
    assert "counting the [red]rows[/red]" in on_a_terminal(2.5)


def test_a_short_run_shows_nothing() -> None:
    assert on_a_terminal(0.1) == ""


def test_a_terminal_that_cannot_move_the_cursor_is_left_alone() -> None:
    assert on_a_terminal(1.3, TERM="dumb") == ""


def test_the_line_is_cleared_and_the_cursor_comes_back_when_the_run_fails() -> None:
    seen = on_a_terminal(2.5, ending="raise SystemExit(1)")
    assert seen.rindex("\x1b[?25h") > seen.rindex("\x1b[?25l")
    assert seen.rstrip().endswith("\x1b[2K")


@pytest.mark.parametrize(("colour", "environment"), [("never", {}), ("auto", {"NO_COLOR": "1"})])
def test_without_colours_it_has_none(colour: str, environment: dict[str, str]) -> None:
    seen = on_a_terminal(2.5, colour=colour, **environment)
    assert "counting" in seen
    assert "\x1b[3" not in seen
    assert "\x1b[9" not in seen
