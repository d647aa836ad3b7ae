"""Bad files, one by one: what cannot be judged is one line with place and remedy, and nothing is repaired."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from cli.conftest import Run, run  # noqa: F401  (a fixture)

from focus_validate import validate
from focus_validate.errors import InputError

from .tables import PERIOD, csv_text, failed, json_lines

TEXT = csv_text([PERIOD])
HEAD, ROW = TEXT.encode().splitlines(keepends=True)
NAMES = tuple(PERIOD)
ISSUER = "BIP-InvoiceIssuerName"


def judged(path: Path, content: bytes) -> list[str]:
    """The failed rules of a file; row by row nothing else is wrong."""
    path.write_bytes(content)
    return failed(validate(path, dataset="BillingPeriod"))


def refused(path: Path, content: bytes | None = None) -> str:
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        validate(path, dataset="BillingPeriod")
    message = str(caught.value)
    assert "\n" not in message
    assert message.isprintable()
    assert path.name in message
    return message


def packed_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.csv", TEXT)
        archive.writestr("b.csv", TEXT)
    return buffer.getvalue()


def bomb() -> bytes:
    """400 MB of zeros, member behind member; made where it is used, not by every process that collects."""
    return gzip.compress(HEAD + b'"') + 10 * gzip.compress(b"\0" * (40 << 20))


REFUSED: list[tuple[str, str, bytes | Callable[[], bytes], str]] = [
    # the line of the list, the ending of the file, its bytes, a word of the message
    ("empty file (0 bytes)", "csv", b"", "0 bytes"),
    ("header only", "csv", HEAD, "no data row"),
    ("only blank lines", "csv", b"\n\n\n", "only blank lines"),
    ("header without newline", "csv", HEAD.rstrip(), "no data row"),
    ("BOM UTF-16LE", "csv", TEXT.encode("utf-16"), "--encoding utf-16"),
    ("BOM UTF-16BE", "csv", b"\xfe\xff" + TEXT.encode("utf-16-be"), "--encoding utf-16"),
    ("UTF-16 without BOM", "csv", TEXT.encode("utf-16-le"), "utf-16-le"),
    ("latin-1", "csv", TEXT.replace("Closed", "Züri").encode("latin-1"), "--encoding"),
    ("cp1252 euro", "csv", TEXT.replace("Closed", "5 €").encode("cp1252"), "0x80"),
    ("truncated UTF-8 sequence", "csv", HEAD + ROW.replace(b"Closed", b"Z\xc3"), "not UTF-8"),
    ("lone surrogate", "csv", HEAD + ROW.replace(b"Closed", b"\xed\xa0\x80"), "not UTF-8"),
    ("NUL byte in cell", "csv", HEAD + ROW.replace(b"Closed", b"Clo\0sed"), "NUL"),
    ("NUL byte in header", "csv", HEAD.replace(b"Billing", b"Bill\0ing", 1) + ROW, "NUL"),
    ("mixed line ends", "csv", HEAD + ROW + ROW.replace(b"\n", b"\r\n"), "line ends are mixed"),
    ("unclosed quote at the end", "csv", HEAD + ROW + ROW[:-2], "never closed"),
    ("unclosed quote in the middle", "csv", HEAD + ROW.replace(b'Z",', b"Z,", 1) + ROW, "line 2"),
    ("backslash escapes", "csv", HEAD + ROW.replace(b"Closed", b'Clo\\"sed'), "closing quote"),
    ("semicolons", "csv", HEAD.replace(b",", b";") + ROW.replace(b",", b";"), "--delimiter ';'"),
    ("tab in .csv", "csv", HEAD.replace(b",", b"\t") + ROW.replace(b",", b"\t"), "--delimiter '\\t'"),
    ("pipe", "csv", HEAD.replace(b",", b"|") + ROW.replace(b",", b"|"), "--delimiter '|'"),
    ("short row at row 2", "csv", HEAD + b"a,b\n" + ROW, "line 2"),
    ("short row in the middle", "csv", HEAD + ROW * 50 + b"a,b\n" + ROW * 50, "line 52"),
    ("short last row", "csv", HEAD + ROW * 50 + b"a,b", "line 52"),
    ("long row at row 2", "csv", HEAD + ROW.rstrip() + b",x,y\n" + ROW, "line 2"),
    ("long row in the middle", "csv", HEAD + ROW * 50 + ROW.rstrip() + b",x\n" + ROW, "line 52"),
    ("long last row", "csv", HEAD + ROW * 50 + ROW.rstrip() + b",x", "line 52"),
    ("trailing totals line", "csv", HEAD + ROW + b"Total,,,123\n", "line 3"),
    (
        "duplicate header exact",
        "csv",
        HEAD.rstrip() + b",BillingPeriodEnd\n" + ROW.rstrip() + b",x\n",
        "two columns",
    ),
    ("empty header cell", "csv", HEAD.rstrip() + b",\n" + ROW.rstrip() + b",x\n", "has no name"),
    ("one cell of 9 MB", "csv", HEAD + ROW.replace(b"Closed", b"x" * (9 << 20)), "longer than 8 MB"),
    ("zip with two members", "csv", packed_zip(), "zip archive"),
    ("zip by its name", "zip", packed_zip(), "of no known kind"),
    ("gzip with a wrong ending", "csv", gzip.compress(TEXT.encode()), "name it .csv.gz"),
    ("no gzip behind the ending", "csv.gz", TEXT.encode(), "no valid gzip"),
    ("truncated gzip", "csv.gz", gzip.compress(TEXT.encode() * 9)[:-9], "truncated"),
    ("truncated zstd", "csv.zst", zstandard.compress(os.urandom(5000))[:-9], "truncated"),
    ("389 KB gzip of 400 MB", "csv.gz", bomb, "bomb"),
    ("Parquet named .csv", "csv", b"PAR1....PAR1", "name it .parquet"),
    ("HTML error page", "csv", b"<html><body>Sign in</body></html>", "login or error page"),
    ("JSON named .csv", "csv", b'{"a": 1}\n', "name it .jsonl"),
    ("Excel named .csv", "csv", b"PK\x03\x04\x14\0\x06\0", "save the sheet as CSV"),
    ("PDF named .csv", "csv", b"%PDF-1.7\n", "PDF"),
    ("git-lfs pointer", "csv", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git lfs pull"),
    ("JSON: array", "json", b"[" + json_lines([PERIOD]).encode().rstrip() + b"]", "JSON list"),
    ("JSON: one bad line", "jsonl", json_lines([PERIOD] * 3).encode() + b"{]\n", "line 4"),
    ("JSON: duplicate keys", "jsonl", b'{"a": 1, "b": 2, "a": 3}\n', "the key a stands twice"),
    ("JSON: NaN", "jsonl", b'{"a": NaN}\n', "line 1"),
    ("JSON: 20,000 levels deep", "jsonl", b'{"a": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", "too deep"),
    ("JSON: top-level scalar", "jsonl", b"17\n", "no JSON object"),
]


@pytest.mark.parametrize(
    ("ending", "content", "word"), [case[1:] for case in REFUSED], ids=[c[0] for c in REFUSED]
)
def test_what_cannot_be_judged_is_one_line(
    ending: str, content: bytes | Callable[[], bytes], word: str, tmp_path: Path
) -> None:
    assert word in refused(tmp_path / f"bill.{ending}", content() if callable(content) else content)


READ: list[tuple[str, str, bytes, int]] = [
    # the line of the list, the ending of the file, its bytes, the rows that it has
    ("BOM UTF-8", "csv", b"\xef\xbb\xbf" + HEAD + ROW, 1),
    ("CR only", "csv", (HEAD + ROW).replace(b"\n", b"\r"), 1),
    ("CRLF", "csv", (HEAD + ROW).replace(b"\n", b"\r\n"), 1),
    ("doubled quotes", "csv", HEAD + ROW.replace(b'"Acme', b'"Ac""me'), 1),
    ("newline inside quotes", "csv", HEAD + ROW.replace(b'"Acme', b'"Ac\nme'), 1),
    ("trailing delimiter on each line", "csv", HEAD + ROW.rstrip() + b",\n", 1),
    ("blank line in the middle", "csv", HEAD + ROW + b"\n" + ROW.replace(b"Acme", b"B"), 2),
    ("tab in .tsv", "tsv", (HEAD + ROW).replace(b",", b"\t"), 1),
    ("gzip", "csv.gz", gzip.compress(HEAD + ROW), 1),
    ("zstd", "csv.zst", zstandard.compress(HEAD + ROW), 1),
    ("JSON: lines", "jsonl", json_lines([PERIOD]).encode(), 1),
    (
        "columns in another order",
        "csv",
        b",".join(HEAD.rstrip().split(b",")[::-1])
        + b"\n"
        + b",".join(ROW.rstrip().split(b",")[::-1])
        + b"\n",
        1,
    ),
]


@pytest.mark.parametrize(("ending", "content", "rows"), [case[1:] for case in READ], ids=[c[0] for c in READ])
def test_what_is_a_table_is_judged_whole(ending: str, content: bytes, rows: int, tmp_path: Path) -> None:
    path = tmp_path / f"bill.{ending}"
    assert judged(path, content) == []
    report = validate(path)
    assert report.rows == rows
    assert report.inputs[0].bytes == len(content)


def test_a_repeated_header_in_the_middle_is_a_row(tmp_path: Path) -> None:
    path = tmp_path / "bill.csv"
    path.write_bytes(HEAD + ROW + HEAD + ROW.replace(b"Acme", b"B"))
    report = validate(path)
    assert report.rows == 3
    samples = {sample.value for rule in report.failures() for sample in rule.samples if sample.row == 2}
    assert {"BillingPeriodStart", "BillingPeriodEnd", "BillingPeriodStatus"} <= samples


@pytest.mark.parametrize("name", ["billingperiodend", " BillingPeriodEnd", "BillingPeriodEnd "])
def test_a_header_twice_by_case_or_space_is_another_column(name: str, tmp_path: Path) -> None:
    content = HEAD.rstrip() + f",{name}\n".encode() + ROW.rstrip() + b",x\n"
    [rule] = judged(tmp_path / "bill.csv", content)
    assert "CustomColumnHandling" in rule


@pytest.mark.parametrize(
    "change",
    [
        lambda name: "".join(f"_{c.lower()}" if c.isupper() else c for c in name)[1:],
        str.lower,
        lambda n: f" {n}",
    ],
    ids=["snake_case", "lower case", "with spaces"],
)
def test_names_in_another_spelling_are_told(change: Callable[[str], str], tmp_path: Path) -> None:
    header = ",".join(map(change, NAMES)).encode() + b"\n"
    path = tmp_path / "bill.csv"
    path.write_bytes(header + ROW)
    report = validate(path, dataset="BillingPeriod")
    rule = next(rule for rule in report.failures() if "CustomColumnHandling" in rule.id)
    assert "did you mean BillingPeriod" in (rule.reason or "")


@pytest.mark.parametrize("name", ['x_"q', "x_a\nb", "x_a;b", 'x_"; drop table t; --', "x_" + "n" * 300])
def test_a_header_with_quote_newline_or_sql_is_a_name(name: str, tmp_path: Path) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    path = tmp_path / "bill.csv"
    path.write_bytes(HEAD.rstrip() + f",{quoted}\n".encode() + ROW.rstrip() + b",x\n")
    assert validate(path).header == (*NAMES, name)


def test_one_column_and_2000_columns(tmp_path: Path) -> None:
    path = tmp_path / "bill.csv"
    path.write_bytes(b"InvoiceIssuerName\nAcme\n")
    assert validate(path, dataset="BillingPeriod").rows == 1
    more = b",".join(b"x_C%d" % number for number in range(2000))
    content = HEAD.rstrip() + b"," + more + b"\n" + ROW.rstrip() + b",1" * 2000 + b"\n"
    assert judged(path, content) == []


@pytest.mark.parametrize("megabytes", [1, 3])
def test_a_cell_of_1_or_3_megabytes_is_judged(megabytes: int, tmp_path: Path) -> None:
    content = HEAD + ROW.replace(b"Closed", b"x" * (megabytes << 20))
    assert judged(tmp_path / "bill.csv", content)


# Places that are no file


def test_folder_symlink_fifo_and_device(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert "without data files" in refused(tmp_path / "folder")
    (tmp_path / "real.csv").write_text(TEXT)
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    assert validate(tmp_path / "link.csv").rows == 1
    os.mkfifo(tmp_path / "pipe.csv")
    assert "no regular file" in refused(tmp_path / "pipe.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    assert "no regular file" in refused(tmp_path / "zero.csv")


def test_a_file_named_twice_is_refused_for_its_rows_would_count_twice(tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    file, link = tmp_path / "export" / "real.csv", tmp_path / "export" / "latest.csv"
    file.write_text(TEXT)
    for named in ([file, file], [tmp_path / "export", file], [f"{tmp_path}/export/*.csv", file]):
        with pytest.raises(InputError, match=r"real\.csv is named twice; name it once"):
            validate(named)
    link.symlink_to(file)
    with pytest.raises(InputError, match=r"latest\.csv and \S*real\.csv are the same file; name it once"):
        validate(tmp_path / "export")
    link.unlink()
    link.write_text(TEXT)
    assert validate(tmp_path / "export").rows == 2, "a copy is a file of its own"


@pytest.mark.parametrize("ending", ["csv", "parquet", "feather", "jsonl", "unknown", "duckdb"])
def test_messages_name_a_file_as_the_user_did(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=f"^absent.{ending} does not exist; check the path$"):
        validate(f"absent.{ending}", table="costs" if ending == "duckdb" else None)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "bill.csv"
    path.write_text(TEXT)
    path.chmod(0)
    assert "cannot be read" in refused(path)


@pytest.mark.parametrize("what", ["grows", "disappears", "shrinks"])
def test_a_file_that_changes_while_it_is_read(what: str, tmp_path: Path) -> None:
    """The report is of one state of the file, or there is an error; never a crash."""
    path = tmp_path / "bill.csv"
    path.write_bytes(HEAD + ROW * 300_000)
    stop = threading.Event()

    def change() -> None:
        time.sleep(0.05)
        if what == "disappears":
            path.unlink()
        while not stop.is_set() and what != "disappears":
            if what == "grows":
                with path.open("ab") as stream:
                    stream.write(ROW * 100)
            else:
                os.truncate(path, path.stat().st_size // 2 + 7)
            time.sleep(0.02)

    thread = threading.Thread(target=change)
    thread.start()
    command = [sys.executable, "-m", "focus_validate", "check", "bill.csv", "--output", "r.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    stop.set()
    thread.join()
    assert done.returncode in (0, 1, 2), done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "r.json").exists() == (done.returncode != 2)


def test_closed_standard_input(tmp_path: Path) -> None:
    command = f"{sys.executable} -m focus_validate check - <&-"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "Traceback" not in done.stderr


def test_empty_standard_input(run: Run) -> None:  # noqa: F811
    done = run("check", "-", input="")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "standard input is empty (0 bytes)" in done.stderr


def test_standard_input_named_twice(run: Run) -> None:  # noqa: F811
    done = run("check", "-", "-", input=TEXT)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "standard input is named twice" in done.stderr


# Parquet

AMOUNTS = [Decimal("1.50"), Decimal("-2.25"), None]


def costs(path: Path, array: Any, **options: Any) -> Any:
    """The Type rule of BilledCost on one Parquet column."""
    pq.write_table(pa.table({"BilledCost": array}), path, **options)
    return validate(path, dataset="InvoiceDetail").rule("IND-BilledCost-C-001-M")


@pytest.mark.parametrize(
    ("array", "options"),
    [
        (pa.array(AMOUNTS, pa.decimal128(9, 2)), {"store_decimal_as_integer": True}),
        (pa.array(AMOUNTS, pa.decimal128(18, 2)), {"store_decimal_as_integer": True}),
        (pa.array(AMOUNTS, pa.decimal128(38, 18)), {}),
        (pa.array([1.5, -2.25, None]), {}),
        (pa.array([1, -2, None], pa.int64()), {}),
        (pa.array([1, -2, None], pa.int32()), {}),
    ],
    ids=[
        "decimal as int32",
        "decimal as int64",
        "decimal as fixed",
        "DOUBLE costs",
        "INT64 costs",
        "INT32 costs",
    ],
)
def test_parquet_numbers_are_numbers(array: Any, options: dict[str, Any], tmp_path: Path) -> None:
    rule = costs(tmp_path / "bill.parquet", array, **options)
    assert (rule.status, rule.checked) == ("pass", 2)


def test_parquet_text_is_no_decimal(tmp_path: Path) -> None:
    rule = costs(tmp_path / "bill.parquet", pa.array(["1.5", None]))
    assert (rule.status, rule.violations) == ("fail", 1)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "+05:00"])
def test_parquet_timestamps_are_moments(unit: str, zone: str | None, tmp_path: Path) -> None:
    path = tmp_path / "bill.parquet"
    pq.write_table(pa.table({"BillingPeriodStart": pa.array([0, None], pa.timestamp(unit, zone))}), path)
    rule = validate(path, dataset="BillingPeriod").rule("BIP-BillingPeriodStart-C-001-M")
    assert (rule.status, rule.checked) == ("pass", 1)


def test_parquet_dates_are_no_moments(tmp_path: Path) -> None:
    path = tmp_path / "bill.parquet"
    pq.write_table(pa.table({"BillingPeriodStart": pa.array([0], pa.date32())}), path)
    assert validate(path, dataset="BillingPeriod").rule("BIP-BillingPeriodStart-C-001-M").status == "fail"


def test_parquet_dictionary_strings_are_strings(tmp_path: Path) -> None:
    path = tmp_path / "bill.parquet"
    pq.write_table(pa.table({"InvoiceIssuerName": pa.array(["Acme"] * 9).dictionary_encode()}), path)
    assert validate(path, dataset="BillingPeriod").rule("BIP-InvoiceIssuerName-C-001-M").status == "pass"


@pytest.mark.parametrize(
    "tags",
    [
        pa.array([{"a": "x"}], pa.struct([("a", pa.string())])),
        pa.array([[("a", "x")]], pa.map_(pa.string(), pa.string())),
    ],
    ids=["struct", "map"],
)
def test_parquet_nested_tags_are_objects(tags: Any, tmp_path: Path) -> None:
    path = tmp_path / "bill.parquet"
    pq.write_table(pa.table({"Tags": tags}), path)
    report = validate(path, dataset="CostAndUsage")
    assert [rule.id for rule in report.failures() if rule.column == "Tags"] == []
    assert report.column("Tags").nulls == 0


def test_parquet_zero_rows_and_truncated_footer(tmp_path: Path) -> None:
    path = tmp_path / "bill.parquet"
    pq.write_table(pa.table({"InvoiceIssuerName": pa.array([], pa.string())}), path)
    assert "no data row" in refused(path)
    pq.write_table(pa.table({"InvoiceIssuerName": ["Acme"]}), path)
    assert "truncated" in refused(path, path.read_bytes()[:-20])


def test_parquet_with_encrypted_footer(tmp_path: Path) -> None:
    assert "does not begin with PAR1" in refused(tmp_path / "bill.parquet", b"PARE" + b"\0" * 50 + b"PARE")
    assert "encrypted Parquet" in refused(tmp_path / "bill.csv", b"PARE" + b"\0" * 50 + b"PARE")


def test_parquet_two_files_with_different_schemas(tmp_path: Path) -> None:
    pq.write_table(pa.table({"InvoiceIssuerName": ["Acme"]}), tmp_path / "1.parquet")
    pq.write_table(pa.table({"InvoiceIssuerName": ["Acme"], "x_More": [1]}), tmp_path / "2.parquet")
    with pytest.raises(InputError, match="has the column x_More and"):
        validate([tmp_path / "1.parquet", tmp_path / "2.parquet"])


def test_parquet_partition_columns_in_the_path(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "InvoiceIssuerName=Acme"
    folder.mkdir(parents=True)
    rest = {name: [cell] for name, cell in PERIOD.items() if name != "InvoiceIssuerName"}
    pq.write_table(pa.table(rest), folder / "part-0.parquet")
    report = validate(tmp_path / "data")
    assert report.column("InvoiceIssuerName").present


# JSON


def test_json_big_integers_keep_every_digit(tmp_path: Path) -> None:
    path = tmp_path / "bill.jsonl"
    number = "1234567890" * 6
    path.write_text(f'{{"BilledCost": {number}}}\n')
    report = validate(path, dataset="InvoiceDetail")
    assert report.rule("IND-BilledCost-C-001-M").status == "pass"
    path.write_text(f'{{"InvoiceIssuerName": {number}}}\n')
    [sample] = validate(path, dataset="BillingPeriod").rule("BIP-InvoiceIssuerName-C-001-M").samples
    assert sample.value == number


def test_the_report_tells_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "bill.csv"
    path.write_bytes((HEAD + ROW).replace(b",", b";"))
    report = json.loads(validate(path, delimiter=";", encoding="latin-1").to_json())
    assert report["inputs"][0]["rows"] == 1
    assert report["inputs"][0]["bytes"] == path.stat().st_size
    assert len(report["inputs"][0]["sha256"]) == 64
    assert (report["options"]["delimiter"], report["options"]["encoding"]) == (";", "latin-1")
