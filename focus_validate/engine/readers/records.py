"""RFC 4180 read exactly: one record at a time, and the first place where a text is no such table."""

from __future__ import annotations

import re

import msgspec

QUOTE = b'"'
MAX_ROW = 8 * 1024 * 1024
"""Bytes that one row may have."""
TOO_LONG = f"a row is longer than {MAX_ROW // 1024 // 1024} MB"


class MalformedError(Exception):
    """Text that is no RFC 4180 table: ``offset`` of the place and ``what`` is wrong there."""

    def __init__(self, offset: int, what: str) -> None:
        super().__init__(what)
        self.offset = offset
        self.what = what


class Cell(msgspec.Struct, frozen=True):
    """One field as text without its quotes."""

    text: bytes
    quoted: bool


class Record(msgspec.Struct, frozen=True):
    """One record: its cells, the offset behind it, and its line end (empty at the end of the text)."""

    cells: tuple[Cell, ...]
    end: int
    newline: bytes

    @property
    def is_blank(self) -> bool:
        """Whether this is an empty line, which is no row."""
        return len(self.cells) == 1 and not self.cells[0].text and not self.cells[0].quoted


def read_record(text: bytes, start: int, delimiter: bytes) -> Record:
    """The record of ``text`` that begins at offset ``start``."""
    cells = []
    position = start
    while True:
        cell, position = _read_cell(text, position, delimiter)
        cells.append(cell)
        follows = text[position : position + 1]
        if follows == delimiter:
            position += 1
            continue
        if follows not in (b"", b"\n", b"\r"):
            raise MalformedError(position, "text stands after a closing quote")
        newline = b"\r\n" if text.startswith(b"\r\n", position) else follows
        return Record(tuple(cells), position + len(newline), newline)


def _read_cell(text: bytes, start: int, delimiter: bytes) -> tuple[Cell, int]:
    if text.startswith(QUOTE, start):
        end = _closing_quote(text, start)
        return Cell(text[start + 1 : end].replace(b'""', QUOTE), quoted=True), end + 1
    match = _unquoted(delimiter).match(text, start)
    assert match is not None  # the pattern matches the empty text
    if text.startswith(QUOTE, match.end()):
        blank = not match.group().strip()
        what = (
            "a blank stands before an opening quote" if blank else "a quote stands inside an unquoted field"
        )
        raise MalformedError(match.end(), what)
    return Cell(match.group(), quoted=False), match.end()


def _closing_quote(text: bytes, start: int) -> int:
    position = start + 1
    while True:
        end = text.find(QUOTE, position)
        if end < 0:
            raise MalformedError(start, "a quote is opened and never closed")
        if text[end + 1 : end + 2] != QUOTE:
            return end
        position = end + 2


def _unquoted(delimiter: bytes) -> re.Pattern[bytes]:
    return re.compile(rb'[^"\r\n' + re.escape(delimiter) + rb"]*")


class Rows(msgspec.Struct):
    """Walks whole records and counts rows and lines; raises MalformedError at the first defect.

    ``fields`` is the number of cells of the header and ``newline`` its line end, which all rows must share.
    """

    delimiter: bytes
    newline: bytes
    fields: int
    rows: int = 0

    def read(self, text: bytes) -> None:
        """Read ``text``, which begins at a record and ends with one."""
        position = 0
        while position < len(text):
            record = read_record(text, position, self.delimiter)
            if record.end - position > MAX_ROW:
                raise MalformedError(position, TOO_LONG)
            if record.newline not in (b"", self.newline):
                raise MalformedError(record.end - len(record.newline), "line ends are mixed")
            if not record.is_blank:
                self._check_width(record, position)
                self.rows += 1
            position = record.end

    def _check_width(self, record: Record, position: int) -> None:
        cells = record.cells
        if len(cells) == self.fields + 1 and not cells[-1].text and not cells[-1].quoted:
            return
        if len(cells) != self.fields:
            fields = "field" if len(cells) == 1 else "fields"
            raise MalformedError(position, f"the row has {len(cells)} {fields} and the header {self.fields}")
