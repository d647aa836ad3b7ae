"""The structural check of delimited text inside DuckDB: each line against one regular expression.

DuckDB's CSV reader repairs what RFC 4180 forbids (a blank before an opening quote, surplus empty fields, NUL
bytes, quotes inside unquoted fields), and a verdict on repaired data would be worthless. So the raw lines are
read first, as one column, and every line must be a whole record with the header's number of fields. That runs
on all cores and costs less than parsing the fields. Records that span lines, mixed line ends, bytes that are
not UTF-8 and whatever else does not fit are left to the scan of ``structure``, which knows them apart.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from focus_validate.engine.readers.records import MAX_ROW
from focus_validate.engine.readers.table import literal

if TYPE_CHECKING:
    from focus_validate.engine.session import Session

MAX_FIELDS = 900  # RE2 repeats at most 1,000 times

_NO_DELIMITER = "\x1e\x1d\x1e\x1d"  # four bytes that no text has; a file with them goes to the other scan
_NO_NULL = "\x1d\x1e"


class Lines(msgspec.Struct, frozen=True):
    """The lines of a text that are records as its header says: their number and bytes without line ends."""

    count: int
    bytes: int


def matching_lines(
    session: Session, path: Path, compression: str, delimiter: bytes, fields: int
) -> Lines | None:
    """The lines, the header among them, when every one is a record of ``fields`` cells; else None.

    Empty lines are left out, and DuckDB may take line ends of two kinds: the caller compares the bytes.
    """
    from focus_validate.duck import duckdb

    if fields > MAX_FIELDS:
        return None
    pattern = record_pattern(delimiter.decode(), fields)
    query = (
        f"select count(*), sum(strlen(line)), count_if(not regexp_full_match(line, {literal(pattern)}))"
        f" from {_raw_lines(path, compression)}"
    )
    try:
        lines, size, others = session.row(query)
    except duckdb.InterruptException:
        raise
    except duckdb.Error:
        return None
    return Lines(int(lines), int(size or 0)) if not others else None


def record_pattern(delimiter: str, fields: int) -> str:
    """A regular expression for one record: fields, then at most one empty field too many."""
    delimiter = re.escape(delimiter)
    field = rf'(?:[^"\r\n\x00{delimiter}]*|"(?:[^"\x00]|"")*")'
    return rf"{field}(?:{delimiter}{field}){{{fields - 1}}}{delimiter}?"


def _raw_lines(path: Path, compression: str) -> str:
    return (
        f"read_csv({literal(str(path))}, auto_detect = false, header = false,"
        f" columns = {{'line': 'VARCHAR'}}, delim = {literal(_NO_DELIMITER)}, quote = '', escape = '',"
        f" nullstr = {literal(_NO_NULL)}, strict_mode = true, encoding = 'utf-8',"
        f" compression = {literal(compression)}, max_line_size = {MAX_ROW}, buffer_size = {MAX_ROW})"
    )
