"""``python -m focus_validate`` and the ``focus-validate`` command."""

from __future__ import annotations

import contextlib
import os
import signal
import sys

from focus_validate.guard import guarded


def main() -> None:
    """Run the command line in a child process and exit with its code.

    The process leaves without Python's shutdown: everything is written and closed by then, and what an
    interrupted query left behind would only be complained about on standard error.
    """
    os._exit(guarded(_run))


def _run() -> int:
    try:
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
