"""CSV and TSV files, plain or packed: every cell is text, nothing is guessed.

The header is read here and the columns are given to DuckDB by position; DuckDB never sniffs. The structure of
the whole text is checked before any cell is judged, and a thread takes the checksum while queries run.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from focus_validate.engine.readers.content import disguise
from focus_validate.engine.readers.files import Checksum, File, regular_file
from focus_validate.engine.readers.lines import Lines, matching_lines
from focus_validate.engine.readers.records import MAX_ROW, MalformedError, Record, read_record
from focus_validate.engine.readers.structure import Layout, Structure, no_rows
from focus_validate.engine.readers.table import Field, Table, literal
from focus_validate.errors import InputError
from focus_validate.options import Options
from focus_validate.text import escape, first_line

if TYPE_CHECKING:
    from focus_validate.engine.session import Session

_BOM = b"\xef\xbb\xbf"
_HEAD = 1024 * 1024
COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
DELIMITERS = {".csv": b",", ".tsv": b"\t", ".txt": b","}


def open_delimited(path: Path, name: str, session: Session, options: Options) -> Table:
    """The table of one CSV or TSV file in UTF-8."""
    text, layout = _begin(path, name, options)
    checksum = Checksum(text, session.interrupt)
    rows = checked_rows(text, layout, session, checksum)
    fields = tuple(Field(column, f"c{position}", "text") for position, column in enumerate(layout.header))
    relation = with_nulls(
        read_delimited(text.path, text.compression, layout), len(layout.header), options.null_text
    )
    return Table(
        fields=fields,
        relation=relation,
        numbered=f"(select row_number() over () as rn, * from {relation})",
        rows=rows,
        finish=lambda: (checksum.finish(rows),),
        explain=lambda message: _explain(text, layout, message),
        name=name,
        typed=False,
    )


def delimited_header(path: Path, name: str, options: Options) -> tuple[str, ...]:
    """The column names of one CSV or TSV file in UTF-8."""
    return _begin(path, name, options)[1].header


def text_file(path: Path, name: str) -> File:
    """The content of a file, unpacked if its ending says so."""
    file = regular_file(path, name)
    return File(file, name, COMPRESSIONS.get(file.suffix.lower(), "none"))


def _begin(path: Path, name: str, options: Options) -> tuple[File, Layout]:
    """The text of a file and how it is laid out."""
    text = text_file(path, name)
    if options.delimiter is not None:
        return text, read_layout(text, options.delimiter.encode())
    inner = Path(path.stem) if text.compression != "none" else path
    layout = read_layout(text, DELIMITERS.get(inner.suffix.lower(), b","))
    _check_delimiter(name, layout)
    return text, layout


def _check_delimiter(name: str, layout: Layout) -> None:
    """Refuse a header that is one column only because its fields are separated by another character."""
    mark = next((each for each in ";|\t," if each in layout.header[0]), None)
    if len(layout.header) == 1 and mark is not None:
        shown = "\\t" if mark == "\t" else mark
        raise InputError(
            f"{name}: the header is one field, and its columns seem to be separated by '{shown}'; say"
            f" --delimiter '{shown}' (or '{layout.delimiter.decode()}' if it is one column)"
        )


def checked_rows(text: File, layout: Layout, session: Session, checksum: Checksum) -> int:
    """The data rows, when the text is as its header says; raises InputError at the first defect."""
    from focus_validate.duck import duckdb

    try:
        lines = matching_lines(session, text.path, text.compression, layout.delimiter, len(layout.header))
    except duckdb.InterruptException:
        checksum.finish(0)
        raise
    checksum.finish(0)
    if lines is None or _size_with_line_ends(lines, layout, text) != text.unpacked:
        return scan(text, layout)
    if lines.count == 1:
        raise no_rows(text.name)
    return lines.count - 1


def _size_with_line_ends(lines: Lines, layout: Layout, text: File) -> int:
    """The bytes that the text has if all its lines end alike and none is empty."""
    ends = lines.count if text.tail.endswith(layout.newline) else lines.count - 1
    return layout.mark + lines.bytes + ends * len(layout.newline)


def scan(text: File, layout: Layout, exact: bool = False) -> int:
    """The data rows, counted by the structural scan; ``exact`` reads every record by itself."""
    structure = Structure(text.name, layout, exact)
    skip = layout.offset
    for block in File(text.path, text.name, text.compression).blocks():
        if skip < len(block):
            structure.feed(block[skip:])
        skip = max(0, skip - len(block))
    structure.close()
    return structure.rows


def _explain(text: File, layout: Layout, message: str) -> None:
    """DuckDB could not read the file: the exact scan says why, by line, or else DuckDB's words must do."""
    scan(text, layout, exact=True)
    raise InputError(f"{text.name} cannot be read as a table: {escape(first_line(message))}")


def read_layout(file: File, delimiter: bytes) -> Layout:
    """How the file is laid out, from its first megabyte; raises InputError if that is no table."""
    head = file.head(_HEAD)
    found = disguise(head)
    if found is not None:
        raise InputError(f"{file.name} holds {found[0]}, no delimited text; {found[1]}")
    start = len(_BOM) if head.startswith(_BOM) else 0
    first = start
    while head[first : first + 1] in (b"\n", b"\r"):
        first += 1
    if first >= len(head):
        raise InputError(f"{file.name} has only blank lines; write a header and data rows")
    line = head[:first].count(b"\n") or head[:first].count(b"\r")
    record = _header_record(file.name, head, first, delimiter, line)
    return Layout(
        header=_column_names(file.name, record, line + 1),
        delimiter=delimiter,
        newline=record.newline or b"\n",
        blank_lines=line,
        offset=record.end,
        mark=start,
        lines=line + head[first : record.end].count((record.newline or b"\n")[-1:]),
    )


def _header_record(name: str, head: bytes, start: int, delimiter: bytes, line: int) -> Record:
    try:
        return read_record(head, start, delimiter)
    except MalformedError as error:
        raise InputError(
            f"{name}, line {line + 1} (the header): {error.what}; write it as RFC 4180 says"
        ) from None


def _column_names(name: str, record: Record, line: int) -> tuple[str, ...]:
    names: list[str] = []
    for position, cell in enumerate(record.cells, start=1):
        if b"\0" in cell.text:
            raise InputError(f"{name}, line {line}: the header has a NUL byte; write the file as UTF-8 text")
        try:
            column = cell.text.decode("utf-8")
        except UnicodeDecodeError:
            raise InputError(
                f"{name}, line {line}: the header is not UTF-8; name its encoding with --encoding"
                " (such as cp1252 or latin-1)"
            ) from None
        if not column.strip():
            raise InputError(f"{name}, line {line}: column {position} has no name; name it or remove it")
        if column in names:
            raise InputError(
                f"{name}, line {line}: two columns are named {escape(column)}; rename or remove one"
            )
        names.append(column)
    return tuple(names)


def read_delimited(path: Path, compression: str, layout: Layout) -> str:
    """The rows of a text laid out like this, as a FROM item with the columns c0, c1, ..."""
    names = [f"c{position}" for position in range(len(layout.header))]
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    options = {
        "auto_detect": "false",
        "header": "true",
        "skip": str(layout.blank_lines),
        "columns": "{" + columns + "}",
        "delim": literal(layout.delimiter.decode()),
        "quote": "'\"'",
        "escape": "'\"'",
        "nullstr": "''",
        "allow_quoted_nulls": "false",
        "strict_mode": "true",
        "null_padding": "false",
        "encoding": "'utf-8'",
        "compression": literal(compression),
        "max_line_size": str(MAX_ROW),
        "buffer_size": str(MAX_ROW),
    }
    arguments = ", ".join(f"{option} = {value}" for option, value in options.items())
    scan = f"read_csv({literal(str(path))}, {arguments})"
    if len(names) == 1:  # an empty line is no row, and DuckDB reads it as a null
        scan = f"(select * from {scan} where c0 is not null)"
    return scan


def with_nulls(relation: str, columns: int, null_text: str | None, others: str = "") -> str:
    """``relation`` with ``null_text`` read as null in its first ``columns``; ``others`` stay."""
    if null_text is None:
        return relation
    names = [f"c{position}" for position in range(columns)]
    nulled = ", ".join(f"nullif({name}, {literal(null_text)}) as {name}" for name in names)
    return f"(select {nulled}{others and f', {others}'} from {relation})"
