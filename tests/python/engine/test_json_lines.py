"""JSON Lines: every value as it stands in the file, null for a missing key, one object a line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import zstandard

from focus_validate.engine.readers.json_lines import MAX_KEYS
from focus_validate.errors import InputError

from .support import report, rows_of, rule, write_csv

COLUMNS = ("Name", "Amount", "Details", "Other")
CELLS = tuple(rule({"is_null": column}, column, id=column, function="Nullability") for column in COLUMNS)
IS_STRING = rule({"type": {"column": "Name", "is": "string"}}, id="string")


def cells(source: Any, column: str, **options: Any) -> list[Any]:
    """The values of a column that are not null, as the engine sees them."""
    found = report(source, *CELLS, max_samples=50, **options).rule(column)
    return [sample.value for sample in found.samples]


def lines(path: Path, *texts: str) -> Path:
    path.write_text("\n".join(texts) + "\n", encoding="utf-8", newline="")
    return path


def test_numbers_keep_every_digit(tmp_path: Path) -> None:
    numbers = ["1.50", "0.12345678901234567890123", "12345678901234567890123456789", "-0", "1e5", "1E-7"]
    path = lines(tmp_path / "n.jsonl", *(f'{{"Amount": {number}}}' for number in numbers))
    assert cells(path, "Amount") == numbers


def test_numbers_are_judged_as_they_are_written(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "n.jsonl", *(f'{{"Amount":{number}}}' for number in ("1", "1.5E3", "1e5", "1E+5", '"1.5"'))
    )
    format_ = rule({"format": {"column": "Amount", "as": "numeric"}}, "Amount", id="format")
    type_ = rule({"type": {"column": "Amount", "is": "decimal"}}, "Amount", id="type")
    found = report(path, format_, type_)
    assert rows_of(found.rule("format")) == [3, 4]
    assert rows_of(found.rule("type")) == [3, 4]


def test_strings_are_their_content(tmp_path: Path) -> None:
    texts = ["", " ", 'a"b', "a,b", "a\nb", "a\\b", "\u00e9\u6771\U0001f680", "null", "007", "\x1e", "'"]
    path = lines(tmp_path / "s.jsonl", *(json.dumps({"Name": text}) for text in texts))
    assert cells(path, "Name") == texts
    escaped = lines(tmp_path / "e.jsonl", '{"N\\u0061me": "\\u0061\\/b\\t"}')
    assert cells(escaped, "Name") == ["a/b\t"]


def test_null_and_missing_keys_are_null(tmp_path: Path) -> None:
    path = lines(tmp_path / "m.jsonl", '{"Name": "a"}', '{"Amount": 1, "Name": null}', "{}", '{"Other": ""}')
    found = report(path, *CELLS[:2], CELLS[3])
    assert found.header == ("Name", "Amount", "Other")
    assert found.rows == 4
    assert [rows_of(found.rule(column)) for column in ("Name", "Amount", "Other")] == [[1], [2], [4]]


def test_booleans_objects_and_lists_are_their_text(tmp_path: Path) -> None:
    nested = '{"b": [1.10, {"c": null}], "b": "x, \\"y\\""}'
    path = lines(tmp_path / "o.jsonl", f'{{"Name": true, "Details": {nested}, "Other": [ 1 ]}}')
    assert cells(path, "Name") == ["true"]
    assert cells(path, "Details") == [nested]
    assert cells(path, "Other") == ["[ 1 ]"]


def test_what_is_no_string_breaks_the_type_of_a_string_column(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "t.jsonl",
        *(f'{{"Name": {cell}}}' for cell in ('"1"', "1", "true", '{"a": 1}', "null", "[]")),
    )
    found = report(path, IS_STRING).rule("string")
    assert rows_of(found) == [2, 3, 4, 6]
    assert found.checked == 5


def test_an_object_is_json_be_it_nested_or_text(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "j.jsonl",
        '{"Details": {"a": 1}}',
        '{"Details": "{}"}',
        '{"Details": [1]}',
        '{"Details": 1}',
    )
    found = report(path, rule({"type": {"column": "Details", "is": "json"}}, "Details")).rule("R")
    assert rows_of(found) == [3, 4]


def test_duplicate_keys_inside_a_value_are_found_by_the_rules(tmp_path: Path) -> None:
    path = lines(tmp_path / "k.jsonl", '{"Details": {"a": 1, "a": 2}}', '{"Details": {"a": 1}}')
    found = report(path, rule({"format": {"column": "Details", "as": "key_value"}}, "Details")).rule("R")
    assert rows_of(found) == [1]


def test_null_text_means_null(tmp_path: Path) -> None:
    path = lines(tmp_path / "n.jsonl", '{"Name": "NULL"}', '{"Name": "0"}', '{"Name": 0}')
    assert cells(path, "Name", null_text="NULL") == ["0", "0"]
    found = report(path, IS_STRING, null_text="0").rule("string")
    assert (found.violations, found.checked) == (0, 1)


@pytest.mark.parametrize(
    ("ending", "pack"), [(".jsonl.gz", gzip.compress), (".ndjson.zst", zstandard.compress), (".json", bytes)]
)
def test_packed_and_by_any_ending(ending: str, pack: Any, tmp_path: Path) -> None:
    path = tmp_path / f"x{ending}"
    path.write_bytes(pack(b'\xef\xbb\xbf{"Name": "a"}\r\n\r\n  \n{"Name": 2}'))
    found = report(path, IS_STRING)
    assert (found.rows, rows_of(found.rule("string"))) == (2, [2])
    assert found.inputs[0].bytes == path.stat().st_size


def test_many_rows_keep_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    with path.open("w") as stream:
        for number in range(30_000):
            stream.write(f'{{"Name": {"7" if number == 29_998 else json.dumps("a" * 400)}}}\n')
    found = report(path, IS_STRING)
    assert (found.rows, rows_of(found.rule("string"))) == (30_000, [29_999])


def test_it_agrees_with_csv(tmp_path: Path) -> None:
    rows: list[dict[str, str | None]] = [
        {"Name": "a", "Amount": "1.5", "Other": None},
        {"Name": None, "Amount": "x", "Other": ""},
        {"Name": "b\n", "Amount": "-1", "Other": '"'},
    ]
    path = lines(tmp_path / "a.jsonl", *map(json.dumps, rows))
    rules = (
        *CELLS[:2],
        CELLS[3],
        IS_STRING,
        rule({"minimum": {"column": "Amount", "value": 0}}, "Amount", id="minimum"),
        rule({"type": {"column": "Amount", "is": "decimal"}}, "Amount", id="decimal"),
    )
    ours, theirs = report(path, *rules), report(write_csv(tmp_path / "a.csv", rows), *rules)
    assert ours.rules == theirs.rules
    both = report([tmp_path / "a.csv", path], *rules)
    assert both.rule("string").checked == 2 * ours.rule("string").checked


def test_several_files_may_hold_other_types(tmp_path: Path) -> None:
    one = lines(tmp_path / "1.jsonl", '{"Name": "a", "Other": "x"}')
    two = lines(tmp_path / "2.jsonl", '{"Other": "y", "Name": 1}')
    found = report([one, two], IS_STRING).rule("string")
    assert [(sample.row, sample.file) for sample in found.samples] == [(1, str(two))]


BAD: list[tuple[str, bytes, list[str]]] = [
    ("one bad line", b'{"Name": 1}\n{"Name": }\n', ["line 2", "no JSON object on one line"]),
    ("cut line", b'{"Name": 1}\n{"Name": "a', ["line 2", "one whole object a line"]),
    ("pretty-printed", b'{\n  "Name": 1\n}\n', ["line 1", "one whole object a line"]),
    ("list", b'[{"Name": 1}]\n', ["line 1", "JSON list"]),
    ("scalar", b'{"Name": 1}\n17\n', ["line 2", "no JSON object"]),
    ("null row", b"null\n", ["line 1", "no JSON object"]),
    ("NaN", b'{"Name": NaN}\n', ["line 1", "no JSON object"]),
    ("leading zero", b'{"Name": 01}\n', ["line 1", "invalid number"]),
    ("two objects a line", b'{"Name": 1} {"Name": 2}\n', ["line 1", "trailing characters"]),
    ("single quotes", b"{'Name': 1}\n", ["line 1"]),
    ("key twice", b'{"Name": 1}\n\n{"Name": 1, "Name": 2}\n', ["line 3", "the key Name stands twice"]),
    ("key twice, once escaped", b'{"N\\u0061me": 1, "Name": 2}\n', ["line 1", "stands twice"]),
    ("blank key", b'{" ": 1}\n', ["line 1", "a key is blank"]),
    ("no key at all", b"{}\n{}\n", ["no object has a key"]),
    ("blank lines only", b"\n \n\t\n", ["only blank lines"]),
    ("empty", b"", ["0 bytes"]),
    ("not UTF-8", b'{"Name": "a"}\n{"Name": "\xfc"}\n', ["line 2", "not UTF-8"]),
    ("lone surrogate", b'{"Name": "\\ud800"}\n', ["line 1"]),
    ("NUL", b'{"Name": "a\\u0000b"}\n', ["line 1", "NUL"]),
    ("raw control character", b'{"Name": "a\x01b"}\n', ["line 1", "invalid character"]),
    ("20,000 levels", b'{"Name": ' + b"[" * 20_000 + b"]" * 20_000 + b"}\n", ["line 1", "nested too deep"]),
    ("row of 9 MB", b'{"Name": "' + b"x" * (9 << 20) + b'"}\n', ["line 1", "longer than 8 MB"]),
    ("one line without an end", b'{"Name": "' + b"x" * (20 << 20), ["line 1", "longer than 8 MB"]),
    (
        "too many keys",
        b"{" + b",".join(b'"k%d": 1' % number for number in range(MAX_KEYS + 1)) + b"}\n",
        ["line 1", "more than 10,000 keys"],
    ),
    ("UTF-16", '{"Name": 1}\n'.encode("utf-16"), ["line 1"]),
]


@pytest.mark.parametrize(("content", "words"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_what_is_no_json_lines_is_one_error(content: bytes, words: list[str], tmp_path: Path) -> None:
    path = tmp_path / "bill.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        report(path, CELLS[0])
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 1000
    for word in (str(path), *words):
        assert word in message, message


@pytest.mark.parametrize("levels", [60, 100, 400])
def test_deep_values_are_left_to_the_rules(levels: int, tmp_path: Path) -> None:
    deep = '{"a":' * levels + "1" + "}" * levels
    path = lines(tmp_path / "d.jsonl", f'{{"Details": {deep}}}')
    found = report(path, rule({"format": {"column": "Details", "as": "json_object"}}, "Details")).rule("R")
    assert found.violations == int(levels > 64)
