"""From what a user names to a table: files, patterns, folders, standard input, tables in memory."""

from __future__ import annotations

import glob
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from focus_validate.engine.readers.arrow import ARROW_MAGIC, arrow_header, open_arrow
from focus_validate.engine.readers.delimited import (
    COMPRESSIONS,
    DELIMITERS,
    delimited_header,
    open_delimited,
    text_file,
)
from focus_validate.engine.readers.encoding import write_as_utf8
from focus_validate.engine.readers.files import File, regular_file
from focus_validate.engine.readers.memory import open_memory
from focus_validate.engine.readers.parquet import MAGIC, open_parquet, parquet_header
from focus_validate.engine.readers.table import Table
from focus_validate.engine.readers.union import united
from focus_validate.errors import InputError
from focus_validate.options import UTF_8, Options
from focus_validate.result import InputFile
from focus_validate.text import escape

if TYPE_CHECKING:
    from focus_validate.engine.session import Session

STANDARD_INPUT = "-"
_PARQUET = frozenset({".parquet", ".pq", ".parq"})
_ARROW = frozenset({".arrow", ".feather", ".ipc"})
_TEXT = frozenset(DELIMITERS) | frozenset(COMPRESSIONS)
_KNOWN = "CSV or TSV (also .gz, .zst), Parquet or Arrow"
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


@dataclass(frozen=True, slots=True)
class Named:
    """A file to read and its name as the user gave it; ``original`` if ``path`` is its text in UTF-8."""

    path: Path
    name: str
    original: File | None = None


def named_files(source: Any, folder: Path, encoding: str = UTF_8) -> list[Named] | None:
    """The files that ``source`` names, in sorted path order; None for a table in memory.

    Patterns and folders are expanded; standard input (``-``), and as UTF-8 what is text in another
    ``encoding``, is written to ``folder``. Raises InputError when
    nothing is named.
    """
    if isinstance(source, str | os.PathLike):
        named = list(_expand(os.fspath(source), folder))
    elif isinstance(source, Sequence) and all(isinstance(path, str | os.PathLike) for path in source):
        named = [file for path in source for file in _expand(os.fspath(path), folder)]
    else:
        return None
    if not named:
        raise InputError("no input: name at least one file")
    named.sort(key=lambda file: file.name)
    plain = [_without_wildcards(file, number, folder) for number, file in enumerate(named)]
    if encoding == UTF_8:
        return plain
    return [_in_utf8(file, number, folder, encoding) for number, file in enumerate(plain)]


def _without_wildcards(file: Named, number: int, folder: Path) -> Named:
    """A file under a path that DuckDB does not take for a pattern."""
    if not glob.has_magic(str(file.path)) or not file.path.is_file():
        return file
    link = folder / f"input-{number}{''.join(file.path.suffixes[-2:])}"
    if glob.has_magic(str(link)):
        link = link.with_name(f"input-{number}{file.path.suffix}")
    link.symlink_to(file.path)
    return Named(link, file.name)


def _in_utf8(file: Named, number: int, folder: Path, encoding: str) -> Named:
    """A file whose text, if it is one, is UTF-8."""
    if _kind(file) != "text":
        return file
    original = text_file(file.path, file.name)
    inner = Path(file.path.stem) if original.compression != "none" else file.path
    ending = inner.suffix.lower() if inner.suffix.lower() in DELIMITERS else ".csv"
    target = folder / f"utf-8-{number}{ending}"
    write_as_utf8(original, encoding, target)
    return Named(target, file.name, original)


def _expand(name: str, folder: Path) -> Iterable[Named]:
    if name == STANDARD_INPUT:
        return [Named(_stored_input(folder), name)]
    if "\0" in name:
        raise InputError(f"'{escape(name)}' is no file name; check the path")
    path = Path(name)
    if path.is_dir():
        return _files_below(path)
    if not path.exists() and glob.has_magic(name):
        found = [each for each in glob.glob(name, recursive=True) if not Path(each).is_dir()]
        if not found:
            raise InputError(f"no file matches {escape(name)}; check the pattern")
        return [Named(Path(each).absolute(), each) for each in found]
    return [Named(path.absolute(), name)]


def _files_below(folder: Path) -> list[Named]:
    """The data files in a folder and those below; names that begin with a point or ``_`` are left out."""
    found = []
    for path in folder.rglob("*"):
        hidden = any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)
        if not hidden and path.is_file() and path.suffix.lower() in _PARQUET | _ARROW | _TEXT:
            found.append(Named(path.absolute(), str(path)))
    if not found:
        raise InputError(f"{folder} is a folder without data files; name files of these kinds: {_KNOWN}")
    return found


def _stored_input(folder: Path) -> Path:
    """Standard input as a file, named after what it holds."""
    stored = folder / "standard-input"
    with stored.open("wb") as stream:
        shutil.copyfileobj(sys.stdin.buffer, stream)
    with stored.open("rb") as stream:
        head = stream.read(8)
    endings = {MAGIC: ".parquet", ARROW_MAGIC: ".arrow", _GZIP: ".csv.gz", _ZSTD: ".csv.zst"}
    ending = next((ending for magic, ending in endings.items() if head.startswith(magic)), ".csv")
    return stored.rename(folder / f"standard-input{ending}")


def open_source(source: Any, files: Sequence[Named] | None, options: Options, session: Session) -> Table:
    """The table that ``source`` stands for; raises InputError, with the remedy, if it is none."""
    if files is None:
        return open_memory(source, session)
    tables = [_open_file(file, number, options, session) for number, file in enumerate(files)]
    return tables[0] if len(tables) == 1 else united(tables)


def header_of(file: Named, options: Options, session: Session) -> tuple[str, ...]:
    """The column names of a file as written, without a look at its rows."""
    kind = _kind(file)
    if kind == "parquet":
        return parquet_header(file.path, file.name, session)
    if kind == "arrow":
        return arrow_header(file.path, file.name)
    return delimited_header(file.path, file.name, options)


def _open_file(file: Named, number: int, options: Options, session: Session) -> Table:
    kind = _kind(file)
    if kind == "parquet":
        return open_parquet(file.path, file.name, session)
    if kind == "arrow":
        return open_arrow(file.path, file.name, number, session)
    table = open_delimited(file.path, file.name, session, options)
    return table if file.original is None else replace(table, finish=_told_of(file.original, table))


def _told_of(original: File, table: Table) -> Callable[[], tuple[InputFile, ...]]:
    """How ``table`` is finished with the file that the user named instead of its text in UTF-8."""

    def finish() -> tuple[InputFile, ...]:
        (found,) = table.finish()
        return (InputFile(found.path, original.bytes, original.sha256, found.rows),)

    return finish


def _kind(file: Named) -> Literal["parquet", "arrow", "text"]:
    suffix = file.path.suffix.lower()
    if suffix in _ARROW:
        return "arrow"
    if suffix in _TEXT:
        return "text"
    if suffix in _PARQUET or File(regular_file(file.path), file.name).head(len(MAGIC)).startswith(MAGIC):
        return "parquet"
    raise InputError(f"{file.name} is of no known kind; name it after what it holds: {_KNOWN}")
