"""From what a user names to a table: dispatch by kind of source."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from focus_validate.engine.readers.delimited import COMPRESSIONS, DELIMITERS, open_delimited
from focus_validate.engine.readers.files import regular_file
from focus_validate.engine.readers.memory import open_memory
from focus_validate.engine.readers.parquet import MAGIC, open_parquet
from focus_validate.engine.readers.table import Table
from focus_validate.errors import InputError
from focus_validate.options import Options

if TYPE_CHECKING:
    from focus_validate.engine.session import Session

_PARQUET = frozenset({".parquet", ".pq", ".parq"})
_KNOWN = "CSV or TSV (also .gz, .zst) or Parquet"


def source_paths(source: Any) -> tuple[Path, ...]:
    """The files that ``source`` names, absolute and in sorted path order; none for a table in memory."""
    if isinstance(source, str | os.PathLike):
        return (Path(source).absolute(),)
    if isinstance(source, Sequence) and all(isinstance(path, str | os.PathLike) for path in source):
        return tuple(Path(path).absolute() for path in sorted(source, key=os.fspath))
    return ()


def open_source(source: Any, options: Options, session: Session) -> Table:
    """The table that ``source`` stands for; raises InputError, with the remedy, if it is none."""
    if isinstance(source, str | os.PathLike):
        return _open_file(Path(source).absolute(), os.fspath(source), options, session)
    paths = source_paths(source)
    if isinstance(source, Sequence) and not paths:
        raise InputError("no input: name at least one file")
    if len(paths) == 1:
        return _open_file(paths[0], os.fspath(source[0]), options, session)
    if paths:
        raise InputError("several files as one dataset cannot be read yet; name one file")
    return open_memory(source, session)


def _open_file(path: Path, name: str, options: Options, session: Session) -> Table:
    suffix = path.suffix.lower()
    if suffix in _PARQUET or _begins_like_parquet(path, suffix):
        return open_parquet(path, name, session)
    if suffix in COMPRESSIONS or suffix in DELIMITERS:
        return open_delimited(path, name, session, options.null_text)
    regular_file(path)
    raise InputError(f"{name} is of no known kind; name it after what it holds: {_KNOWN}")


def _begins_like_parquet(path: Path, suffix: str) -> bool:
    """Whether a file whose name says nothing is Parquet; .csv that holds Parquet is an error of its own."""
    if suffix in DELIMITERS or suffix in COMPRESSIONS or not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(4) == MAGIC
