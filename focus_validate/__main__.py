"""``python -m focus_validate`` and the ``focus-validate`` command."""

from __future__ import annotations

import signal
import sys
from types import FrameType


def main() -> None:
    """Run the command line and exit with its code."""
    from focus_validate.cli import run

    signal.signal(signal.SIGTERM, _terminate)
    sys.exit(run())


def _terminate(number: int, frame: FrameType | None) -> None:
    """Leave by an exception, so that temporary files are cleared away."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
