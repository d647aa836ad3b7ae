"""What is written where: worked out, and refused if it cannot work, before the check begins."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from focus_validate.cli import terminal
from focus_validate.errors import UsageError
from focus_validate.outputs import FORMATS, format_of, render
from focus_validate.outputs.files import Target
from focus_validate.result import Report
from focus_validate.spec.model import Dataset
from focus_validate.text import escape, nearest

STANDARD_OUTPUT = "-"


class Plan:
    """The reports of one run: a format and a file each, and the format on standard output if there is one."""

    def __init__(self, format_: str | None, outputs: Sequence[str], folder: str | None) -> None:
        self.files: list[tuple[str, Target]] = []
        streams: list[str] = []
        redirected = False
        for entry in outputs:
            name, path, further = _parse(entry, format_)
            redirected = redirected or not further
            if path == STANDARD_OUTPUT:
                streams.append(name)
            else:
                self.files.append((name, Target(path)))
        if folder:
            self.files += [
                (name, Target(str(Path(folder, f"report{ending}")), make_folder=True))
                for name, ending in FORMATS.items()
            ]
        if not redirected and not streams:
            streams.append(format_ or "console")
        if len(streams) > 1:
            raise UsageError("two reports go to standard output: give one of them a file")
        self.stream = streams[0] if streams else None

    def check(self, inputs: Sequence[str]) -> None:
        """Raise when a file cannot be written, is an input, or is named twice."""
        for _, target in self.files:
            target.check(inputs)
        if len({target.path.resolve() for _, target in self.files}) < len(self.files):
            raise UsageError("two reports go to the same file")

    def write(self, report: Report, dataset: Dataset, colour: terminal.Colour) -> None:
        """Write the files, then standard output; without the latter the verdict goes to standard error."""
        texts = [(target, render(name, report, dataset)) for name, target in self.files]
        for target, text in texts:
            target.write(text)
        if self.stream == "console":
            _console(report, dataset, colour)
        elif self.stream:
            terminal.emit(render(self.stream, report, dataset), data=True)
        else:
            from focus_validate.outputs.console import verdict

            files = ", ".join(escape(str(target.path)) for target, _ in texts)
            terminal.note(f"{verdict(report)} (report: {files})")


def _parse(entry: str, format_: str | None) -> tuple[str, str, bool]:
    """Format and file of an ``--output``, and whether it is one beside standard output (``FORMAT=FILE``)."""
    name, equals, path = entry.partition("=")
    if equals and name in FORMATS and path:
        return name, path, True
    meant = nearest(name, FORMATS) if equals else None
    if meant and not format_:
        raise UsageError(
            f"unknown format '{escape(name)}' in --output (did you mean {meant}={escape(path)}?)"
        )
    return format_ or format_of(entry) or "console", entry, False


def _console(report: Report, dataset: Dataset, colour: terminal.Colour) -> None:
    from focus_validate.outputs.console import render_console

    coloured = terminal.wants_colour(colour)
    terminal.emit(render_console(report, dataset, width=terminal.width(), colour=coloured))
