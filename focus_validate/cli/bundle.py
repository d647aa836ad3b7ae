"""``focus-validate check-bundle``: judge several datasets that belong together."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from focus_validate.cli import terminal
from focus_validate.cli.check import check
from focus_validate.cli.config import keys_of, use_config
from focus_validate.cli.limit import TimeLimit
from focus_validate.errors import UsageError
from focus_validate.outputs import FORMATS, format_of, render
from focus_validate.outputs.files import Target
from focus_validate.text import escape

if TYPE_CHECKING:
    from focus_validate.conformance.result import Bundle

_SHARED = (
    *("supports", "selected", "fail_on", "select", "ignore", "waivers", "today", "max_samples", "null_text"),
    *("tolerance", "delimiter", "encoding", "partitions"),
    *("memory_limit", "threads", "time_limit", "temp_directory", "colour"),
)
"""Options that mean what they mean in ``check``, also in its configuration file."""
_OTHERS = keys_of(parameter for parameter in check.params if parameter.name not in _SHARED)


@click.command("check-bundle")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "--table",
    "tables",
    multiple=True,
    metavar="[SCHEMA.]NAME",
    help="A table or view to check, when a PATH is a DuckDB database; each is one dataset. May be repeated.",
)
@click.option(
    "--previous",
    multiple=True,
    metavar="PATH",
    help="An earlier delivery of Invoice Detail or Billing Period (file, folder or pattern): what was issued "
    "or closed there must not be open again. May be repeated.",
)
@click.option(
    "--previous-table",
    "previous_tables",
    multiple=True,
    metavar="[SCHEMA.]NAME",
    help="A table of the DuckDB database in --previous. Default: those of --table. May be repeated.",
)
@click.option(
    "--format",
    "-f",
    "format_",
    type=click.Choice(["console", "json"]),
    help="The format of what is written to standard output or --output. Default: json for a FILE that ends "
    "in .json, else console.",
)
@click.option("--output", "-o", metavar="FILE", help="Write the bundle to FILE instead of standard output.")
@click.option(
    "--output-dir",
    "folder",
    metavar="DIR",
    help="Write bundle.json and, per dataset, its report in every format into DIR (CostAndUsage.json and so "
    "on), which is made if it is missing.",
)
@click.option(
    "--config",
    metavar="FILE",
    is_eager=True,
    expose_value=False,
    callback=lambda context, option, path: use_config(context, option, path, _OTHERS),
    help="TOML file with defaults, as of `check`: the options that both commands have are taken.",
)
def check_bundle(
    paths: tuple[str, ...],
    previous: tuple[str, ...],
    format_: str | None,
    output: str | None,
    folder: str | None,
    colour: terminal.Colour,
    today: datetime | None,
    time_limit: float | None,
    **choices: Any,
) -> int:
    """Check the datasets in the files and folders PATH by themselves and against each other.

    Which dataset a file or table holds is told by its columns; files of the same dataset are taken together.
    """
    from focus_validate.api import validate_bundle

    targets = _targets(folder)
    whole = Target(output) if output else None
    for target in (*targets.values(), *([whole] if whole else ())):
        target.check([*paths, *previous])
    format_ = format_ or _format_of(output)
    with TimeLimit(time_limit), terminal.ProgressLine(colour) as progress:
        bundle = validate_bundle(
            paths,
            previous=previous,
            today=today.date() if today else None,
            progress=progress,
            **choices,
        )
    for path, text in _files(bundle).items() if folder else ():
        targets[path].write(text)
    if whole:
        whole.write(_text(bundle, format_, colour=False, width=80))
        terminal.note(f"{_verdict(bundle)} (report: {escape(output or '')})")
    else:
        text = _text(bundle, format_, colour=terminal.wants_colour(colour), width=terminal.width())
        terminal.emit(text, data=format_ == "json")
    return bundle.exit_code(choices["fail_on"])


check_bundle.params += [parameter for parameter in check.params if parameter.name in _SHARED]


def _format_of(output: str | None) -> str:
    """The format that the ending of the file asks for; refused if a bundle cannot be written in it."""
    name = format_of(output) if output else None
    if name not in (None, "console", "json"):
        raise UsageError(
            f"--output {escape(str(output))}: a bundle is written as text or JSON; --output-dir writes the"
            " report of each dataset in every format, or say --format"
        )
    return name or "console"


def _targets(folder: str | None) -> dict[str, Target]:
    """The files that may be written into the folder, by name."""
    from focus_validate.options import DATASETS

    if folder is None:
        return {}
    names = ["bundle.json", *(f"{dataset}{ending}" for dataset in DATASETS for ending in FORMATS.values())]
    return {name: Target(str(Path(folder, name)), make_folder=True) for name in names}


def _files(bundle: Bundle) -> dict[str, str]:
    """The texts of the files in the output folder, by name."""
    from focus_validate.api import dataset_of
    from focus_validate.spec.loader import load_catalogue

    texts = {"bundle.json": bundle.to_json()}
    for report in bundle.reports:
        dataset = dataset_of(load_catalogue(), report.dataset)
        texts |= {
            f"{report.dataset}{ending}": render(name, report, dataset) for name, ending in FORMATS.items()
        }
    return texts


def _text(bundle: Bundle, format_: str, *, colour: bool, width: int) -> str:
    from focus_validate.outputs.bundle import render_bundle
    from focus_validate.spec.loader import load_catalogue

    if format_ == "json":
        return bundle.to_json()
    return render_bundle(bundle, load_catalogue(), width=width, colour=colour)


def _verdict(bundle: Bundle) -> str:
    from focus_validate.outputs.bundle import verdict

    return verdict(bundle)
