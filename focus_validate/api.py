"""The library's front door: one call from data to a typed report."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from focus_validate.options import (
    AUTO,
    UTF_8,
    Options,
    Partitions,
    Progress,
    checked,
    dataset_id,
    declared_flags,
)
from focus_validate.result import FailOn, Report
from focus_validate.tolerance import USUAL, tolerance_of

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from focus_validate.conformance.result import Bundle
    from focus_validate.spec.model import Catalogue, Dataset

    Path: TypeAlias = "str | os.PathLike[str]"
    Table: TypeAlias = "pd.DataFrame | pl.DataFrame | pl.LazyFrame | pa.Table | duckdb.DuckDBPyRelation"
    Source: TypeAlias = "Path | Sequence[Path] | Table"


def validate(
    source: Source,
    *,
    dataset: str = AUTO,
    supports: Iterable[str] = (),
    selected: bool = False,
    tolerance: str = USUAL.pair,
    max_samples: int = 5,
    table: str | None = None,
    null_text: str | None = None,
    delimiter: str | None = None,
    encoding: str = UTF_8,
    partitions: Partitions = "columns",
    fail_on: FailOn = "must",
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    baseline: str | None = None,
    waivers: str | None = None,
    today: date | None = None,
    memory_limit: str | None = None,
    threads: int | None = None,
    temp_directory: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """Check one dataset against FOCUS 1.4.

    ``source`` is a file, several files that together are one dataset, or a table: a pandas or polars frame,
    an Arrow table, a DuckDB relation. ``dataset`` is ``auto`` or the id of a FOCUS dataset. ``supports``
    declares applicability flags; ``["ALL"]`` declares the official ones. ``selected`` says that columns were
    left out on purpose, so that absence is no failure. ``tolerance`` says how far a cost may be from its unit
    price times the quantity: units of its last decimal place and a share of it, whichever is more. ``table``
    is the table or view to check when ``source`` is a DuckDB database file; ``partitions`` says whether
    folders named ``Column=value`` are columns. ``null_text`` is text that stands for null in CSV and JSON
    Lines, ``delimiter`` the one character between the fields of CSV (default: a tab in .tsv, else a comma),
    ``encoding`` that of CSV, one of ``focus_validate.options.ENCODINGS``. ``select`` and ``ignore`` name
    rules or columns: only the selected ones, and not the ignored ones, are judged. ``baseline`` is an earlier
    JSON report: findings that it has are known. ``waivers`` is a YAML or CSV file of accepted findings,
    judged as of ``today``.

    ``memory_limit`` (such as ``2GB``), ``threads`` and ``temp_directory`` bound the engine.

    Raises :class:`~focus_validate.errors.InputError` when the data or an argument cannot be used.
    """
    from focus_validate.engine import evaluate
    from focus_validate.policy import load_policy
    from focus_validate.spec.loader import load_catalogue

    catalogue = load_catalogue()
    options = Options(
        dataset=dataset_id(dataset),
        supports=_declared(supports, catalogue),
        selected=selected,
        tolerance=tolerance_of(tolerance),
        max_samples=max_samples,
        table=table,
        null_text=null_text,
        delimiter=delimiter,
        encoding=encoding,
        partitions=partitions,
        fail_on=fail_on,
        memory_limit=memory_limit,
        threads=threads,
        temp_directory=temp_directory,
    )
    policy = load_policy(
        catalogue, select=select, ignore=ignore, baseline=baseline, waivers=waivers, today=today
    )

    def settle(report: Report) -> Report:
        return policy.apply(report, dataset_of(catalogue, report.dataset)) if policy else report

    return settle(evaluate(source, checked(options), catalogue=catalogue, progress=progress, settle=settle))


def validate_bundle(
    sources: Path | Sequence[Path],
    *,
    tables: Iterable[str] = (),
    previous: Path | Sequence[Path] = (),
    previous_tables: Iterable[str] = (),
    supports: Iterable[str] = (),
    selected: bool = False,
    tolerance: str = USUAL.pair,
    max_samples: int = 5,
    null_text: str | None = None,
    delimiter: str | None = None,
    encoding: str = UTF_8,
    partitions: Partitions = "columns",
    fail_on: FailOn = "must",
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    waivers: str | None = None,
    today: date | None = None,
    memory_limit: str | None = None,
    threads: int | None = None,
    temp_directory: str | None = None,
    progress: Progress | None = None,
) -> Bundle:
    """Check several datasets that belong together, and the rules that need more than one of them.

    ``sources`` are files, folders and patterns; which dataset a file holds is told by its columns, files of
    the same dataset are taken together. Of a DuckDB database among them ``tables`` are checked, each of them
    one dataset. ``previous`` is an earlier delivery of Invoice Detail, Billing Period or both, against which
    closed periods and issued invoices are held; ``previous_tables`` are those of a database there, if they
    are not named as in ``tables``. The choices mean what they mean in :func:`validate` and hold for every
    dataset.

    Raises :class:`~focus_validate.errors.InputError` when the data or an argument cannot be used.
    """
    from focus_validate.conformance.bundle import check_bundle
    from focus_validate.policy import load_policy
    from focus_validate.spec.loader import load_catalogue

    catalogue = load_catalogue()
    options = Options(
        supports=_declared(supports, catalogue),
        selected=selected,
        tolerance=tolerance_of(tolerance),
        max_samples=max_samples,
        null_text=null_text,
        delimiter=delimiter,
        encoding=encoding,
        partitions=partitions,
        fail_on=fail_on,
        memory_limit=memory_limit,
        threads=threads,
        temp_directory=temp_directory,
    )
    return check_bundle(
        _paths(sources),
        checked(options),
        catalogue,
        tables=_names(tables),
        previous=_paths(previous),
        previous_tables=_names(previous_tables),
        policy=load_policy(catalogue, select=select, ignore=ignore, waivers=waivers, today=today),
        progress=progress,
    )


def _declared(supports: Iterable[str], catalogue: Catalogue) -> frozenset[str]:
    return declared_flags(_names(supports), catalogue.flags)


def _names(given: Iterable[str]) -> tuple[str, ...]:
    """One name or several, as a tuple."""
    return (given,) if isinstance(given, str) else tuple(given)


def _paths(named: Path | Sequence[Path]) -> list[str]:
    if isinstance(named, str | os.PathLike):
        named = [named]
    return [os.fspath(path) for path in named]


def dataset_of(catalogue: Catalogue, name: str) -> Dataset:
    """The dataset of the catalogue with this exact id."""
    return next(dataset for dataset in catalogue.datasets if dataset.id == name)
