"""The choices of one validation run."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal

import msgspec

from focus_validate.errors import UsageError
from focus_validate.text import did_you_mean, escape, join_words, plain
from focus_validate.tolerance import USUAL, Tolerance

if TYPE_CHECKING:
    from focus_validate.spec.model import Flag

Progress = Callable[[str, float | None], None]
"""Told what is being done, in words a user understands, and the share of the whole run done (0 to 1, or
None when unknown). It may be called often: it is cheap and never raises, save KeyboardInterrupt."""

Partitions = Literal["columns", "ignore"]

DATASETS = ("CostAndUsage", "InvoiceDetail", "ContractCommitment", "BillingPeriod")
AUTO = "auto"
ALL = "ALL"
UTF_8 = "utf-8"
ENCODINGS = (UTF_8, "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252")
"""Encodings of delimited text under the names that users know; other names of these are understood."""
_NO_DELIMITERS = frozenset('"\r\n\0')
_SIZE = re.compile(r"[0-9]+(\.[0-9]+)?\s*[KMGT]i?B", re.IGNORECASE)


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What the user chose for a run; see SEMANTICS in the docs for what each one changes.

    ``supports`` holds applicability flags as declared; ``ALL`` is expanded before it gets here.
    ``null_text`` is the text that stands for null in CSV beside an empty unquoted field.
    ``delimiter`` stands between the fields of delimited text; None: what the file's ending says.
    ``encoding`` is that of delimited text, one of ENCODINGS.
    ``table`` is the table or view of a DuckDB database file.
    ``partitions`` says whether folders named ``Column=value`` are columns.
    ``tolerance`` says how products are compared; the report prints it.
    """

    dataset: str = AUTO
    supports: frozenset[str] = frozenset()
    selected: bool = False
    max_samples: int = 5
    null_text: str | None = None
    delimiter: str | None = None
    encoding: str = UTF_8
    table: str | None = None
    partitions: Partitions = "columns"
    fail_on: Literal["must", "warn"] = "must"
    tolerance: Tolerance = USUAL
    memory_limit: str | None = None
    threads: int | None = None
    temp_directory: str | None = None


def checked(options: Options) -> Options:
    """``options`` when their numbers and choices make sense."""
    if options.max_samples < 0:
        raise UsageError(f"max_samples is {options.max_samples}: use 0 or more")
    if options.threads is not None and options.threads < 1:
        raise UsageError(f"threads is {options.threads}: use 1 or more")
    if options.partitions not in ("columns", "ignore"):
        raise UsageError(f"partitions is '{escape(str(options.partitions))}': use columns or ignore")
    if options.fail_on not in ("must", "warn"):
        raise UsageError(f"fail_on is '{escape(str(options.fail_on))}': use must or warn")
    if options.memory_limit is not None and not _SIZE.fullmatch(options.memory_limit):
        raise UsageError(
            f"memory limit '{escape(options.memory_limit)}' is no size: write it as 2GB or 800MB"
        )
    return msgspec.structs.replace(
        options, delimiter=_delimiter(options.delimiter), encoding=_encoding(options.encoding)
    )


def _delimiter(text: str | None) -> str | None:
    """The delimiter that ``text`` means: one ASCII character, ``\\t`` for a tab."""
    if text is None:
        return None
    delimiter = "\t" if text == "\\t" else text
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in _NO_DELIMITERS:
        raise UsageError(
            f"delimiter '{escape(text)}': use one ASCII character such as ; or | or \\t, no quote or line end"
        )
    return delimiter


def _encoding(name: str) -> str:
    """Which of ENCODINGS ``name`` means."""
    known = {codecs.lookup(encoding).name: encoding for encoding in ENCODINGS}
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        found = ""
    if found not in known:
        raise UsageError(f"unknown encoding '{escape(name)}': use {join_words(ENCODINGS, 'or')}")
    return known[found]


def dataset_id(name: str) -> str:
    """The dataset that ``name`` means, in exact spelling; case and separators do not matter."""
    choices = {plain(choice): choice for choice in (AUTO, *DATASETS)}
    if plain(name) not in choices:
        allowed = join_words(list(choices.values()), "or")
        raise UsageError(f"unknown dataset '{escape(name)}'{did_you_mean(name, DATASETS)}: use {allowed}")
    return choices[plain(name)]


def declared_flags(names: Iterable[str], flags: Iterable[Flag]) -> frozenset[str]:
    """Which of ``flags`` the ``names`` declare: single ones, comma lists, ``ALL`` for the official ones."""
    flags = tuple(flags)
    official = {flag.name for flag in flags if flag.official}
    known = [flag.name for flag in flags]
    declared: set[str] = set()
    for name in (part.strip() for entry in names for part in entry.split(",")):
        if name == ALL:
            declared |= official
        elif name in known:
            declared.add(name)
        else:
            hint = did_you_mean(name, known)
            raise UsageError(
                f"unknown flag '{escape(name)}' in --supports{hint}: `focus-validate flags` lists them"
            )
    return frozenset(declared)
