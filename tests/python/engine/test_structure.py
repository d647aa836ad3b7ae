"""The structural check of delimited text: pattern, fast scan and exact reader agree on every text."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from focus_validate.engine.readers.delimited import checked_rows, read_layout, scan
from focus_validate.engine.readers.files import Checksum, File
from focus_validate.engine.readers.structure import Layout, Structure
from focus_validate.engine.session import Session
from focus_validate.errors import InputError
from focus_validate.options import Options

from .support import report, rule, write_csv

PIECES = ["a", "b,", ",", '"', '""', '"x"', '"x,y"', '"\n"', "\n", "\r\n", "\r", " ", "\0", "ü", "\ta", ",,"]


def read_or_error(read: Callable[[], int]) -> int | str:
    """The rows, or "error": which defect comes first may differ."""
    try:
        return read()
    except InputError:
        return "error"


def outcome(text: bytes, layout: Layout, exact: bool, size: int) -> int | str:
    scanned = Structure("t", layout, exact)
    try:
        for start in range(0, len(text), size):
            scanned.feed(text[start : start + size])
        scanned.close()
    except InputError as error:
        return str(error)
    return scanned.rows


@settings(max_examples=600, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=24).map("".join),
    st.sampled_from([b"\n", b"\r\n", b"\r"]),
    st.integers(1, 3),
    st.integers(1, 9),
)
@example('a,"x"\n""",b\n', b"\n", 2, 3)
@example('"a"""\n"""b"\n', b"\n", 1, 100)
@example('a,""\n"",b\n', b"\n", 2, 100)
@example('x"",b\n', b"\n", 2, 100)
@example('a\n"",\n', b"\n", 1, 100)
def test_fast_scan_agrees_with_exact_scan(text: str, newline: bytes, fields: int, size: int) -> None:
    layout = Layout(("h",) * fields, b",", newline, 0, 0, 0)
    content = text.encode()
    exact = outcome(content, layout, exact=True, size=len(content))
    fast = outcome(content, layout, exact=False, size=size)
    assert fast == exact or (isinstance(fast, str) and isinstance(exact, str))


def test_pattern_and_exact_scan_agree(tmp_path: Path) -> None:
    """One session reads all the texts: to open one takes longer than to check a text."""
    paths = [tmp_path / f"{number}.csv" for number in range(1000)]
    unused = itertools.cycle(paths)
    with Session(Options()) as session:
        session.lock(paths)

        @settings(max_examples=300, deadline=None)
        @given(st.lists(st.sampled_from(PIECES), max_size=24).map("".join), st.integers(1, 3))
        @example("1,2,3\n1,2\n1,2,3,4\n", 3)
        @example('a,b\n"c",d \n', 2)
        def agree(text: str, fields: int) -> None:
            path = next(unused)
            header = ",".join("abc"[:fields])
            path.write_bytes(f"{header}\n{text}".encode())
            file = File(path, path.name)
            layout = read_layout(file, b",")
            checksum = Checksum(file, session.interrupt)
            assert read_or_error(lambda: checked_rows(file, layout, session, checksum)) == read_or_error(
                lambda: scan(file, layout, exact=True)
            )

        agree()


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.lists(st.text("ab\"',\n\r ;\t\\éx{}:", max_size=5), min_size=2, max_size=2),
        min_size=1,
        max_size=30,
    )
)
def test_written_cells_come_back(rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cells = [{"Name": name, "Other": other} for name, other in rows]
        path = write_csv(Path(folder) / "t.csv", cells)
        found = report(path, rule({"equals": {"column": "Name", "value": "?!"}}), max_samples=100)
    assert [sample.value for sample in found.rule("R").samples] == [name for name, _ in rows]


def test_place_of_a_defect_far_down_in_large_text(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    rows = [b'%d,"a ""quoted"" one"\n' % number for number in range(300_000)]
    rows[250_000] = b'250000, "blank before"\n'
    path.write_bytes(b"Name,Other\n" + b"".join(rows))
    with pytest.raises(InputError, match="line 250002: a blank stands before an opening quote"):
        report(path, rule({"not_null": "Name"}))


def test_rows_that_span_lines_in_large_text(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"Name,Other\n" + b'x,"line one\nline ""two""\r\n"\n' * 200_000)
    found = report(path, rule({"not_null": "Name"}))
    assert (found.rows, found.rule("R").checked) == (200_000, 200_000)
