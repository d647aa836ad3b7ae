"""The engine's one entry: from a source to a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from focus_validate.engine.header import choose_dataset
from focus_validate.engine.plan import Planner
from focus_validate.engine.readers.names import STANDARD_INPUT, Named, named_files
from focus_validate.engine.readers.source import open_source
from focus_validate.engine.readers.table import Table
from focus_validate.engine.run import Run
from focus_validate.engine.session import Session
from focus_validate.engine.verdict import report
from focus_validate.errors import MemoryLimitError
from focus_validate.options import Options, Progress
from focus_validate.result import Report
from focus_validate.spec.model import Catalogue


def evaluate(
    source: Any,
    options: Options,
    catalogue: Catalogue | None = None,
    progress: Progress | None = None,
    also: Callable[[Session, Table], None] | None = None,
    settle: Callable[[Report], Report] | None = None,
) -> Report:
    """Check ``source`` (a path, several paths, a table in memory) against the rules of one dataset.

    ``also`` may read more from the same table while it is open. ``settle`` says which failures count after
    waivers and the like: money at stake is that of theirs alone. The same input and options give the same
    report. Raises InputError when the input or an option cannot be used: one line that says what, where and
    how to mend it.
    """
    try:
        return _evaluate(source, options, catalogue, progress, also, settle)
    except Exception as error:
        if not _is_fault_of_threads(error, source, options):
            raise
    if progress is not None:
        progress("reading again, by one thread", 0.0)
    return _evaluate(source, msgspec.structs.replace(options, threads=1), catalogue, progress, also, settle)


def _is_fault_of_threads(error: Exception, source: Any, options: Options) -> bool:
    """The engine broke down in itself, or ran out of memory, on files that can be read again.

    When memory is full, DuckDB 2.0 may drop a buffer of a CSV file between one thread's look whether it is in
    memory and its use: it notices, with an internal error, in some runs on 14 GB and not in others. In a
    table of thousands of columns each thread needs hundreds of megabytes. One thread alone meets neither: it
    is tried before anybody is told.
    """
    from focus_validate.duck import duckdb

    sources = source if isinstance(source, (list, tuple)) else [source]
    is_read_again = all(isinstance(each, (str, Path, Named)) and each != STANDARD_INPUT for each in sources)
    faults = (duckdb.InternalException, MemoryLimitError)
    return isinstance(error, faults) and is_read_again and options.threads != 1


def _evaluate(
    source: Any,
    options: Options,
    catalogue: Catalogue | None,
    progress: Progress | None,
    also: Callable[[Session, Table], None] | None,
    settle: Callable[[Report], Report] | None,
) -> Report:
    if catalogue is None:
        from focus_validate.spec.loader import load_catalogue

        catalogue = load_catalogue()
    tell = progress or _silent
    tell("reading the input", 0.0)
    with Session(options) as session:
        files = named_files(source, session.folder, options, catalogue)
        session.lock([path for file in files or () for path in file.opened])
        table = open_source(source, files, options, session)
        session.table = table
        dataset = choose_dataset(catalogue, table.header, options.dataset, table.name)
        plans = Planner(catalogue, dataset, table.fields, table.typed, options).plan()
        run = Run(session, table, catalogue, dataset, options.max_samples, tell)
        findings, contents = run.findings(plans)
        if also is not None:
            also(session, table)
        inputs = table.finish()

        def told(identities: Mapping[int, dict[str, str]]) -> Report:
            return report(
                catalogue, dataset, options, table.header, inputs, plans, findings, identities, contents
            )

        result = told({})
        if options.max_samples and any(finding.violations for finding in findings.values()):
            tell("finding the rows to show", 0.8)
            failed = {rule.id for rule in (settle(result) if settle else result).failures()}
            money, identities = session.together(
                lambda: run.money_at_stake(plans, failed), lambda: run.add_samples(plans, findings)
            )
            result = msgspec.structs.replace(told(identities), money_at_stake=money)
    tell("done", 1.0)
    return result


def _silent(message: str, share: float | None) -> None:
    pass
