"""``python -m focus_validate`` and the ``focus-validate`` command."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from types import FrameType


def main() -> None:
    """Run the command line and exit with its code.

    The process leaves without Python's shutdown: everything is written and closed by then, and what an
    interrupted query left behind would only be complained about on standard error.
    """
    signal.signal(signal.SIGTERM, _terminate)
    try:
        from focus_validate.cli import run

        code = run()
    except KeyboardInterrupt:  # before the command line could take care of it
        sys.stderr.write("focus-validate: interrupted, nothing was written\n")
        code = 128 + signal.SIGINT
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.flush()
    os._exit(code)


def _terminate(number: int, frame: FrameType | None) -> None:
    """Leave by an exception, so that temporary files are cleared away."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
