"""Checking several datasets together: each by itself, then the rules and links across them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

import focus_validate
from focus_validate.conformance.catalogue import LINKS, RULES, Cross
from focus_validate.conformance.cross import CrossCheck, Outcome
from focus_validate.conformance.facts import Facts
from focus_validate.conformance.reader import FactReader
from focus_validate.conformance.result import Bundle, Link
from focus_validate.engine import evaluate
from focus_validate.engine.header import choose_dataset
from focus_validate.engine.readers.names import Named, expanded, named_files, prepared
from focus_validate.engine.readers.source import header_of, open_source
from focus_validate.engine.readers.table import place
from focus_validate.engine.session import Session
from focus_validate.errors import InputError, UsageError
from focus_validate.options import DATASETS, Options, Progress
from focus_validate.result import InputFile, Report, RuleResult, Sample, Status, Tool
from focus_validate.rollup import roll_up
from focus_validate.spec.model import Catalogue, Dataset, Level
from focus_validate.temporary import temporary_folder
from focus_validate.text import escape, some

if TYPE_CHECKING:
    from focus_validate.engine.readers.table import Table
    from focus_validate.policy import Policy

SCHEMA_VERSION = 1
_FACTS: dict[str, tuple[str, Callable[[FactReader], Any]]] = {
    "CostAndUsage": ("charges", FactReader.charges),
    "InvoiceDetail": ("lines", FactReader.lines),
    "ContractCommitment": ("commitments", FactReader.commitments),
    "BillingPeriod": ("periods", FactReader.periods),
}
_COMPARED = ("InvoiceDetail", "BillingPeriod")
"""Datasets whose earlier delivery a rule asks for."""


class _Part(NamedTuple):
    """Where one dataset lies: files, or one table of a database."""

    files: list[Named]
    options: Options


def check_bundle(
    sources: Sequence[str],
    options: Options,
    catalogue: Catalogue,
    *,
    tables: Sequence[str] = (),
    previous: Sequence[str] = (),
    previous_tables: Sequence[str] = (),
    policy: Policy | None = None,
    progress: Progress | None = None,
) -> Bundle:
    """Check the files, folders and patterns ``sources``, which hold two datasets or more.

    The files of one dataset are told by their header and taken together; of a DuckDB database ``tables`` are
    taken, each of them one dataset. ``previous`` is an earlier delivery of Invoice Detail, Billing Period or
    both. Raises InputError when something cannot be used.
    """
    if previous_tables and not previous:
        raise UsageError("--previous-table names tables of an earlier delivery, which needs --previous")
    with temporary_folder(options.temp_directory) as folder:
        now, before = _Delivery(sources, tables), _Delivery(previous, previous_tables, otherwise=tables)
        return _check(now, before, Path(folder), options, catalogue, policy, progress)


class _Delivery(NamedTuple):
    """What a user names: files, folders and patterns, and the tables of a database among them.

    ``otherwise`` are the tables if none is named and there is a database.
    """

    sources: Sequence[str]
    tables: Sequence[str]
    otherwise: Sequence[str] = ()


def _check(
    now: _Delivery,
    before: _Delivery,
    folder: Path,
    options: Options,
    catalogue: Catalogue,
    policy: Policy | None,
    progress: Progress | None,
) -> Bundle:
    datasets = {dataset.id: dataset for dataset in catalogue.datasets}
    parts, facts = _by_dataset(now, folder, options, catalogue), Facts()
    reports: dict[str, Report] = {}
    for name, (files, own) in parts.items():
        tell = _told_for(datasets[name], progress)
        settle = _settled_by(policy, datasets[name])
        reports[name] = evaluate(files, own, catalogue, tell, also=_reader_of(facts, name), settle=settle)
    earlier = _read_earlier(before, folder, options, catalogue, facts) if before.sources else ()
    across = _Across(facts, catalogue, options.max_samples)
    for name, report in reports.items():
        decided = across.decide(report, datasets[name])
        reports[name] = _settled_by(policy, datasets[name])(decided)
    return Bundle(
        schema_version=SCHEMA_VERSION,
        tool=Tool("focus-validate", focus_validate.__version__),
        focus_version=catalogue.focus_version,
        conformant=all(report.conformant for report in reports.values()),
        reports=tuple(reports.values()),
        links=tuple(
            across.link(cross, reports[cross.dataset].inputs) for cross in LINKS if cross.dataset in reports
        ),
        previous=earlier,
    )


def _settled_by(policy: Policy | None, dataset: Dataset) -> Callable[[Report], Report]:
    return lambda report: policy.apply(report, dataset) if policy else report


def _by_dataset(
    delivery: _Delivery, folder: Path, options: Options, catalogue: Catalogue
) -> dict[str, _Part]:
    """The files, or the table, of each dataset, in the order of DATASETS."""
    if "-" in delivery.sources:
        raise UsageError("standard input is one dataset; name the files of a bundle")
    named = expanded(list(delivery.sources), folder, options, catalogue) or []
    found: dict[str, _Part] = {}
    for file, table, header in _headers(named, delivery, options):
        place = f"{file.name} {escape(table)}" if table else file.name
        dataset = choose_dataset(catalogue, header, "auto", place)
        own = msgspec.structs.replace(options, dataset=dataset.id, table=table)
        files = found.setdefault(dataset.id, _Part([], own)).files
        if files and (table or found[dataset.id].options.table):
            raise InputError(
                f"{place} and {files[0].name} both hold {dataset.name}; make one table or view of them"
            )
        files.append(file)
    return {name: found[name] for name in DATASETS if name in found}


def _headers(
    named: Sequence[Named], delivery: _Delivery, options: Options
) -> list[tuple[Named, str | None, tuple[str, ...]]]:
    """The column names of each file, and of each table of a database."""
    found: list[tuple[Named, str | None, tuple[str, ...]]] = []
    databases = []
    with Session(options) as session:
        files = prepared(named, session.folder, options)
        session.lock([path for file in files for path in file.opened])
        for each, file in zip(named, files, strict=True):
            if file.kind == "database":
                databases.append((each, file))
            else:
                found.append((each, None, header_of(file, options, session)))
    if delivery.tables and not databases:
        tables = escape(some(delivery.tables))
        raise UsageError(f"{tables}: tables are named, but no file to take them from is a DuckDB database")
    for each, file in databases:
        for table in delivery.tables or delivery.otherwise or (None,):
            with Session(options) as session:
                session.lock(file.opened)
                own = msgspec.structs.replace(options, table=table)
                found.append((each, table, header_of(file, own, session)))
    return found


def _reader_of(facts: Facts, dataset: str, earlier: bool = False) -> Callable[[Session, Table], None]:
    def also(session: Session, table: Table) -> None:
        read = _FACTS[dataset][1]
        setattr(facts, _attribute(dataset, earlier), read(FactReader(session, table)))

    return also


def _read_earlier(
    before: _Delivery, folder: Path, options: Options, catalogue: Catalogue, facts: Facts
) -> tuple[InputFile, ...]:
    """Read an earlier delivery, whose own rules are of no interest here."""
    found: list[InputFile] = []
    parts = _by_dataset(before, folder, options, catalogue)
    if not set(parts) & set(_COMPARED):
        raise InputError("--previous: an earlier Invoice Detail or Billing Period is needed, none is there")
    for dataset in _COMPARED:
        if dataset not in parts:
            continue
        files, own = parts[dataset]
        with Session(own) as session:
            named = named_files(files, session.folder, own, catalogue) or []
            session.lock([path for file in named for path in file.opened])
            session.table = open_source(files, named, own, session)
            _reader_of(facts, dataset, earlier=True)(session, session.table)
            found.extend(session.table.finish())
    return tuple(found)


def _told_for(dataset: Dataset, progress: Progress | None) -> Progress | None:
    if progress is None:
        return None
    tell = progress
    return lambda stage, share: tell(f"{dataset.name}: {stage}", share)


class _Across:
    """Decides rules and links across datasets from the facts."""

    def __init__(self, facts: Facts, catalogue: Catalogue, max_samples: int) -> None:
        self._facts = facts
        self._checker = CrossCheck(facts, {code.code: code.minor_units for code in catalogue.currencies})
        self._names = {dataset.id: dataset.name for dataset in catalogue.datasets}
        self._max_samples = max_samples

    def decide(self, report: Report, dataset: Dataset) -> Report:
        """The report with the rules decided that the other datasets decide."""
        levels = {rule.id: rule.level for rule in dataset.rules}
        crosses = {cross.name: cross for cross in RULES if cross.dataset == dataset.id}
        leaves = {leaf.id: leaf for leaf in report.rules if leaf.kind == "leaf"}
        for name, cross in crosses.items():
            if leaves[name].status == "skip":
                leaves[name] = self._decided(leaves[name], levels[name], cross, report.inputs)
        columns = ((column.name, column.present, column.nulls) for column in report.columns)
        rules, settled, summary = roll_up(dataset, leaves, columns)
        return msgspec.structs.replace(report, rules=rules, columns=settled, summary=summary)

    def link(self, cross: Cross, files: tuple[InputFile, ...]) -> Link:
        """What became of one link."""
        reason = self._why_not(cross)
        outcome = Outcome() if reason else cross.judge(self._checker)
        status: Literal["pass", "warn", "skip"] = "warn" if outcome.violations else "pass"
        return Link(
            name=cross.name,
            dataset=cross.dataset,
            status="skip" if reason else status,
            violations=outcome.violations,
            checked=outcome.checked,
            message=cross.message,
            reason=reason,
            samples=self._samples(outcome, files),
        )

    def _decided(
        self, leaf: RuleResult, level: Level, cross: Cross, files: tuple[InputFile, ...]
    ) -> RuleResult:
        reason = self._why_not(cross)
        if reason is not None:
            return msgspec.structs.replace(leaf, reason=reason)
        outcome = cross.judge(self._checker)
        status: Status = "pass"
        if outcome.violations:
            status = "fail" if level == "fail" and outcome.hard else "warn"
        return msgspec.structs.replace(
            leaf,
            status=status,
            violations=outcome.violations,
            checked=outcome.checked,
            reason=None,
            samples=self._samples(outcome, files),
        )

    def _why_not(self, cross: Cross) -> str | None:
        """Why the rule cannot be decided: a dataset or a column is not there."""
        for earlier, columns in ((False, cross.needs), (True, cross.earlier)):
            for dataset, names in columns.items():
                facts = getattr(self._facts, _attribute(dataset, earlier))
                if facts is None:
                    kind = self._names[dataset]
                    return f"needs an earlier {kind} (--previous)" if earlier else f"needs the {kind} dataset"
                absent = [name for name in names if name in facts.absent]
                if absent:
                    of = f"the earlier {self._names[dataset]}" if earlier else self._names[dataset]
                    return f"column {absent[0]} is absent in {of}"
        return None

    def _samples(self, outcome: Outcome, files: tuple[InputFile, ...]) -> tuple[Sample, ...]:
        found = []
        for row, value in sorted(outcome.samples)[: self._max_samples]:
            number, file = place(files, row)
            found.append(Sample(row=number, value=value, file=file))
        return tuple(found)


def _attribute(dataset: str, earlier: bool) -> str:
    """Where the facts of a dataset stand in :class:`Facts`."""
    return f"earlier_{_FACTS[dataset][0]}" if earlier else _FACTS[dataset][0]
