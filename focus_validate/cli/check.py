"""``focus-validate check``: judge files, write the report, exit with the verdict."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import rich_click as click

from focus_validate.cli import terminal
from focus_validate.cli.config import use_config
from focus_validate.cli.limit import TimeLimit
from focus_validate.options import AUTO, DATASETS, ENCODINGS, UTF_8
from focus_validate.outputs import FORMATS
from focus_validate.text import join_words
from focus_validate.tolerance import USUAL


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
    help="The format of what is written. Default: that of the file's ending, else console.",
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
    "--output-dir",
    "folder",
    metavar="DIR",
    help="Write the report in every format into DIR (report.json, report.xml and so on), which is made if "
    "it is missing.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["must", "warn"]),
    default="must",
    show_default=True,
    help="Exit with 1 when a MUST rule failed, or already when a SHOULD rule warned.",
)
@click.option(
    "--select",
    multiple=True,
    metavar="NAME",
    help="Judge these rules, groups of rules or columns only: a name or a comma list. May be repeated.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="NAME",
    help="Do not judge these rules, groups of rules or columns: a name or a comma list. May be repeated.",
)
@click.option(
    "--baseline",
    metavar="FILE",
    help="An earlier JSON report: what it has counts as waived; only what is new or more fails.",
)
@click.option(
    "--waivers",
    metavar="FILE",
    help="YAML or CSV file of accepted findings, each with rule, reason, owner and expires. A waiver that "
    "expired or that covers nothing fails the run.",
)
@click.option(
    "--as-of",
    "today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day on which waivers are judged, as YYYY-MM-DD. Default: today.",
)
@click.option(
    "--tolerance",
    default=USUAL.pair,
    show_default=True,
    metavar="UNITS,SHARE",
    help="How far a cost may be from its unit price times the quantity: so many UNITS of its last decimal "
    "place or this SHARE of it (0.01 is 1 %), whichever is more; 0,0 means not at all. Floating columns have "
    "no last place: the share alone counts.",
)
@click.option(
    "--max-samples",
    type=click.IntRange(min=0),
    default=5,
    show_default=True,
    metavar="N",
    help="So many offending rows are shown per rule; all are counted. With 0 the report holds nothing of the "
    "data.",
)
@click.option(
    "--table",
    metavar="[SCHEMA.]NAME",
    help="The table or view to check, when FILE is a DuckDB database. It is opened read-only.",
)
@click.option(
    "--partitions",
    type=click.Choice(["columns", "ignore"]),
    default="columns",
    show_default=True,
    help="What folders named Column=value are below a folder or pattern, where FOCUS defines Column or it "
    "begins with x_: columns of the table, or nothing.",
)
@click.option(
    "--null",
    "null_text",
    metavar="TEXT",
    help="CSV and JSON Lines: fields that are exactly TEXT mean null.",
)
@click.option(
    "--delimiter",
    metavar="TEXT",
    help="CSV: the character between fields, \\t for a tab. Default: a tab in .tsv, else a comma.",
)
@click.option(
    "--encoding",
    default=UTF_8,
    show_default=True,
    metavar="NAME",
    help=f"CSV: the encoding of the text: {join_words(ENCODINGS, 'or')}.",
)
@click.option("--memory-limit", metavar="SIZE", help="Memory that the engine may use, such as 2GB.")
@click.option("--threads", type=click.IntRange(min=1), metavar="N", help="Threads that the engine may use.")
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="End with exit code 2 when the check takes longer.",
)
@click.option("--temp-directory", metavar="DIR", help="Where the engine puts what does not fit in memory.")
@click.option(
    "--color",
    "colour",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colours: auto means on a terminal, unless NO_COLOR is set.",
)
@click.option(
    "--config",
    metavar="FILE",
    is_eager=True,
    expose_value=False,
    callback=use_config,
    help="TOML file with defaults for these options. Without it focus-validate.toml in the current folder, "
    "or the table [tool.focus-validate] of pyproject.toml.",
)
def check(
    files: tuple[str, ...],
    format_: str | None,
    outputs: tuple[str, ...],
    folder: str | None,
    colour: terminal.Colour,
    today: datetime | None,
    time_limit: float | None,
    **choices: Any,
) -> int:
    """Check FILEs, which together are one dataset, and exit with 1 when a MUST rule failed."""
    from focus_validate.api import dataset_of, validate
    from focus_validate.cli.plan import Plan
    from focus_validate.spec.loader import load_catalogue

    plan = Plan(format_, outputs, folder)
    plan.check(files)
    with TimeLimit(time_limit), terminal.ProgressLine(colour) as progress:
        report = validate(
            files[0] if len(files) == 1 else files,
            today=today.date() if today else None,
            progress=progress,
            **choices,
        )
    plan.write(report, dataset_of(load_catalogue(), report.dataset), colour)
    return report.exit_code(choices["fail_on"])
