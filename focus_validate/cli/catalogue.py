"""The commands that show what is checked: explain, rules, columns, flags, report-schema."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import rich_click as click

from focus_validate.cli import terminal
from focus_validate.options import AUTO, DATASETS, dataset_id

if TYPE_CHECKING:
    from focus_validate.spec.model import Catalogue, Dataset

_dataset_option = click.option("--dataset", metavar="ID", help=f"Only this dataset: {', '.join(DATASETS)}.")
_format_option = click.option(
    "--format",
    "-f",
    "format_",
    type=click.Choice(["console", "json"]),
    default="console",
    show_default=True,
    help="A list for a person, or JSON.",
)


@click.command()
@click.argument("name", metavar="RULE")
@_dataset_option
def explain(name: str, dataset: str | None) -> None:
    """Explain a RULE, a column or a flag: the demand, where it applies, how it is decided."""
    from focus_validate.outputs.explain import render_explain

    _page(render_explain, _catalogue(), name, _chosen(dataset))


@click.command()
@_dataset_option
@_format_option
def rules(dataset: str | None, format_: str) -> None:
    """List the rules with keyword, way of decision and demand."""
    from focus_validate.outputs.explain import render_rules, rules_as_json

    datasets = _datasets(dataset)
    if format_ == "json":
        terminal.emit(rules_as_json(datasets), data=True)
    else:
        _page(render_rules, datasets)


@click.command()
@_dataset_option
@_format_option
def columns(dataset: str | None, format_: str) -> None:
    """List the columns with type, level, nullability and the version that introduced them."""
    from focus_validate.outputs.explain import columns_as_json, render_columns

    datasets = _datasets(dataset)
    if format_ == "json":
        terminal.emit(columns_as_json(datasets), data=True)
    else:
        _page(render_columns, datasets)


@click.command()
def flags() -> None:
    """List the flags that `check --supports` takes."""
    from focus_validate.outputs.explain import render_flags

    _page(render_flags, _catalogue())


@click.command("report-schema")
@click.option("--bundle", is_flag=True, help="The schema of what `check-bundle` writes.")
def report_schema(bundle: bool) -> None:
    """Print the JSON Schema of the JSON report."""
    from focus_validate.outputs import schema

    terminal.emit(
        schema.render_schema(schema.bundle_schema() if bundle else schema.report_schema()), data=True
    )


def _page(render: Callable[..., str], *arguments: Any) -> None:
    terminal.emit(render(*arguments, width=terminal.width(), colour=terminal.wants_colour("auto")))


def _catalogue() -> Catalogue:
    from focus_validate.spec.loader import load_catalogue

    return load_catalogue()


def _datasets(name: str | None) -> list[Dataset]:
    chosen = _chosen(name)
    return [dataset for dataset in _catalogue().datasets if chosen in (None, dataset.id)]


def _chosen(name: str | None) -> str | None:
    found = dataset_id(name) if name else None
    return None if found == AUTO else found
