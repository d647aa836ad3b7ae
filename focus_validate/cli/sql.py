"""``focus-validate sql``: the queries that check a table where it lies."""

from __future__ import annotations

import rich_click as click

from focus_validate.cli import terminal
from focus_validate.errors import UsageError
from focus_validate.options import AUTO, DATASETS, Options, dataset_id, declared_flags
from focus_validate.tolerance import USUAL, tolerance_of

NAMES = ("snowflake", "spark", "duckdb", "bigquery", "postgres")
_MOST_PLACES = 37


@click.command()
@click.option("--dialect", type=click.Choice(NAMES), required=True, help="The database that the SQL is for.")
@click.option(
    "--dataset", required=True, metavar="ID", help=f"Which FOCUS dataset the table is: {', '.join(DATASETS)}."
)
@click.option(
    "--table",
    required=True,
    metavar="NAME",
    help="The table, as db.schema.table. Upper and lower case mean what they mean in the database; a part in "
    "double quotes is taken as it stands.",
)
@click.option(
    "--columns",
    metavar="NAME,...",
    help="The columns that the table has, in its order. Default: those of the dataset are taken for granted, "
    "and rules on presence and order are left out.",
)
@click.option(
    "--supports",
    multiple=True,
    metavar="FLAG",
    help="Declare what the data generator supports, as in `check`.",
)
@click.option("--selected", is_flag=True, help="Columns were left out on purpose: absence is no failure.")
@click.option(
    "--scale",
    type=click.IntRange(0, _MOST_PLACES),
    metavar="N",
    help="The columns with costs have N decimal places. Without it rules on products are left out, for their "
    "tolerance depends on it.",
)
@click.option(
    "--tolerance",
    default=USUAL.pair,
    show_default=True,
    metavar="UNITS,SHARE",
    help="How far a cost may be from its unit price times the quantity, as in `check`.",
)
@click.option("--output", "-o", metavar="FILE", help="Write to FILE instead of standard output.")
def sql(
    dialect: str,
    dataset: str,
    table: str,
    columns: str | None,
    supports: tuple[str, ...],
    selected: bool,
    scale: int | None,
    tolerance: str,
    output: str | None,
) -> None:
    """Print the queries that check a warehouse table, and which rules need an export instead."""
    from focus_validate.api import dataset_of
    from focus_validate.outputs.files import Target
    from focus_validate.spec.loader import load_catalogue
    from focus_validate.warehouse.query import Queries, Request

    chosen = dataset_id(dataset)
    if chosen == AUTO:
        raise UsageError(f"--dataset auto needs data: name one of {', '.join(DATASETS)}")
    catalogue = load_catalogue()
    options = Options(
        dataset=chosen,
        supports=declared_flags(supports, catalogue.flags),
        selected=selected,
        tolerance=tolerance_of(tolerance),
    )
    names = None if columns is None else tuple(name.strip() for name in columns.split(","))
    request = Request(dialect, table, options, names, scale)
    target = None if output in (None, "-") else Target(str(output))
    if target:
        target.check(())
    text = Queries(catalogue, dataset_of(catalogue, chosen), request).text()
    if target:
        target.write(text)
    else:
        terminal.emit(text, data=True)
