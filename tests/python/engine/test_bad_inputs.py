"""What is no table ends in one InputError: which file, where, and how to mend it; nothing is left behind."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from focus_validate.engine import evaluate
from focus_validate.engine.readers.files import UNPACKED_FREE
from focus_validate.errors import InputError
from focus_validate.options import Options

from .support import report, rule

ANY = rule({"not_null": "Name"}, function="Nullability")
HEAD = b"Name,Other\n"


def failure(path: Path | str, **options: Any) -> str:
    """The message of the one error."""
    with pytest.raises(InputError) as caught:
        report(path, ANY, **options)
    message = str(caught.value)
    assert "\n" not in message
    assert caught.value.exit_code == 2
    return message


TEXTS: list[tuple[str, bytes, list[str]]] = [
    ("empty", b"", ["0 bytes", "write a header"]),
    ("header only", HEAD, ["no data row"]),
    ("header without newline", b"Name,Other", ["no data row"]),
    ("header and blank lines", HEAD + b"\n\n\n", ["no data row"]),
    ("blank lines only", b"\n\n\r\n\n", ["only blank lines"]),
    ("Parquet", b"PAR1xxxxPAR1", ["Parquet", "name it .parquet"]),
    ("Excel", b"PK\x03\x04xxxx", ["Excel", "save the sheet as CSV"]),
    ("old Excel", b"\xd0\xcf\x11\xe0xxxx", ["Excel"]),
    ("PDF", b"%PDF-1.7\n", ["PDF"]),
    ("HTML", b"<!DOCTYPE html><html></html>", ["HTML", "fetch the data again"]),
    ("XML", b"<?xml version='1.0'?><Error/>", ["XML"]),
    ("JSON", b'[{"Name": "a"}]', ["JSON"]),
    ("git-lfs", b"version https://git-lfs.github.com/spec/v1\n", ["git lfs pull"]),
    ("gzip", gzip.compress(HEAD), ["gzip", ".csv.gz"]),
    ("zstd", zstandard.compress(HEAD), ["zstd", ".csv.zst"]),
    ("UTF-16 little endian", (HEAD + b"1,2\n").decode().encode("utf-16"), ["UTF-16", "UTF-8"]),
    ("UTF-16 big endian", b"\xfe\xff" + HEAD.decode().encode("utf-16-be"), ["UTF-16"]),
    ("UTF-16 without mark", HEAD.decode().encode("utf-16-le"), ["UTF-16"]),
    ("latin-1", HEAD + "ok,1\nMünchen,2\n".encode("latin-1"), ["line 3", "0xFC", "UTF-8"]),
    ("cp1252 euro", HEAD + b"5 \x80,1\n", ["line 2", "0x80"]),
    ("cut UTF-8", HEAD + b"x,\xc3\n", ["line 2", "UTF-8"]),
    ("surrogate in UTF-8", HEAD + b"x,\xed\xa0\x80\n", ["line 2", "UTF-8"]),
    ("latin-1 in the header", "Größe,Name\n1,2\n".encode("latin-1"), ["line 1", "header is not UTF-8"]),
    ("NUL in a cell", HEAD + b"a,1\nb\0,2\n", ["line 3", "NUL"]),
    ("NUL in the header", b"Na\0me,Other\n1,2\n", ["line 1", "NUL"]),
    ("short row", HEAD + b"a,1\nb\nc,3\n", ["line 3", "1 field and the header 2"]),
    ("short last row", HEAD + b"a,1\nb,2\nc", ["line 4", "1 field"]),
    ("long row", HEAD + b"a,1,x\n", ["line 2", "3 fields and the header 2"]),
    ("two empty fields more", HEAD + b"a,1,,\n", ["line 2", "4 fields"]),
    ("quoted empty field more", HEAD + b'a,1,""\n', ["line 2", "3 fields"]),
    ("short and long row", HEAD + b"a\nb,2,x\n", ["line 2", "1 field"]),
    ("blank line of spaces", HEAD + b"a,1\n   \nb,2\n", ["line 3", "1 field"]),
    ("totals line", HEAD + b"a,1\nTotal,,,123\n", ["line 3", "4 fields"]),
    ("text after a closing quote", HEAD + b'"a"x,1\n', ["line 2", "after a closing quote"]),
    ("blank after a closing quote", HEAD + b'"a" ,1\n', ["line 2", "after a closing quote"]),
    ("unclosed quote in the middle", HEAD + b'"a,1\nb,2\n', ["line 2", "never closed"]),
    ("unclosed quote at the end", HEAD + b'a,1\nb,"2', ["line 3", "never closed"]),
    ("blank before an opening quote", HEAD + b'a, "1"\n', ["line 2", "blank stands before an opening quote"]),
    ("tab before an opening quote", HEAD + b'\t"a",1\n', ["line 2", "blank stands before"]),
    ("quote inside an unquoted field", HEAD + b'5" pipe,1\n', ["line 2", "inside an unquoted field"]),
    ("doubled quote in an unquoted field", HEAD + b'5"" pipe,1\n', ["line 2", "inside an unquoted field"]),
    ("backslash escape", HEAD + b'"a\\"b",1\n', ["line 2", "after a closing quote"]),
    ("LF then CRLF", HEAD + b"a,1\r\nb,2\n", ["line 2", "line ends are mixed"]),
    ("CRLF then LF", b"Name,Other\r\na,1\nb,2\r\n", ["line 2", "line ends are mixed"]),
    ("CR in a LF file", HEAD + b"a\r,1\nb,2\n", ["line 2", "line ends are mixed"]),
    ("LF in a CR file", b"Name,Other\ra,1\rb,2\n", ["line ends are mixed"]),
    ("semicolons", b"Name;Other\na;1,5\n", ["separated by ';'", "--delimiter ';'"]),
    ("tabs", b"Name\tOther\na\t1\n", ["--delimiter '\\t'"]),
    ("pipes", b"Name|Other\na|1\n", ["--delimiter '|'"]),
    ("duplicate column", b"Name,Name\n1,2\n", ["two columns are named Name"]),
    ("empty header cell", b"Name,,Other\n1,2,3\n", ["column 2 has no name"]),
    ("blank header cell", b"Name, ,Other\n1,2,3\n", ["column 2 has no name"]),
    ("trailing comma in the header", b"Name,Other,\n1,2,\n", ["column 3 has no name"]),
    ("quote in the header", b'Na"me,Other\n1,2\n', ["line 1 (the header)"]),
    ("row of 9 MB", HEAD + b"a," + b"x" * (9 << 20) + b"\nb,2\n", ["line 2", "longer than 8 MB"]),
]


@pytest.mark.parametrize(("content", "words"), [case[1:] for case in TEXTS], ids=[case[0] for case in TEXTS])
def test_text_that_is_no_table(content: bytes, words: list[str], tmp_path: Path) -> None:
    path = tmp_path / "bill.csv"
    path.write_bytes(content)
    message = failure(path)
    assert str(path) in message
    for word in words:
        assert word in message, message


GOOD: list[tuple[str, bytes, int]] = [
    ("no newline at the end", HEAD + b"a,1", 1),
    ("blank lines", b"\n" + HEAD + b"\na,1\n\n\nb,2\n\n", 2),
    ("byte order mark", b"\xef\xbb\xbf" + HEAD + b"a,1\n", 1),
    ("CRLF", b"Name,Other\r\na,1\r\n\r\nb,2\r\n", 2),
    ("CR", b"Name,Other\ra,1\rb,2\r", 2),
    ("quoted line ends of another kind", HEAD + b'"a\r\nb\r",1\nc,2\n', 2),
    ("LF in quotes in a CRLF file", b'Name,Other\r\n"a\nb",1\r\nc,2\r\n', 2),
    ("one empty field more", HEAD + b"a,1,\nb,2\n", 2),
    ("delimiters, quotes and line ends in quotes", HEAD + b'"a,""b""\n,c","""x"""\n"""",""\n', 2),
    ("header in quotes with a line end", b'"Name","Ot\nher"\na,1\n', 1),
    ("row of 3 MB", HEAD + b"a," + b"x" * (3 << 20) + b"\nb,2\n", 2),
    ("quoted row of 3 MB", HEAD + b'a,"' + b"x\n" * (3 << 19) + b'"\nb,2\n', 2),
    (
        "2,000 columns",
        b"Name," + b",".join(b"x_C%d" % n for n in range(1999)) + b"\na" + b",1" * 1999 + b"\n",
        1,
    ),
    ("other scripts", HEAD + "München 東京 🚀,1\n".encode(), 1),
    ("control characters", HEAD + b"\x1b[0m\x1e\x1d\x07,1\n", 1),
]


@pytest.mark.parametrize(("content", "rows"), [case[1:] for case in GOOD], ids=[case[0] for case in GOOD])
def test_text_that_is_a_table(content: bytes, rows: int, tmp_path: Path) -> None:
    path = tmp_path / "bill.csv"
    path.write_bytes(content)
    found = report(path, ANY)
    assert found.rows == rows
    assert found.rule("R").checked == rows
    assert found.inputs[0].bytes == len(content)


def test_a_delimiter_that_is_named_is_taken_at_its_word(tmp_path: Path) -> None:
    path = tmp_path / "bill.csv"
    path.write_bytes(b"Name;Other\na;1,5\n")
    assert report(path, ANY, delimiter=";").header == ("Name", "Other")
    path.write_bytes(b"Name;Other\na;1\n")
    assert report(path, ANY, delimiter=",").header == ("Name;Other",)
    path = path.with_suffix(".tsv")
    path.write_bytes(b"Name,Other\na,1\n")
    assert "--delimiter ','" in failure(path)


def test_cells_stay_as_they_are(tmp_path: Path) -> None:
    cells = ["", " ", "NULL", "007", "1E5", 'a"b', "a,b", "a\nb", "\\N", "\x1e", "nan", "true", "'", "ü"]
    from .support import write_csv

    path = write_csv(tmp_path / "cells.csv", [{"Name": cell, "Row": "1"} for cell in cells])
    found = report(path, rule({"equals": {"column": "Name", "value": "?"}}), max_samples=50).rule("R")
    assert [sample.value for sample in found.samples] == cells


def test_null_text_is_null_quoted_or_not(tmp_path: Path) -> None:
    path = tmp_path / "n.csv"
    path.write_bytes(b'Name,Other\nNULL,1\n"NULL",2\n,3\n"",4\nnull,5\n')
    found = report(path, ANY, null_text="NULL").rule("R")
    assert [sample.row for sample in found.samples] == [1, 2, 3]


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    assert "does not exist" in failure(tmp_path / "missing.csv")
    assert "without data files" in failure(tmp_path)
    assert "no file matches" in failure(str(tmp_path / "*.csv"))
    assert "is no file name" in failure("a\0b.csv")
    (tmp_path / "x.docx").write_bytes(b"x")
    assert "of no known kind" in failure(tmp_path / "x.docx")
    os.mkfifo(tmp_path / "pipe.csv")
    assert "no regular file" in failure(tmp_path / "pipe.csv")
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "gone.csv")
    assert "does not exist" in failure(link)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "secret.csv"
    path.write_bytes(HEAD + b"a,1\n")
    path.chmod(0)
    assert "cannot be read" in failure(path)


def test_names_with_wildcards_and_quotes_mean_themselves(tmp_path: Path) -> None:
    for name in ("a[1].csv", "b*.csv", "c?.csv", "d'e.csv", 'f"g.csv', "h{i}.csv"):
        (tmp_path / name).write_bytes(HEAD + b"a,1\n")
    (tmp_path / "bbb.csv").write_bytes(HEAD + b"a,1\nb,2\n")
    for name in ("a[1].csv", "b*.csv", "c?.csv", "d'e.csv", 'f"g.csv', "h{i}.csv"):
        assert report(tmp_path / name, ANY).rows == 1


PACKED = [(".gz", gzip.compress), (".zst", zstandard.compress)]


@pytest.mark.parametrize(("suffix", "pack"), PACKED)
def test_packed_text(suffix: str, pack: Any, tmp_path: Path) -> None:
    path = tmp_path / f"bill.csv{suffix}"
    text = HEAD + b"a,1\n" * 50_000
    path.write_bytes(pack(text))
    assert report(path, ANY).rows == 50_000
    path.write_bytes(pack(text[:1000]) + pack(text[1000:]))
    assert report(path, ANY).rows == 50_000, "several members are one file"
    path.write_bytes(pack(HEAD + b'a, "1"\n'))
    assert "blank stands before" in failure(path)
    path.write_bytes(pack(text)[:-20])
    assert "truncated" in failure(path) or "no valid" in failure(path)
    path.write_bytes(text)
    assert "no valid" in failure(path)


@pytest.mark.parametrize(("suffix", "pack"), PACKED)
def test_bomb_ends_in_an_error(suffix: str, pack: Any, tmp_path: Path) -> None:
    path = tmp_path / f"bomb.csv{suffix}"
    rows = (b"a," + b"x" * 1000 + b"\n") * 10_000
    path.write_bytes(pack(HEAD) + pack(rows) * (UNPACKED_FREE // len(rows) + 10))
    assert "decompression bomb" in failure(path)


def write_parquet(path: Path, **columns: Any) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def test_parquet_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "bill.parquet"
    path.write_bytes(b"")
    assert "0 bytes" in failure(path)
    path.write_bytes(b"Name,Other\na,1\n")
    assert "does not begin with PAR1" in failure(path)
    whole = write_parquet(tmp_path / "whole.parquet", Name=["a"] * 1000).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "truncated" in failure(path)
    path.write_bytes(b"PAR1" + b"\0" * 100 + b"PAR1")
    assert "cannot be read as Parquet" in failure(path)
    assert "no data row" in failure(write_parquet(path, Name=pa.array([], pa.string())))
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["Name", "Name"])
    pq.write_table(table, path)
    assert "two columns are named Name" in failure(path)


def test_parquet_under_another_name_is_read(tmp_path: Path) -> None:
    assert report(write_parquet(tmp_path / "data", Name=["a"]), ANY).rows == 1


def test_columns_that_differ_in_case_are_different(tmp_path: Path) -> None:
    path = tmp_path / "case.parquet"
    pq.write_table(
        pa.Table.from_arrays([pa.array(["lower"]), pa.array(["right"])], names=["name", "Name"]), path
    )
    found = report(path, rule({"equals": {"column": "Name", "value": "right"}}))
    assert found.header == ("name", "Name")
    assert found.rule("R").violations == 0
    (tmp_path / "case.csv").write_text("name,Name\nlower,right\n")
    assert (
        report(tmp_path / "case.csv", rule({"equals": {"column": "Name", "value": "right"}}))
        .rule("R")
        .violations
        == 0
    )


@pytest.mark.parametrize(
    "name", ['x" ; drop table t; --', "]]", "'", "\\", "\u202e", "select", "x" * 300, "a\nb"]
)
def test_column_names_never_reach_sql(name: str, tmp_path: Path) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    (tmp_path / "odd.csv").write_text(f"Name,{quoted}\na,1\n", encoding="utf-8", newline="")
    assert report(tmp_path / "odd.csv", ANY).header == ("Name", name)
    pq.write_table(
        pa.Table.from_arrays([pa.array(["a"]), pa.array([1])], names=["Name", name]), tmp_path / "odd.parquet"
    )
    assert report(tmp_path / "odd.parquet", ANY).header == ("Name", name)


def test_dataset_is_recognised_by_its_header(tmp_path: Path) -> None:
    path = tmp_path / "h.csv"

    def message(header: str) -> str:
        path.write_text(f"{header}\n" + ",".join("1" for _ in header.split(",")) + "\n")
        with pytest.raises(InputError) as caught:
            evaluate(path, Options())
        return str(caught.value)

    assert "no column of the header is a FOCUS column" in message("a,b")
    assert "separated by ';'" in message("BilledCost;EffectiveCost")
    assert "did you mean BilledCost" in message("billed_cost,x")
    path.write_text("BillingPeriodStatus,BillingPeriodCreated\nOpen,x\n")
    assert evaluate(path, Options()).dataset == "BillingPeriod"


def test_no_temporary_file_stays(tmp_path: Path) -> None:
    spill = tmp_path / "spill"
    spill.mkdir()
    (tmp_path / "a.csv").write_bytes(HEAD + b"a,1\n")
    report(tmp_path / "a.csv", ANY, temp_directory=str(spill))
    (tmp_path / "b.csv").write_bytes(HEAD + b'a, "1"\n')
    failure(tmp_path / "b.csv", temp_directory=str(spill))
    assert list(spill.iterdir()) == []
    assert "cannot write temporary files" in failure(tmp_path / "a.csv", temp_directory=str(tmp_path / "no"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv", "spill"]


def test_a_session_reads_its_input_and_nothing_else(tmp_path: Path) -> None:
    from focus_validate.engine.session import Session

    path = tmp_path / "a.csv"
    path.write_bytes(HEAD + b"a,1\n")
    (tmp_path / "other.csv").write_bytes(HEAD + b"a,1\n")
    with Session(Options()) as session:
        session.lock([path])
        assert session.rows(f"select count(*) from read_csv('{path}')") == [(1,)]
        for forbidden in (
            f"select * from read_csv('{tmp_path / 'other.csv'}')",
            "select * from read_text('/etc/hostname')",
            f"copy (select 1) to '{tmp_path / 'out.csv'}'",
            f"attach '{tmp_path / 'x.db'}'",
            "install httpfs",
            "set memory_limit = '1GB'",
        ):
            with pytest.raises((duckdb.Error, InputError)):
                session.execute(forbidden)
