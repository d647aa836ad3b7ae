"""``python -m focus_validate`` and the ``focus-validate`` command."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys

from focus_validate.ahead import open_ahead
from focus_validate.guard import guarded

_NEED_A_DATABASE = ("check", "check-bundle")
_MANY_OBJECTS = 100_000
"""Made before Python looks for unused ones: the catalogue has many, and all of them stay."""


def main() -> None:
    """Run the command line in a child process and exit with its code.

    The process leaves without Python's shutdown: everything is written and closed by then, and what an
    interrupted query left behind would only be complained about on standard error.
    """
    os._exit(guarded(_run))


def _run() -> int:
    try:
        gc.set_threshold(_MANY_OBJECTS)
        if len(sys.argv) > 1 and sys.argv[1] in _NEED_A_DATABASE:
            open_ahead()
        from focus_validate.cli import run

        code = run()
    except KeyboardInterrupt:  # before the command line could take care of it
        sys.stderr.write("focus-validate: interrupted, nothing was written\n")
        code = 128 + signal.SIGINT
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else 0
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.flush()
    return code


if __name__ == "__main__":
    main()
