"""What a person would say beside the verdict: what the findings have in common and what to try next.

Hints come from the report and the catalogue alone, so that the same report gives the same hints.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from urllib.parse import unquote

import msgspec

from focus_validate.options import UTF_8
from focus_validate.result import NotFinite, Report, Sample
from focus_validate.spec.checks import is_presence, present_column
from focus_validate.spec.model import Column, Dataset, Rule
from focus_validate.text import count, show_place, some
from focus_validate.tolerance import chosen_tolerance
from focus_validate.versions import gap_to_current

_NULL_WORDS = frozenset({"", "null", "none", "nil", "n/a", "na", "nan", "\\n", "-", "(null)", "<null>"})
_FEW = 3
_TEXT_SUFFIXES = (".csv", ".tsv", ".txt", ".csv.gz", ".csv.zst", ".tsv.gz", ".tsv.zst")


class Hint(msgspec.Struct, frozen=True):
    """One remark: a sentence, details of a label and a text each, and what to add to the next run."""

    text: str
    details: tuple[tuple[str, str], ...] = ()
    null_text: str | None = None
    flags: tuple[str, ...] = ()


def hints(report: Report, dataset: Dataset) -> tuple[Hint, ...]:
    """The remarks on one report, the one that explains most first."""
    return tuple(
        hint
        for hint in (
            _not_asked_for(report, dataset),
            older_version(report, dataset),
            not_finite(report),
            *_null_texts(report),
            _undeclared_flags(report, dataset),
            _folder_names(report, dataset),
        )
        if hint is not None
    )


def older_version(report: Report, dataset: Dataset) -> Hint | None:
    """The version that the columns are of, if it is an older one, and what stands between it and this one."""
    gap = gap_to_current(report.header, dataset.columns, report.focus_version)
    if gap is None:
        return None
    facts = {column.name: column for column in dataset.columns}
    details = [("gone", f"{name}, see {heir}") for name, heir in gap.replaced]
    for version, names in gap.added:
        details += _missing_by_level(version, [facts[name] for name in names])
    broken = _columns_with_broken_values(report)
    if broken:
        details.append((f"values to mend in {count(len(broken), 'column')}", ", ".join(broken)))
    return Hint(
        f"The columns are those of FOCUS {gap.made_for}. Between the file and {report.focus_version} stand:",
        tuple(details),
    )


def not_finite(report: Report) -> Hint | None:
    """Amounts that are NaN or infinite, which no rule fails and every check of amounts passes over."""
    if not report.not_finite:
        return None
    return Hint(
        "NaN or infinity stands in floating columns. No rule fails for it, as FOCUS has a form for numbers in"
        " text only, and whatever compares amounts passes over it. Write the number, or null where there is"
        " none:",
        tuple((found.column, _rows_of(found)) for found in report.not_finite),
    )


def _rows_of(found: NotFinite) -> str:
    """``2 rows: row 4 (nan), row 9 (inf)``; the number alone where the report holds nothing of the data."""
    rows = [f"{show_place(sample)} ({sample.value})" for sample in found.samples]
    return f"{count(found.cells, 'row')}{': ' if rows else ''}{', '.join(rows)}"


def _not_asked_for(report: Report, dataset: Dataset) -> Hint | None:
    """The verdict says nothing about mandatory columns that are absent while their flags are not declared."""
    names = report.not_asked_for
    if not names:
        return None
    rules = [rule for name in names for rule in _presence_rules(dataset).get(name, ())]
    missing = tuple(dict.fromkeys(flag for rule in rules for flag in _undeclared(rule, report)))
    are = "is" if len(names) == 1 else "are"
    return Hint(
        f"{count(len(names), 'mandatory column')} of {dataset.name} {are} absent. The verdict says nothing"
        f" about that, for these are due only where {' and '.join(missing)} is declared. Declare it, and"
        " absence fails:",
        (("absent", ", ".join(names)),),
        flags=missing,
    )


def _missing_by_level(version: str, columns: list[Column]) -> Iterator[tuple[str, str]]:
    for mandatory in (True, False):
        names = [column.name for column in columns if (column.feature_level == "Mandatory") is mandatory]
        if names:
            yield f"new in {version}, {'mandatory' if mandatory else 'where supported'}", ", ".join(names)


def _columns_with_broken_values(report: Report) -> list[str]:
    present = {column.name for column in report.columns if column.present}
    return list(dict.fromkeys(rule.column for rule in report.failures() if rule.column in present))


def _folder_names(report: Report, dataset: Dataset) -> Hint | None:
    """Folders named Column=value that were taken for no column: FOCUS knows none of that name."""
    known = {*report.header, *(column.name for column in dataset.columns)}
    names = [name for name in _named_by_folders(report) if name not in known]
    if not names:
        return None
    columns = "column" if len(names) == 1 else "columns"
    return Hint(
        f"Folders name the {columns} {some(names)}, which FOCUS does not define: they only say where files"
        " lie."
    )


def _partitions(report: Report) -> list[str]:
    """The columns that the folders of every file gave; folders of an address give none."""
    return [name for name in _named_by_folders(report) if name in report.header]


def _named_by_folders(report: Report) -> list[str]:
    if report.options.get("partitions") != "columns" or not report.inputs:
        return []
    first, *others = [list(filter(None, map(_column, _folders(source.path)))) for source in report.inputs]
    return [name for name in dict.fromkeys(first) if all(name in names for names in others)]


def _folders(path: str) -> tuple[str, ...]:
    return () if "://" in path else PurePath(path).parts[:-1]


def _column(folder: str) -> str | None:
    name, equals, _ = folder.partition("=")
    return unquote(name) if equals else None


def _null_texts(report: Report) -> Iterator[Hint]:
    columns: dict[str, list[str]] = {}
    for rule in (*report.failures(), *report.warnings()):
        for sample in rule.samples:
            text = _null_text(sample)
            if text is not None and (sample.column or rule.column) not in columns.setdefault(text, []):
                columns[text].append(sample.column or rule.column)
    for text, names in columns.items():
        if len(names) > 1:
            yield _null_hint(report, text, names)


def _null_text(sample: Sample) -> str | None:
    value = sample.value
    return value if isinstance(value, str) and value.casefold() in _NULL_WORDS else None


def _null_hint(report: Report, text: str, names: list[str]) -> Hint:
    shown = text or '""'
    sentence = (
        f"The text {shown} stands in {count(len(names), 'column')} ({some(names)}) and is judged as text."
    )
    if not all(source.path.casefold().endswith(_TEXT_SUFFIXES) for source in report.inputs):
        return Hint(f"{sentence} If it means 'no value', write true nulls.")
    empty = "empty" if text else "empty, without quotes"
    advice = f"leave such fields {empty}; to check the rest now, add --null {quote(text)}."
    return Hint(f"{sentence} If it means 'no value', {advice}", null_text=text)


def _undeclared_flags(report: Report, dataset: Dataset) -> Hint | None:
    """Columns that hold values though the flags under which they must be present are not declared."""
    filled = {
        column.name
        for column in report.columns
        if column.present and column.nulls is not None and column.nulls < report.rows
    }
    columns: dict[tuple[str, ...], list[str]] = {}
    for name, rules in _presence_rules(dataset).items():
        missing = [_undeclared(rule, report) for rule in rules]
        if name in filled and missing and all(missing):
            columns.setdefault(missing[0], []).append(name)
    if not columns:
        return None
    return Hint(
        "Columns hold values though their flags are not declared, so related columns were not asked for. "
        "Declare what holds:",
        tuple((" + ".join(missing), some(names)) for missing, names in columns.items()),
        flags=tuple(dict.fromkeys(flag for missing in columns for flag in missing)),
    )


def _presence_rules(dataset: Dataset) -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = {}
    for rule in dataset.rules:
        if rule.check and is_presence(rule.check) and rule.level == "fail":
            found.setdefault(present_column(rule.check), []).append(rule)
    return found


def _undeclared(rule: Rule, report: Report) -> tuple[str, ...]:
    """The flags that keep a rule from applying; of two that do (``A|B``) the first."""
    choices = [flag.split("|") for flag in rule.flags]
    return tuple(choice[0] for choice in choices if not set(choice) & set(report.supports))


def command(report: Report, found: Iterable[Hint] = ()) -> str:
    """The command that checks the same data with the same choices and with what the hints propose."""
    found = tuple(found)
    parts = ["focus-validate", "check", *_inputs(report)]
    null_text = next(
        (hint.null_text for hint in found if hint.null_text is not None), report.options.get("null_text")
    )
    flags = dict.fromkeys([*report.supports, *(flag for hint in found for flag in hint.flags)])
    if report.options.get("selected"):
        parts.append("--selected")
    if isinstance(null_text, str):
        parts.append(f"--null {quote(null_text)}")
    tolerance = chosen_tolerance(report.options)
    if tolerance is not None:
        parts.append(f"--tolerance {tolerance.pair}")
    for option in ("table", "partitions", "delimiter", "encoding"):
        chosen = report.options.get(option)
        if isinstance(chosen, str) and chosen not in (UTF_8, "columns"):
            parts.append(f"--{option} {quote(chosen)}")
    for option in ("select", "ignore"):
        parts += [
            f"--{option} {quote(name)}" for name in str(report.options.get(option, "")).split(",") if name
        ]
    for option in ("baseline", "waivers"):
        if option in report.options:
            parts.append(f"--{option} {quote(str(report.options[option]))}")
    if flags:
        parts.append(f"--supports {','.join(flags)}")
    return " ".join(parts)


def _inputs(report: Report) -> list[str]:
    """The files as arguments: the folder above Hive's, else each, with points for those after a few."""
    paths = [source.path for source in report.inputs]
    columns = _partitions(report)
    roots = {_above_partitions(path, columns) for path in paths}
    if len(roots) == 1 and (root := roots.pop()):
        return [quote(root)]
    return [*map(quote, paths[:_FEW]), *(["..."] if len(paths) > _FEW else [])]


def _above_partitions(path: str, columns: list[str]) -> str | None:
    """The folder above the first one that gives one of ``columns``; None if there is none."""
    folders = _folders(path)
    first = next((number for number, folder in enumerate(folders) if _column(folder) in columns), None)
    return None if first is None else str(PurePath(*folders[:first]))


def quote(text: str) -> str:
    """``text`` as one word of a POSIX shell."""
    return shlex.quote(text)
