"""``focus-validate close-pack``: an accounting month as a workbook and a page."""

from __future__ import annotations

import re
from pathlib import Path

import rich_click as click

from focus_validate.cli import terminal
from focus_validate.errors import InputError
from focus_validate.text import count, escape

DOES_NOT_TIE = 1
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,30}")


@click.command("close-pack")
@click.argument("database", metavar="DATABASE")
@click.option(
    "--period",
    required=True,
    metavar="NAME",
    help="The accounting period: a month as YYYY-MM, or its name in the company's fiscal calendar.",
)
@click.option(
    "--output-dir",
    "folder",
    required=True,
    metavar="DIR",
    help="Write close-pack-NAME.xlsx and close-pack-NAME.html into DIR, which is made if missing.",
)
@click.option(
    "--schema",
    metavar="NAME",
    help="Schema of the marts, such as main_focus_ai. Needed only when the database holds several sets.",
)
@click.option(
    "--hide-customer-names",
    "hide",
    is_flag=True,
    help="Show stable ids in place of customers, projects and keys, and withhold texts that name a customer.",
)
@click.option(
    "--id-key",
    "key",
    metavar="FILE",
    help="Key of these ids, any file that you keep. Without one, who guesses a customer's id can check it.",
)
def close_pack(
    database: str, period: str, folder: str, schema: str | None, hide: bool, key: str | None
) -> int:
    """Render an accounting month from the marts in DATABASE: an Excel workbook and an HTML page.

    DATABASE is the DuckDB file that dbt built, or a folder with the marts as Parquet files
    (focus_ai__customer_gross_margin_monthly.parquet and so on).
    """
    from focus_validate.close_pack import build_pack, render_page, render_workbook
    from focus_validate.outputs.files import Target

    if not _NAME.fullmatch(period):
        raise click.BadParameter(
            f"{escape(period)} is no name of an accounting period, such as 2026-09", param_hint="--period"
        )
    name = f"close-pack-{period}"
    workbook, page = (
        Target(str(Path(folder, f"{name}.{ending}")), make_folder=True) for ending in ("xlsx", "html")
    )
    for target in (workbook, page):
        target.check([database])
    pack = build_pack(database, period, schema=schema, hide=hide, key=_key(key))
    rendered_workbook, rendered_page = render_workbook(pack), render_page(pack)
    workbook.write(rendered_workbook)
    page.write(rendered_page)
    terminal.note(f"{pack.title}: {escape(str(workbook.path))} and {escape(str(page.path))}")
    for text in pack.left_out:
        terminal.note(f"left out: {escape(text)}")
    for tie in pack.broken_ties:
        terminal.note(
            f"does not tie: {escape(tie.name)}, {escape(tie.left_text)} and {escape(tie.right_text)}"
        )
    if pack.ties:
        terminal.note(f"{count(len(pack.ties), 'equality', 'equalities')} between the sheets checked")
    return DOES_NOT_TIE if pack.broken_ties else 0


def _key(path: str | None) -> bytes:
    if path is None:
        return b""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"cannot read the key {escape(path)}: {error.strerror}") from None
