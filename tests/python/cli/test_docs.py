"""What the command line offers is documented, and what the documentation shows works."""

from __future__ import annotations

import re
import runpy
from inspect import signature
from pathlib import Path

import click
import pytest

from cli.conftest import PERIOD, PERIOD_COLUMNS
from focus_validate import Report, validate
from focus_validate.cli import cli

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "cli.md").read_text(encoding="utf-8")
OPTIONS = [
    (name, option)
    for name, command in cli.commands.items()
    for each in (command.commands.values() if isinstance(command, click.Group) else [command])
    for parameter in each.params
    if isinstance(parameter, click.Option)
    for option in parameter.opts
]


def test_the_page_is_up_to_date() -> None:
    """`python docs/generate.py` writes it anew."""
    assert runpy.run_path(str(DOCS / "generate.py"))["with_options"](PAGE) == PAGE


@pytest.mark.parametrize("name", cli.commands)
def test_every_command_has_a_section(name: str) -> None:
    assert f"\n## {name}\n" in PAGE


@pytest.mark.parametrize(("command", "option"), OPTIONS)
def test_every_option_is_in_the_section_of_its_command(command: str, option: str) -> None:
    section = PAGE.split(f"\n## {command}\n")[1].split("\n## ")[0]
    assert f"`{option}`" in section


def test_every_option_has_a_help_text() -> None:
    for command in cli.commands.values():
        for parameter in command.params:
            assert not isinstance(parameter, click.Option) or parameter.help, parameter.name


def test_every_command_on_the_page_parses() -> None:
    """Only the arguments: the files of the examples do not exist."""
    lines = re.findall(r"^\$ focus-validate (.+)$", PAGE, re.MULTILINE)
    assert lines
    program = click.Context(cli, **cli.context_settings)
    for line in lines:
        name, *arguments = line.split()
        cli.commands[name].make_context(name, arguments, parent=program)


def test_the_library_page_names_every_member_and_every_choice() -> None:
    page = (DOCS / "library.md").read_text(encoding="utf-8")
    members = [
        name for name in vars(Report) if not name.startswith("_") and name not in Report.__struct_fields__
    ]
    assert not [name for name in members if f"`{name}" not in page]
    assert not [
        name for name in signature(validate).parameters if f"`{name}" not in page and name != "source"
    ]


def test_the_library_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (DOCS / "library.md").read_text(encoding="utf-8")
    code = re.findall(r"```python\n(.*?)```", page, re.DOTALL)[0]
    (tmp_path / "export.csv").write_text(f"{PERIOD_COLUMNS}\n{PERIOD.replace('Closed', 'closed')}\n")
    monkeypatch.chdir(tmp_path)
    exec(code, {})
