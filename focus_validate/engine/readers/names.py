"""From what a user names to files on disk: paths, patterns, folders, standard input, addresses."""

from __future__ import annotations

import glob
import os
import shutil
import sys
from collections.abc import Iterable, Sequence, Set
from pathlib import Path, PurePath
from typing import Any, Literal
from urllib.parse import unquote

import msgspec

from focus_validate.engine.header import CUSTOM_PREFIX
from focus_validate.engine.readers.arrow import ARROW_MAGIC
from focus_validate.engine.readers.database import DATABASE_ENDINGS, is_database
from focus_validate.engine.readers.delimited import COMPRESSIONS, DELIMITERS, text_file
from focus_validate.engine.readers.encoding import write_as_utf8
from focus_validate.engine.readers.files import File, regular_file
from focus_validate.engine.readers.parquet import MAGIC
from focus_validate.engine.readers.remote import fetched, is_remote
from focus_validate.errors import InputError
from focus_validate.options import UTF_8, Options
from focus_validate.spec.model import Catalogue
from focus_validate.text import escape

STANDARD_INPUT = "-"
Kind = Literal["parquet", "arrow", "text", "json", "database"]
_ENDINGS: dict[str, Kind] = {
    **dict.fromkeys((".parquet", ".pq", ".parq"), "parquet"),
    **dict.fromkeys((".arrow", ".feather", ".ipc"), "arrow"),
    **dict.fromkeys((".jsonl", ".ndjson", ".json"), "json"),
    **dict.fromkeys(DELIMITERS, "text"),
    **dict.fromkeys(DATABASE_ENDINGS, "database"),
}
_KNOWN = "CSV, TSV or JSON Lines (also .gz, .zst), Parquet, Arrow, a DuckDB database"
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__"


class Named(msgspec.Struct, frozen=True):
    """A file as the user named it; ``partitions`` are the columns of its folders (``Column=value``)."""

    path: Path
    name: str
    partitions: tuple[tuple[str, str | None], ...] = ()


class Readable(Named, frozen=True):
    """A file that is ready to be read: what it is, and which paths queries on it open.

    ``original`` is the user's file if ``path`` is its text in UTF-8; ``beside`` is where JSON Lines are
    written anew, or the log of a database.
    """

    kind: Kind = "text"
    original: File | None = None
    beside: Path | None = None

    @property
    def opened(self) -> tuple[Path, ...]:
        """The paths that queries open."""
        return (self.path,) if self.beside is None else (self.path, self.beside)


def named_files(source: Any, folder: Path, options: Options, catalogue: Catalogue) -> list[Readable] | None:
    """The files that ``source`` names, ready to be read; None for a table in memory."""
    found = expanded(source, folder, options, catalogue)
    return None if found is None else prepared(found, folder, options)


def expanded(source: Any, folder: Path, options: Options, catalogue: Catalogue) -> list[Named] | None:
    """The files that ``source`` names, in sorted path order; None for a table in memory.

    Patterns and folders are expanded; standard input (``-``) and what lies at an address is written to
    ``folder``. Files that are expanded already stay. Raises InputError when nothing is named.
    """
    if isinstance(source, list) and source and all(isinstance(file, Named) for file in source):
        return source
    defined = {column.name for dataset in catalogue.datasets for column in dataset.columns}
    if isinstance(source, str | os.PathLike):
        named = list(_expand(os.fspath(source), folder, options, defined))
    elif isinstance(source, Sequence) and all(isinstance(path, str | os.PathLike) for path in source):
        names = [os.fspath(path) for path in source]
        if names.count(STANDARD_INPUT) > 1:
            raise InputError("standard input is named twice; name it once")
        named = [file for name in names for file in _expand(name, folder, options, defined)]
    else:
        return None
    if not named:
        raise InputError("no input: name at least one file")
    _check_repeated(named)
    return sorted(named, key=lambda file: file.name)


def _check_repeated(named: Iterable[Named]) -> None:
    """Rows of a file that is named twice, as by its folder and itself, would count twice."""
    known: dict[str, str] = {}
    for file in named:
        place = os.path.realpath(file.path)
        if place in known:
            names = " and ".join(dict.fromkeys((known[place], file.name)))
            how = f"{names} are the same file" if " and " in names else f"{names} is named twice"
            raise InputError(f"{how}; name it once")
        known[place] = file.name


def prepared(named: Iterable[Named], folder: Path, options: Options) -> list[Readable]:
    """The files with what reading them needs in ``folder``: text as UTF-8, names without wildcards."""
    plain = [_without_wildcards(file, number, folder) for number, file in enumerate(named)]
    return [_readable(file, number, folder, options) for number, file in enumerate(plain)]


def _readable(file: Named, number: int, folder: Path, options: Options) -> Readable:
    kind = _kind(file)
    ready = Readable(file.path, file.name, file.partitions, kind)
    if kind == "json":
        return msgspec.structs.replace(ready, beside=folder / f"json-lines-{number}.csv")
    if kind == "database":
        return msgspec.structs.replace(ready, beside=file.path.with_name(f"{file.path.name}.wal"))
    if kind == "text" and options.encoding != UTF_8:
        return _in_utf8(ready, number, folder, options.encoding)
    return ready


def _kind(file: Named) -> Kind:
    """What a file is by its ending, or else by its first bytes."""
    kind = _ENDINGS.get(inner_ending(file.path))
    if kind is None and file.path.suffix.lower() in COMPRESSIONS:
        return "text"
    if kind is not None:
        return kind
    path = regular_file(file.path, file.name)
    if File(path, file.name).head(len(MAGIC)).startswith(MAGIC):
        return "parquet"
    if is_database(path):
        return "database"
    raise InputError(f"{file.name} is of no known kind; name it after what it holds: {_KNOWN}")


def inner_ending(path: PurePath) -> str:
    """The ending that tells the kind: of ``bill.csv.gz`` it is ``.csv``; a packed file may have none."""
    packed = path.suffix.lower() in COMPRESSIONS
    return (PurePath(path.stem) if packed else path).suffix.lower()


def _without_wildcards(file: Named, number: int, folder: Path) -> Named:
    """A file under a path that DuckDB does not take for a pattern."""
    if not glob.has_magic(str(file.path)) or not file.path.is_file():
        return file
    link = folder / f"input-{number}{''.join(file.path.suffixes[-2:])}"
    if glob.has_magic(str(link)):
        link = link.with_name(f"input-{number}{file.path.suffix}")
    link.symlink_to(file.path)
    return msgspec.structs.replace(file, path=link)


def _in_utf8(file: Readable, number: int, folder: Path, encoding: str) -> Readable:
    original = text_file(file.path, file.name)
    ending = inner_ending(file.path)
    target = folder / f"utf-8-{number}{ending if ending in DELIMITERS else '.csv'}"
    write_as_utf8(original, encoding, target)
    return msgspec.structs.replace(file, path=target, original=original)


def _expand(name: str, folder: Path, options: Options, defined: Set[str]) -> Iterable[Named]:
    if name == STANDARD_INPUT:
        return [Named(_stored_input(folder), name)]
    if "\0" in name:
        raise InputError(f"'{escape(name)}' is no file name; check the path")
    if is_remote(name):
        return [Named(path, shown) for path, shown in fetched(name, folder, options)]
    path = Path(name)
    if path.is_dir():
        return [_partitioned(file, path, options, defined) for file in _files_below(path)]
    if not path.exists() and glob.has_magic(name):
        found = [each for each in glob.glob(name, recursive=True) if not Path(each).is_dir()]
        if not found:
            raise InputError(f"no file matches {escape(name)}; check the pattern")
        root = _fixed_part(path)
        return [_partitioned(Named(Path(each).absolute(), each), root, options, defined) for each in found]
    return [Named(path.absolute(), name)]


def _files_below(folder: Path) -> list[Named]:
    """The data files in a folder and those below; names that begin with a point or ``_`` are left out."""
    found = []
    for path in folder.rglob("*"):
        hidden = any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)
        kind = _ENDINGS.get(inner_ending(path), "text" if path.suffix.lower() in COMPRESSIONS else None)
        if not hidden and kind not in (None, "database") and path.is_file():
            found.append(Named(path.absolute(), str(path)))
    if not found:
        raise InputError(f"{folder} is a folder without data files; name files of these kinds: {_KNOWN}")
    return found


def _fixed_part(pattern: Path) -> Path:
    """The folder of a pattern below which its wildcards look."""
    fixed = Path(pattern.anchor)
    for part in pattern.parts[len(fixed.parts) :]:
        if glob.has_magic(part):
            break
        fixed /= part
    return fixed


def _partitioned(file: Named, root: Path, options: Options, defined: Set[str]) -> Named:
    """A file with the columns that the folders between ``root`` and it stand for, as Hive writes them.

    Columns are those that FOCUS defines and custom ones. Other folders only say where files lie: an export of
    AWS has ``BILLING_PERIOD=2026-09``.
    """
    if options.partitions == "ignore":
        return file
    columns: dict[str, str | None] = {}
    for part in Path(file.name).relative_to(root).parent.parts:
        key, equals, value = part.partition("=")
        column = unquote(key)
        if not equals or not (column in defined or column.startswith(CUSTOM_PREFIX)):
            continue
        if column in columns:
            raise InputError(f"{file.name}: two of its folders give the column {escape(column)}; rename one")
        columns[column] = None if value == _NULL_PARTITION else unquote(value)
    return msgspec.structs.replace(file, partitions=tuple(columns.items()))


def _stored_input(folder: Path) -> Path:
    """Standard input as a file, named after what it holds."""
    if sys.stdin is None:
        raise InputError("standard input is closed; name a file")
    stored = folder / "standard-input"
    with stored.open("wb") as stream:
        shutil.copyfileobj(sys.stdin.buffer, stream)
    with stored.open("rb") as stream:
        head = stream.read(8)
    if not head:
        raise InputError("standard input is empty (0 bytes); pipe a header and data rows into it")
    packing = {_GZIP: ".gz", _ZSTD: ".zst"}
    packed = next((ending for magic, ending in packing.items() if head.startswith(magic)), "")
    if head.startswith(MAGIC):
        ending = ".parquet"
    elif head.startswith(ARROW_MAGIC):
        ending = ".arrow"
    else:
        begin = File(stored, STANDARD_INPUT, COMPRESSIONS.get(packed, "none")).head(64)
        ending = ".jsonl" if begin.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{") else ".csv"
    return stored.rename(folder / f"standard-input{ending}{packed}")
