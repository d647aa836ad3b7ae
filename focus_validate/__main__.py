"""``python -m focus_validate`` and the ``focus-validate`` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its code."""
    from focus_validate.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()
