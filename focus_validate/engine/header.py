"""What the header alone decides: custom columns, order, and which dataset a file holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from focus_validate.errors import InputError
from focus_validate.spec.model import Catalogue, Dataset
from focus_validate.text import did_you_mean, escape, join_words, nearest
from focus_validate.versions import REPLACED

CUSTOM_PREFIX = "x_"
_LONGEST = 50
_SHOWN = 10

# Tests of CustomColumnHandling on the part of a name behind x_ (the length: on the whole name).
_NAME_TESTS: dict[str, Callable[[str], bool]] = {
    "pascal_case": lambda name: bool(re.fullmatch(r"[A-Z][A-Za-z0-9]*", name)),
    "alphanumeric": lambda name: bool(re.fullmatch(r"[A-Za-z0-9]+", name)),
    "special_characters": lambda name: not re.search(r"[^A-Za-z0-9]", name),
    "acronym": lambda name: not re.search(r"[A-Z]{2}", name),
    "length": lambda name: len(CUSTOM_PREFIX + name) <= _LONGEST,
}


def custom_columns(header: Sequence[str], dataset: Dataset) -> list[str]:
    """The columns that the dataset does not define."""
    known = {column.name for column in dataset.columns}
    return [name for name in header if name not in known]


def failing_columns(test: str, header: Sequence[str], dataset: Dataset) -> tuple[list[str], int]:
    """The custom columns that break one naming rule, and how many were looked at."""
    custom = custom_columns(header, dataset)
    if test == "prefix":
        return [name for name in custom if not name.startswith(CUSTOM_PREFIX)], len(custom)
    prefixed = [name for name in custom if name.startswith(CUSTOM_PREFIX)]
    return [name for name in prefixed if not _NAME_TESTS[test](name[len(CUSTOM_PREFIX) :])], len(prefixed)


def describe_columns(names: Sequence[str], dataset: Dataset) -> str:
    """The columns by name, each with the FOCUS column that it may mean."""
    known = [column.name for column in dataset.columns]
    shown = [f"{escape(name)}{_meant(name, known)}" for name in names[:_SHOWN]]
    rest = len(names) - len(shown)
    return join_words([*shown, f"{rest} more"] if rest else shown)


def _meant(name: str, known: Sequence[str]) -> str:
    """What became of a column of an older version, else the column that is spelled alike."""
    return f" (today {REPLACED[name]})" if name in REPLACED else did_you_mean(name, known)


def near_miss(column: str, header: Sequence[str], dataset: Dataset) -> str | None:
    """The custom column that is meant for an absent FOCUS column: its forerunner, or one spelled alike."""
    custom = custom_columns(header, dataset)
    for name in custom:
        if column == REPLACED[name] if name in REPLACED else nearest(name, [column]) == column:
            return name
    return None


def is_in_order(header: Sequence[str], dataset: Dataset) -> bool:
    """Whether FOCUS columns come first and both parts are sorted, by code point or ignoring case."""
    custom = custom_columns(header, dataset)
    known = {column.name for column in dataset.columns}
    focus = [name for name in header if name in known]
    return list(header) == [*focus, *custom] and all(
        part == sorted(part) or part == sorted(part, key=str.lower) for part in (focus, custom)
    )


def choose_dataset(catalogue: Catalogue, header: Sequence[str], wanted: str, name: str) -> Dataset:
    """The dataset named ``wanted``, or with ``auto`` the one that the header fits best."""
    if wanted != "auto":
        return next(dataset for dataset in catalogue.datasets if dataset.id == wanted)
    scores = sorted(
        ((_likeness(header, dataset), dataset.id) for dataset in catalogue.datasets), reverse=True
    )
    (best, first), (second, other) = scores[0], scores[1]
    if best == 0:
        raise InputError(f"{name}: no column of the header is a FOCUS column{_hint(catalogue, header)}")
    if best == second:
        raise InputError(
            f"{name}: the header fits {first} and {other} alike; say which with `check --dataset`"
        )
    return next(dataset for dataset in catalogue.datasets if dataset.id == first)


def _likeness(header: Sequence[str], dataset: Dataset) -> float:
    """Shared columns twice over all columns of both, custom ones left out (Dice coefficient)."""
    names = {name for name in header if not name.startswith(CUSTOM_PREFIX)}
    known = {column.name for column in dataset.columns}
    return 2 * len(names & known) / (len(names) + len(known))


def _hint(catalogue: Catalogue, header: Sequence[str]) -> str:
    if len(header) == 1 and (mark := next((each for each in ";|\t" if each in header[0]), None)):
        return f"; the columns seem to be separated by {mark!r}, and a CSV file needs commas"
    known = [column.name for dataset in catalogue.datasets for column in dataset.columns]
    close = [name for name in header if nearest(name, known)]
    if close:
        return f"; names must match exactly: {escape(close[0])}{did_you_mean(close[0], known)}"
    return "; if it is a FOCUS dataset, name it with `check --dataset`"
