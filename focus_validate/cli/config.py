"""The configuration file: defaults for the options of ``check``, under their names on the command line."""

from __future__ import annotations

import sys
from collections.abc import Container, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import rich_click as click

from focus_validate.errors import UsageError
from focus_validate.text import did_you_mean, escape

OWN_FILE, PROJECT_FILE, TABLE = "focus-validate.toml", "pyproject.toml", "focus-validate"


def use_config(
    context: click.Context, option: click.Parameter, path: str | None, others: Container[str] = ()
) -> None:
    """Take the defaults of a command from ``path``, else from the file in the current folder.

    ``others`` are keys of another command, which mean nothing here.
    """
    name, table = _read(path) if path else _discover()
    if not isinstance(table, dict):
        raise UsageError(f"{name} is no table; write options in it, as in max-samples = 10")
    options = {_key(entry): entry for entry in context.command.params if isinstance(entry, click.Option)}
    del options["config"]
    defaults: dict[str, Any] = {}
    for key, value in table.items():
        if key in others:
            continue
        if key not in options:
            raise UsageError(f"{name}: unknown key '{escape(key)}'{did_you_mean(key, options)}")
        entry = options[key]
        if not _fits(entry, value):
            raise UsageError(f"{name}: {key} takes {_expected(entry)}")
        if isinstance(value, date):
            value = value.isoformat()
        defaults[entry.name or key] = [value] if entry.multiple and isinstance(value, str) else value
    context.default_map = defaults


def keys_of(options: Iterable[click.Parameter]) -> set[str]:
    """The keys under which options stand in the configuration file."""
    return {_key(entry) for entry in options if isinstance(entry, click.Option)}


def _key(option: click.Option) -> str:
    return max(option.opts, key=len).lstrip("-")


def _fits(option: click.Option, value: object) -> bool:
    if option.is_flag:
        return isinstance(value, bool)
    if option.multiple and isinstance(value, list):
        return all(isinstance(entry, str) for entry in value)
    return isinstance(value, str | int | float | date) and not isinstance(value, bool)


def _expected(option: click.Option) -> str:
    if option.is_flag:
        return "true or false"
    return "a text or a list of texts" if option.multiple else "a text, a number or a date"


def _discover() -> tuple[str, dict[str, Any]]:
    if Path(OWN_FILE).is_file():
        return _read(OWN_FILE)
    if Path(PROJECT_FILE).is_file():
        name, project = _read(PROJECT_FILE)
        return f"{name} [tool.{TABLE}]", project.get("tool", {}).get(TABLE, {})
    return "", {}


def _read(path: str) -> tuple[str, dict[str, Any]]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    name = escape(path)
    try:
        return name, tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read {name}: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{name} is no valid TOML: {escape(str(error))}") from error
