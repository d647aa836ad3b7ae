"""Command line of the demo."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

import duckdb
from rich.console import Console
from rich.markup import escape

from . import pages
from .figures import Figures
from .steps import PROJECT, Run, StepError
from .story import tell

WIDTH = 100


def main() -> int:
    """Run the steps, print what came out; 1 if a step failed or a file is not conformant."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument(
        "--output",
        type=Path,
        default=PROJECT.parent / "demo_output",
        help="folder for everything that is made (default demo_output beside this project)",
    )
    output = parser.parse_args().output.resolve()
    console = Console(width=min(WIDTH, shutil.get_terminal_size((WIDTH, 40)).columns), highlight=False)
    try:
        reports = Run(output, console).all()
        with Figures(output / "focus_ai.duckdb") as figures:
            pages.show_stages(console, figures)
            pages.show_verdict(console, reports)
            pages.show_margin(console, figures)
            pages.show_files(console, output, [path for path, _ in reports])
            pages.show_story(console, tell(figures))
    except (StepError, duckdb.Error) as error:
        console.print(f"[red]demo: {escape(str(error).splitlines()[0])}[/red]", soft_wrap=True)
        return 1
    failed = [path.name for path, report in reports if not report.conformant]
    if failed:
        console.print(f"[red]demo: not conformant to FOCUS 1.4: {', '.join(failed)}[/red]", soft_wrap=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
