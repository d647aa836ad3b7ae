"""``focus-validate audit``: the audit log of the dbt package."""

from __future__ import annotations

import re

import rich_click as click

from focus_validate.cli import terminal
from focus_validate.errors import UsageError
from focus_validate.text import escape

_HASH = re.compile(r"[0-9a-f]{64}")


@click.group(no_args_is_help=False)
def audit() -> None:
    """Check the audit log that the dbt package keeps."""


@audit.command()
@click.argument("path", metavar="PATH")
@click.option(
    "--table",
    metavar="NAME",
    help="The log in a DuckDB database file, with its schema if there are several. Default: "
    "focus_ai__audit_log.",
)
@click.option(
    "--expect-head",
    metavar="HASH",
    help="The entry_hash that was the last one when you kept it: the log may have grown since, but must hold "
    "it. Without it entries cut off at the end are not seen.",
)
@click.option(
    "--format",
    "-f",
    "format_",
    type=click.Choice(["console", "json"]),
    default="console",
    show_default=True,
    help="The format of what is written.",
)
def verify(path: str, table: str | None, expect_head: str | None, format_: str) -> int:
    """Check that no entry of the audit log in PATH was edited, deleted, inserted or moved.

    PATH is a DuckDB database file, or an export of the table as Parquet or CSV. Exits with 1 when the
    chain is broken.
    """
    from focus_validate.audit.reader import read_log
    from focus_validate.audit.report import render_json, render_text
    from focus_validate.audit.verify import verify as verify_log

    verdict = verify_log(read_log(path, table), _hash(expect_head))
    if format_ == "json":
        terminal.emit(render_json(verdict, path), data=True)
    else:
        terminal.emit(render_text(verdict, path))
    return 0 if verdict.intact else 1


def _hash(text: str | None) -> str | None:
    if text is None:
        return None
    hash_ = text.strip().lower()
    if not _HASH.fullmatch(hash_):
        raise UsageError(f"--expect-head '{escape(text)}' is no entry_hash: it has 64 hexadecimal digits")
    return hash_
