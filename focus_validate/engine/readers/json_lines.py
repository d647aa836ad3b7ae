"""JSON Lines: one object a row, its values as they are written.

DuckDB and most JSON readers pass numbers through DOUBLE, which cuts them to 17 digits. So the file is written
anew as CSV, from the bytes of each value, and that is what queries read: a string as its content; a number, a
boolean, an object or a list as the text that stands in the file; null and a missing key as null. One more
column tells which cells are no strings.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, NoReturn

import msgspec

from focus_validate.engine.readers.delimited import read_delimited, with_nulls
from focus_validate.engine.readers.files import File
from focus_validate.engine.readers.records import MAX_ROW, TOO_LONG
from focus_validate.engine.readers.structure import Layout
from focus_validate.engine.readers.table import Field, Table
from focus_validate.errors import InputError
from focus_validate.result import InputFile
from focus_validate.text import escape, first_line

MAX_KEYS = 10_000
"""Keys that the objects of one file may have together."""
_BOM = b"\xef\xbb\xbf"
_NOT_STRING = bytes(0 if mark in b'"n' else 1 for mark in range(256))
"""By the first byte of a value: a string or null, or something else."""
_TEXT = msgspec.json.Decoder(str)
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])


class Survey(msgspec.Struct, frozen=True):
    """What one pass over the file tells: the keys in the order in which they first occur, and the rows."""

    keys: tuple[str, ...]
    rows: int


def survey(text: File) -> Survey:
    """Check every line of ``text``; raises InputError at the first one that is no JSON object."""
    keys: dict[str, None] = {}
    rows = 0
    for number, line in _lines(text):
        found = _parsed(text.name, number, line)
        rows += 1
        if not keys.keys() >= found.keys():
            keys.update(dict.fromkeys(found))
            _check_keys(text.name, number, found, len(keys))
    if not rows:
        raise InputError(f"{text.name} has only blank lines; write a JSON object a line")
    if not keys:
        raise InputError(f"{text.name}: no object has a key; write the columns as keys")
    return Survey(tuple(keys), rows)


def open_json_lines(text: File, copy: Path, null_text: str | None) -> Table:
    """The table of one file, by way of ``copy``, which is written."""
    found = survey(text)
    original = File(text.path, text.name, text.compression)
    try:
        with copy.open("wb") as stream:
            others = _write(original, found.keys, stream)
    except OSError as error:
        raise InputError(
            f"{text.name} cannot be written as CSV to {copy.parent}: {error.strerror}; set --temp-directory"
        ) from None
    columns = len(found.keys)
    marks = f"c{columns}"
    layout = Layout((*found.keys, marks), b",", b"\n", blank_lines=0, offset=0, lines=0)
    relation = with_nulls(read_delimited(copy, "none", layout), columns, null_text, marks)
    return Table(
        fields=tuple(
            Field(
                key,
                f"c{position}",
                "text",
                is_string=f"{marks}[{position + 1}] = '0'" if others >> 8 * position & 1 else None,
            )
            for position, key in enumerate(found.keys)
        ),
        relation=relation,
        numbered=f"(select row_number() over () as rn, * from {relation})",
        rows=found.rows,
        finish=lambda: (InputFile(text.name, original.bytes, original.sha256, found.rows),),
        explain=lambda message: _fail(text.name, message),
        name=text.name,
        typed=False,
    )


def _fail(name: str, message: str) -> NoReturn:
    raise InputError(f"{name} cannot be read as a table: {escape(first_line(message))}")


def _lines(text: File) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers from 1."""
    pending = b""
    number = 0
    for block in text.blocks():
        *lines, pending = (pending + block).split(b"\n")
        for line in lines:
            number += 1
            yield from _content(text.name, number, line)
        if len(pending) > MAX_ROW:
            break
    yield from _content(text.name, number + 1, pending)


def _content(name: str, number: int, line: bytes) -> Iterator[tuple[int, bytes]]:
    if len(line) > MAX_ROW:
        raise InputError(f"{name}, line {number}: {TOO_LONG}; write one JSON object a line")
    if number == 1:
        line = line.removeprefix(_BOM)
    line = line.strip(b" \t\r")
    if line:
        yield number, line


def _parsed(name: str, number: int, line: bytes) -> dict[str, msgspec.Raw]:
    """The values of one line by key, as they are written."""
    try:
        if not line.isascii():
            line.decode("utf-8")
        found: dict[str, msgspec.Raw] = _OBJECT.decode(line)
    except UnicodeDecodeError:
        raise InputError(f"{name}, line {number}: the text is not UTF-8, as JSON must be") from None
    except RecursionError:
        raise _too_deep(name, number) from None
    except msgspec.DecodeError as error:
        raise InputError(f"{name}, line {number}: {_defect(line, error)}") from None
    if not _is_all_of(line, found):
        _check_no_key_twice(name, number, line)
    return found


def _too_deep(name: str, number: int) -> InputError:
    return InputError(f"{name}, line {number}: the object is nested too deep; flatten it")


def _defect(line: bytes, error: msgspec.DecodeError) -> str:
    if line.startswith(b"["):
        return "a JSON list, no object; write one object a line (jq -c '.[]' does it)"
    reason = str(error).removeprefix("JSON is malformed: ")
    if isinstance(error, msgspec.ValidationError):
        return "this is no JSON object; write one object a line"
    return f"no JSON object on one line ({escape(reason)}); write one whole object a line"


def _is_all_of(line: bytes, found: dict[str, msgspec.Raw]) -> bool:
    """Whether ``found``, written in one of the two usual ways, is the line: then no key stands twice."""
    for heads, comma in _heads(tuple(found)):
        if b"{" + comma.join(map(_joined, heads, found.values())) + b"}" == line:
            return True
    return False


def _joined(head: bytes, value: msgspec.Raw) -> bytes:
    return head + memoryview(value)


@lru_cache(maxsize=64)
def _heads(keys: tuple[str, ...]) -> tuple[tuple[tuple[bytes, ...], bytes], ...]:
    """What stands before each value, without blanks and with them."""
    names = [msgspec.json.encode(key) for key in keys]
    return (
        (tuple(name + b": " for name in names), b", "),
        (tuple(name + b":" for name in names), b","),
    )


def _check_no_key_twice(name: str, number: int, line: bytes) -> None:
    """Raise when the object of the line has a key twice; inside its values the rules look for them."""
    try:
        pairs: list[tuple[str, Any]] = json.loads(
            line, object_pairs_hook=list, parse_int=str, parse_float=str
        )
    except RecursionError:
        raise _too_deep(name, number) from None
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            raise InputError(
                f"{name}, line {number}: the key {escape(key)} stands twice; rename or remove one"
            )
        seen.add(key)


def _check_keys(name: str, number: int, found: dict[str, msgspec.Raw], keys: int) -> None:
    for key in found:
        if not key.strip():
            raise InputError(f"{name}, line {number}: a key is blank; name it or remove it")
    if keys > MAX_KEYS:
        raise InputError(f"{name}, line {number}: more than {MAX_KEYS:,} keys; check what it holds")


def _write(text: File, keys: tuple[str, ...], stream: IO[bytes]) -> int:
    """Write the rows as CSV; gives bits (bit 8 n for column n): the columns that hold not only strings."""
    null = msgspec.Raw(b"null")
    others = 0
    stream.write(b"," * len(keys) + b"\n")
    for number, line in _lines(text):
        get = _OBJECT.decode(line).get
        values = [bytes(get(key, null)) for key in keys]
        starts = b"".join([value[:1] for value in values])
        marks = starts.translate(_NOT_STRING)
        others |= int.from_bytes(marks, "little")
        if b"\\" not in line and b"{" not in starts and b"[" not in starts:
            cells = [b"" if value == b"null" else value for value in values]
        else:
            cells = [_cell(text.name, number, value) for value in values]
        cells.append(marks.translate(_DIGITS))
        stream.write(b",".join(cells) + b"\n")
    return others


_DIGITS = bytes(48 + (mark & 1) for mark in range(256))


def _cell(name: str, number: int, value: bytes) -> bytes:
    """A value as a field of CSV: quoted if it is a string, an object or a list."""
    if value == b"null":
        return b""
    if value[:1] == b'"':
        if b"\\" not in value:
            return value  # without escapes JSON and CSV write it alike
        content = _TEXT.decode(value)
        if "\0" in content:
            raise InputError(f"{name}, line {number}: a text has the character NUL; remove it")
        return b'"' + content.encode().replace(b'"', b'""') + b'"'
    return b'"' + value.replace(b'"', b'""') + b'"' if value[:1] in b"{[" else value
