"""Delimited text with other delimiters and in other encodings: the same verdicts, or one clear error."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path
from typing import Any

import pytest

from focus_validate import InputError, UsageError, validate, validate_bundle
from focus_validate.engine.readers import files
from focus_validate.options import ENCODINGS, Options, checked
from focus_validate.result import Report

HEADER = ("BillingPeriodStatus", "InvoiceIssuerName")
CELLS = (("closed", "Müñchen ü"), ("Open", "a,b;c|d"), ("wrong", 'say "no"'))


def text(delimiter: str = ",", newline: str = "\n") -> str:
    def cell(value: str) -> str:
        quoted = any(mark in value for mark in ',;|"\t ') or delimiter in value
        return '"' + value.replace('"', '""') + '"' if quoted else value

    return "".join(delimiter.join(map(cell, row)) + newline for row in (HEADER, *CELLS))


def judged(path: Path, **options: Any) -> Report:
    return validate(path, dataset="BillingPeriod", **options)


def values(report: Report) -> list[object]:
    """What the samples show of the data."""
    rule = next(each for each in report.failures() if each.column == "BillingPeriodStatus" and each.samples)
    return [(each.row, each.value, each.identity) for each in rule.samples]


EXPECTED = [
    (1, "closed", {"InvoiceIssuerName": "Müñchen ü"}),
    (3, "wrong", {"InvoiceIssuerName": 'say "no"'}),
]


@pytest.mark.parametrize(
    "delimiter", [",", ";", "|", "\t", "\\t", ":", "^", "~", "\x01", "-", "]", "\\", "#", "&"]
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_any_ascii_character_parts_fields(tmp_path: Path, delimiter: str, newline: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text("\t" if delimiter == "\\t" else delimiter, newline).encode())
    assert values(judged(path, delimiter=delimiter)) == EXPECTED


def test_the_ending_decides_unless_a_delimiter_is_given(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text(text("\t"), encoding="utf-8")
    assert values(judged(path)) == EXPECTED
    path.write_text(text(";"), encoding="utf-8")
    assert values(judged(path, delimiter=";")) == EXPECTED
    with pytest.raises(InputError):
        judged(path)


@pytest.mark.parametrize("delimiter", ["", ",,", '"', "\n", "\r", "\0", "§", "\\n", "tab"])
def test_what_is_no_delimiter_is_refused(delimiter: str) -> None:
    with pytest.raises(UsageError, match="one ASCII character"):
        checked(Options(delimiter=delimiter))


def test_a_wrong_delimiter_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text(), encoding="utf-8")
    with pytest.raises(InputError, match="line 2: a quote stands inside"):
        judged(path, delimiter=";")


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "UTF8"),
        ("latin-1", "ISO-8859-1"),
        ("cp1252", "windows-1252"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "UTF-16LE"),
        ("utf-16-be", "utf_16_be"),
    ],
)
def test_the_encoding_does_not_change_the_result(
    tmp_path: Path, encoding: str, name: str, packed: bool
) -> None:
    content = text(";", "\r\n").encode(encoding)
    path = tmp_path / ("a.csv.gz" if packed else "a.csv")
    path.write_bytes(gzip.compress(content, mtime=0) if packed else content)
    found = judged(path, delimiter=";", encoding=name)
    assert values(found) == EXPECTED
    stored = path.read_bytes()
    assert (found.inputs[0].bytes, found.inputs[0].sha256) == (
        len(stored),
        hashlib.sha256(stored).hexdigest(),
    )
    assert found.inputs[0].path == str(path)
    assert found.options["encoding"] in ENCODINGS


def test_utf_16_of_both_byte_orders_is_told_by_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for mark, order in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        path.write_bytes(mark + text().encode(order))
        assert values(judged(path, encoding="utf-16")) == EXPECTED
        assert values(judged(path, encoding=order)) == EXPECTED


def test_characters_may_lie_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text().replace("Müñchen ü", "\U0001f600"), encoding="utf-16")
    blocks = files.File.blocks
    monkeypatch.setattr(files.File, "blocks", lambda self, size=3: blocks(self, min(size, 3)))
    assert values(judged(path, encoding="utf-16"))[0] == (1, "closed", {"InvoiceIssuerName": "\U0001f600"})


@pytest.mark.parametrize(
    ("encoding", "content", "words"),
    [
        ("cp1252", text().encode() + b"Open,\x81\n", ["line 5", "not cp1252", "--encoding"]),
        ("utf-16", text().encode("utf-16-le"), ["no byte order mark", "utf-16-le"]),
        ("utf-16-le", text().encode("utf-16-le")[:-1], ["line 4", "not utf-16-le"]),
        ("utf-16-be", text().encode("utf-16-be") + b"\xd8\x00\x00\x41", ["line 5", "not utf-16-be"]),
        ("latin-1", b"PK\x03\x04xxxx", ["Excel"]),
        ("latin-1", gzip.compress(b"x", mtime=0), ["gzip", ".csv.gz"]),
        ("latin-1", text().encode("utf-16"), ["UTF-16", "--encoding utf-16"]),
        ("utf-8", text().encode("utf-16"), ["UTF-16", "--encoding utf-16"]),
        ("utf-8", text().encode("utf-16-le"), ["UTF-16", "--encoding utf-16-le"]),
        ("utf-8", text().encode("latin-1"), ["line 2", "0xFC", "--encoding"]),
        ("utf-8", b"Gr\xf6\xdfe,Name\n1,2\n", ["line 1", "--encoding"]),
        ("latin-1", b"", ["0 bytes"]),
    ],
)
def test_text_in_another_encoding_is_one_clear_error(
    tmp_path: Path, encoding: str, content: bytes, words: list[str]
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        judged(path, encoding=encoding)
    assert [word for word in words if word not in str(caught.value)] == []
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["utf-9", "", "base64", "rot13", "ebcdic", "utf-7", "x\0y"])
def test_an_unknown_encoding_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(UsageError, match="cp1252"):
        checked(Options(encoding=name))


def test_several_files_and_a_folder_are_read_in_the_encoding(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_bytes(text().encode("latin-1"))
    found = judged(tmp_path, encoding="latin-1")
    assert [source.rows for source in found.inputs] == [3, 3]
    assert [row for row, *_ in values(found)] == [1, 3, 1, 3]  # type: ignore[misc]


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    path, spill = tmp_path / "a.csv", tmp_path / "spill"
    spill.mkdir()
    path.write_bytes(text().encode("latin-1"))
    judged(path, encoding="latin-1", temp_directory=str(spill))
    assert list(spill.iterdir()) == []


def test_a_bundle_takes_both_options(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_bytes(text(";").encode("latin-1"))
    detail = "InvoiceDetailId;InvoiceId;InvoiceIssuerName;InvoiceDetailGrain\nd;i;Größe;\n"
    (tmp_path / "d.csv").write_bytes(detail.encode("latin-1"))
    bundle = validate_bundle([str(tmp_path)], delimiter=";", encoding="latin-1")
    assert sorted(each.dataset for each in bundle.reports) == ["BillingPeriod", "InvoiceDetail"]
