"""The structural scan of delimited text in Python, for what the pattern of ``lines`` cannot decide.

It reads whole records in blocks and uses only primitives that run at C speed; a block in which any count
disagrees with what clean text must have is read again record by record, which finds the first defect or none.
"""

from __future__ import annotations

import msgspec

from focus_validate.engine.readers.records import MAX_ROW, TOO_LONG, MalformedError, Rows
from focus_validate.errors import InputError

_REMEDIES = {
    "text stands after a closing quote": "double each quote inside a quoted field",
    "a quote is opened and never closed": "close it, or double each quote inside a quoted field",
    "a blank stands before an opening quote": "remove the blank, or quote the whole field with it",
    "a quote stands inside an unquoted field": "quote the field and double the quotes in it",
    "line ends are mixed": "write all lines with the same line end",
    TOO_LONG: "check the quotes of this row and those before it",
}


class Layout(msgspec.Struct, frozen=True):
    """How delimited text is laid out: where its first data row begins, and what its rows must look like.

    ``mark`` are the bytes of a byte order mark; ``blank_lines`` stand before the header; ``offset`` is that
    of the byte behind the header's line end; ``lines`` are the text lines up to there.
    """

    header: tuple[str, ...]
    delimiter: bytes
    newline: bytes
    blank_lines: int
    offset: int
    lines: int
    mark: int = 0


class Structure:
    """Checks the data rows of one text, fed in blocks of any size, and counts them.

    Raises InputError at the first block with a defect: ``name`` and the line of it, and how to mend it.
    ``exact`` reads every record by itself.
    """

    def __init__(self, name: str, layout: Layout, exact: bool = False) -> None:
        self.rows = 0
        self._exact = exact
        self._name = name
        self._layout = layout
        self._lines = layout.lines
        self._pending = bytearray()

    def feed(self, block: bytes) -> None:
        """Check the whole records that ``block`` completes."""
        self._pending += block
        end = self._pending.rfind(self._layout.newline[-1:]) + 1
        if end and not self._pending.count(b'"', 0, end) % 2:
            self._check(bytes(self._pending[:end]))
            del self._pending[:end]
        elif len(self._pending) > MAX_ROW:
            self._check_oversized(bytes(self._pending))

    def close(self) -> None:
        """Check what stands behind the last line end, and that there was a row at all."""
        if self._pending:
            self._check(bytes(self._pending))
            self._pending.clear()
        if not self.rows:
            raise no_rows(self._name)

    def _check(self, records: bytes) -> None:
        doubtful = self._exact or b"\0" in records or len(records) > MAX_ROW
        rows = None if doubtful else _count_clean_rows(records, self._layout)
        self._check_encoding(records)
        if rows is None:
            rows = self._count_exactly(records)
        self.rows += rows
        self._lines += _line_count(records, self._layout.newline)

    def _check_encoding(self, records: bytes) -> None:
        if b"\0" in records:
            self._fail(records, records.index(b"\0"), "there is a NUL byte", "write the file as UTF-8 text")
        if records.isascii():
            return
        try:
            records.decode("utf-8")
        except UnicodeDecodeError as error:
            what = f"byte 0x{records[error.start]:02X} is not UTF-8"
            self._fail(
                records, error.start, what, "name its encoding with --encoding (such as cp1252 or latin-1)"
            )

    def _count_exactly(self, records: bytes) -> int:
        exact = Rows(self._layout.delimiter, self._layout.newline, len(self._layout.header))
        try:
            exact.read(records)
        except MalformedError as error:
            remedy = _REMEDIES.get(error.what, "quote fields that hold the delimiter, and write every field")
            self._fail(records, error.offset, error.what, remedy)
        return exact.rows

    def _check_oversized(self, records: bytes) -> None:
        """One row is longer than MAX_ROW, or a stray quote makes it look so."""
        exact = Rows(self._layout.delimiter, self._layout.newline, len(self._layout.header))
        try:
            exact.read(records)
        except MalformedError as error:
            if error.what in _REMEDIES:
                self._fail(records, error.offset, error.what, _REMEDIES[error.what])
        self._fail(records, 0, TOO_LONG, _REMEDIES[TOO_LONG])

    def _fail(self, records: bytes, offset: int, what: str, remedy: str) -> None:
        line = self._lines + _line_count(records[:offset], self._layout.newline) + 1
        raise InputError(f"{self._name}, line {line}: {what}; {remedy}")


def no_rows(name: str) -> InputError:
    """The error for a table without data."""
    return InputError(f"{name} has a header and no data row; write at least one row")


def _line_count(records: bytes, newline: bytes) -> int:
    return records.count(newline[-1:])


def _count_clean_rows(records: bytes, layout: Layout) -> int | None:
    """The rows of clean records (no NUL in them); None when a look at each record is needed."""
    unquoted = _with_quoted_parts_folded(records)
    if unquoted is None:
        return None
    if not unquoted.endswith(layout.newline):
        unquoted += layout.newline
    lines = _with_plain_line_ends(unquoted, layout.newline)
    if lines is None or not _quotes_stand_at_field_edges(lines, layout.delimiter):
        return None
    return _count_rows(lines, layout.delimiter, len(layout.header))


def _with_quoted_parts_folded(records: bytes) -> bytes | None:
    """``records`` with each quoted field as one quote and each doubled quote outside them as NUL.

    A pair of quotes becomes NUL first. Inside a quoted field that is an escaped quote and goes with the
    field; outside it is an empty quoted field, or the opening quote of a field with the escape behind it.
    """
    if b'"' not in records:
        return records
    parts = records.replace(b'""', b"\0").split(b'"')
    return b'"'.join(parts[::2]) if len(parts) % 2 else None


def _with_plain_line_ends(unquoted: bytes, newline: bytes) -> bytes | None:
    """``unquoted`` with each line end as one LF; None if there are line ends of another kind."""
    if newline == b"\n":
        return None if b"\r" in unquoted else unquoted
    if newline == b"\r":
        return None if b"\n" in unquoted else unquoted.replace(b"\r", b"\n")
    pairs = unquoted.count(b"\r\n")
    if unquoted.count(b"\n") != pairs or unquoted.count(b"\r") != pairs:
        return None
    return unquoted.replace(b"\r\n", b"\n")


def _quotes_stand_at_field_edges(lines: bytes, delimiter: bytes) -> bool:
    """Whether each folded quoted part is a whole field."""
    quotes, pairs = lines.count(b'"'), lines.count(b"\0")
    if not quotes and not pairs:
        return True
    if pairs and (b"\0\0" in lines or b'"\0' in lines):
        return False
    openings = sum(lines.count(edge + b'"') for edge in (delimiter, b"\n", b"\0")) + lines.startswith(b'"')
    closings = sum(lines.count(b'"' + edge) for edge in (delimiter, b"\n"))
    pair_starts = sum(lines.count(edge + b"\0") for edge in (delimiter, b"\n")) + lines.startswith(b"\0")
    pair_ends = sum(lines.count(b"\0" + edge) for edge in (delimiter, b"\n", b'"'))
    return openings == closings == quotes and pair_starts == pair_ends == pairs


def _count_rows(lines: bytes, delimiter: bytes, fields: int) -> int | None:
    """The rows of ``lines`` when each has ``fields`` fields, or one empty field more; else None."""
    rows = 0
    for line in lines.split(b"\n"):
        if line:
            surplus = line.count(delimiter) - (fields - 1)
            if surplus and not (surplus == 1 and line.endswith(delimiter)):
                return None
            rows += 1
    return rows
