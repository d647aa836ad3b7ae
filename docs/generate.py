"""Writes the parts of the documentation that come from the code: ``python docs/generate.py``.

``report.schema.json`` is the JSON Schema of the report. In ``cli.md`` the text between the markers
``<!-- options: COMMAND -->`` and ``<!-- end -->`` is the table of that command's arguments and options.
"""

from __future__ import annotations

import re
from pathlib import Path

import click

from focus_validate.cli import cli
from focus_validate.outputs.schema import render_schema

DOCS = Path(__file__).parent
_BLOCK = re.compile(r"(<!-- options: (?P<command>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def with_options(page: str) -> str:
    """``page`` with the tables of options as the code has them."""
    return _BLOCK.sub(lambda match: match[1] + options_of(cli.commands[match["command"]]) + match[3], page)


def options_of(command: click.Command) -> str:
    """A table of the options of one command."""
    rows = [_row(parameter) for parameter in command.params if isinstance(parameter, click.Option)]
    return "| option | meaning |\n| --- | --- |\n" + "".join(rows)


def _row(option: click.Option) -> str:
    names = ", ".join(f"`{name}`" for name in sorted(option.opts, key=len, reverse=True))
    value = "" if option.is_flag else f" `{option.metavar or _choices(option)}`"
    default = f" Default: `{option.default}`." if option.show_default else ""
    return f"| {names}{value} | {option.help}{default} |\n".replace("`|`", "`\\|`")


def _choices(option: click.Option) -> str:
    kind = option.type
    return "\\|".join(kind.choices) if isinstance(kind, click.Choice) else kind.name.upper()


def main() -> None:
    """Write both files anew."""
    (DOCS / "report.schema.json").write_text(render_schema(), encoding="utf-8")
    page = DOCS / "cli.md"
    page.write_text(with_options(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
