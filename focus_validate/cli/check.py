"""``focus-validate check``: judge files, write the report, exit with the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import rich_click as click

from focus_validate.cli import terminal
from focus_validate.errors import UsageError
from focus_validate.options import AUTO, DATASETS

if TYPE_CHECKING:
    from focus_validate.outputs.files import Target
    from focus_validate.result import Report

FORMATS = ("console", "json")


@click.command(epilog="`-` as FILE or --output means standard input or output.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--dataset",
    default=AUTO,
    show_default=True,
    metavar="ID",
    help=f"Which FOCUS dataset the data is: {', '.join(DATASETS)}; auto tells it by the columns.",
)
@click.option(
    "--supports",
    multiple=True,
    metavar="FLAG",
    help="Declare what the data generator supports: a flag, a comma list, or ALL for the official flags "
    "(`focus-validate flags`). May be repeated. Decides which columns must be present.",
)
@click.option("--selected", is_flag=True, help="Columns were left out on purpose: absence is no failure.")
@click.option(
    "--format",
    "-f",
    "format_",
    type=click.Choice(FORMATS),
    help="What is written: console (default) or json.",
)
@click.option(
    "--output",
    "-o",
    "outputs",
    multiple=True,
    metavar="[FORMAT=]FILE",
    help="Write the report to FILE instead of standard output. With FORMAT= a further report is written "
    "beside it. May be repeated.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["must", "warn"]),
    default="must",
    show_default=True,
    help="Exit with 1 when a MUST rule failed, or already when a SHOULD rule warned.",
)
@click.option(
    "--max-samples",
    type=click.IntRange(min=0),
    default=5,
    show_default=True,
    metavar="N",
    help="So many offending rows are shown per rule; all are counted.",
)
@click.option("--null", "null_text", metavar="TEXT", help="CSV: fields that are exactly TEXT mean null.")
@click.option("--memory-limit", metavar="SIZE", help="Memory that the engine may use, such as 2GB.")
@click.option("--threads", type=click.IntRange(min=1), metavar="N", help="Threads that the engine may use.")
@click.option("--temp-directory", metavar="DIR", help="Where the engine puts what does not fit in memory.")
@click.option(
    "--color",
    "colour",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colours: auto means on a terminal, unless NO_COLOR is set.",
)
def check(
    files: tuple[str, ...],
    format_: str | None,
    outputs: tuple[str, ...],
    colour: terminal.Colour,
    **choices: Any,
) -> int:
    """Check FILEs, which together are one dataset, and exit with 1 when a MUST rule failed."""
    plan = _plan(format_, outputs, files)
    from focus_validate.api import validate

    with terminal.ProgressLine() as progress:
        report = validate(files[0] if len(files) == 1 else files, progress=progress, **choices)
    _write(report, plan, colour)
    return report.exit_code(choices["fail_on"])


def _plan(
    format_: str | None, outputs: Sequence[str], files: Sequence[str]
) -> list[tuple[str, Target | None]]:
    """What is written where (None: standard output); wrong targets are refused here, before the work."""
    from focus_validate.outputs import format_of
    from focus_validate.outputs.files import Target

    plan: list[tuple[str, Target | None]] = []
    redirected = False
    for entry in outputs:
        name, _, path = entry.partition("=")
        if name not in FORMATS or not path:
            name, path = format_ or format_of(entry) or "console", entry
            redirected = True
        plan.append((name, None if path == "-" else Target(path)))
    if not redirected and all(target is not None for _, target in plan):
        plan.append((format_ or "console", None))
    targets = [target for _, target in plan if target is not None]
    for target in targets:
        target.check(files)
    if len({target.path.resolve() for target in targets}) < len(targets):
        raise UsageError("two outputs have the same name")
    if sum(target is None for _, target in plan) > 1:
        raise UsageError("two outputs go to standard output: give one of them a file")
    return plan


def _write(report: Report, plan: Sequence[tuple[str, Target | None]], colour: terminal.Colour) -> None:
    """Write every report; say the verdict on standard error when standard output does not."""
    from focus_validate.api import dataset_of
    from focus_validate.outputs import render
    from focus_validate.outputs.console import render_console, verdict
    from focus_validate.spec.loader import load_catalogue

    dataset = dataset_of(load_catalogue(), report.dataset)
    for name, target in plan:
        if target is not None:
            target.write(render(name, report, dataset))
    shown = [name for name, target in plan if target is None]
    for name in shown:
        if name == "console":
            coloured = terminal.wants_colour(colour)
            terminal.emit(render_console(report, dataset, width=terminal.width(), colour=coloured))
        else:
            terminal.emit(render(name, report, dataset), data=True)
    if not shown:
        files = ", ".join(str(target.path) for _, target in plan if target is not None)
        terminal.note(f"{verdict(report)} (report: {files})")
