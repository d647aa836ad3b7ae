"""Threats, one by one: hostile names, values, files and options through the command line."""

from __future__ import annotations

import csv
import gzip
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from cli.conftest import Run, run  # noqa: F401  (a fixture)

from focus_validate import validate
from focus_validate.errors import InputError
from focus_validate.outputs import FORMATS

from .tables import CHARGE, PERIOD, failed, write

COMMAND = [sys.executable, "-m", "focus_validate"]
NAMES = [
    'x" ; drop table t; --',
    '"',
    "]]",
    "a\nb",
    "x" * 300,
    "select",
    "{{ 7 * 7 }}",
    "'; attach 'x.db'; --",
]


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_sql_in_column_names_is_a_name(name: str, kind: str, tmp_path: Path) -> None:
    path = write(tmp_path / f"data.{kind}", [{**PERIOD, name: "x"}])
    if kind == "csv":
        header = ",".join('"' + each.replace('"', '""') + '"' for each in (*PERIOD, name))
        cells = ",".join(f'"{cell}"' for cell in (*PERIOD.values(), "x"))
        path.write_text(f"{header}\n{cells}\n", newline="")
    report = validate(path, dataset="BillingPeriod")
    assert name in report.header
    assert all("CustomColumn" in rule for rule in failed(report))


def test_sql_in_file_names_folders_and_values_stays_text(tmp_path: Path) -> None:
    folder = tmp_path / "x'; drop table t; --"
    folder.mkdir()
    path = write(folder / "a\"b'c.csv", [{**PERIOD, "InvoiceIssuerName": "'; drop table t; --"}])
    report = validate(path)
    assert report.rows == 1
    assert failed(report) == []


@pytest.mark.parametrize("text", ["read_csv('/etc/passwd')", "s3://x/y"])
def test_a_null_text_or_table_is_no_query(text: str, tmp_path: Path) -> None:
    assert validate(write(tmp_path / "a.csv", [PERIOD]), null_text=text).rows == 1
    with pytest.raises(InputError):
        validate(tmp_path / "a.csv", table=text)


def test_a_decompression_bomb_ends_early(run: Run, tmp_path: Path) -> None:  # noqa: F811
    for name in ("bomb.csv.gz", "bomb.jsonl.gz"):
        (tmp_path / name).write_bytes(gzip.compress(b'{"a": "' + b"x" * (400 << 20), 9))
        assert (tmp_path / name).stat().st_size < 500_000
        started = time.monotonic()
        done = run("check", name, timeout=60)
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert time.monotonic() - started < 40


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_json_bomb_is_a_finding_or_an_error(kind: str, tmp_path: Path) -> None:
    deep = '{"a":' * 20_000 + "1" + "}" * 20_000
    wide = "{" + ",".join(f'"k{number}": 1' for number in range(50_000)) + "}"
    for text in (deep, wide):
        path = write(tmp_path / f"x.{kind}", [{**CHARGE, "Tags": text}])
        found = [rule for rule in failed(validate(path, dataset="CostAndUsage")) if "Tags" in rule]
        assert bool(found) == (text == deep)


def test_patterns_do_not_run_away(tmp_path: Path) -> None:
    text = "1" * (1 << 20) + "x"
    started = time.monotonic()
    row = {**CHARGE, "BilledCost": text, "ChargePeriodStart": text, "PricingUnit": text, "Tags": text}
    assert failed(validate(write(tmp_path / "x.csv", [row]), dataset="CostAndUsage"))
    assert time.monotonic() - started < 40


HOSTILE = [
    "</script><img src=x onerror=alert(1)>",
    "| a | `b` [c](http://evil.example) <b> @everyone",
    "=HYPERLINK(A1)",
    "-1+cmd|' /C calc'!A0",
    "]]>&<x/>",
    "\x1b]0;owned\x07",
    "\u202egpj.exe",
    "::set-output name=x::y",
]


@pytest.fixture
def reports(tmp_path: Path) -> dict[str, str]:
    """The reports, in every format, on a file whose cells, issuer and custom column are hostile."""
    rows = [
        {**CHARGE, **dict.fromkeys(CHARGE, text), "BilledCost": "1", f"x_{HOSTILE[0]}": text}
        for text in HOSTILE
    ]
    path = write(tmp_path / "data.jsonl", rows)
    arguments = ["check", str(path), "--dataset", "CostAndUsage", "--output-dir", "out"]
    done = subprocess.run([*COMMAND, *arguments], cwd=tmp_path, capture_output=True, timeout=120, check=False)
    assert done.returncode == 1, done.stderr
    found = {path.suffix: path.read_text() for path in (tmp_path / "out").iterdir()}
    assert set(found) == set(FORMATS.values())
    return found | {"console": done.stdout.decode()}


def test_hostile_values_do_not_get_out_of_any_report(reports: dict[str, str]) -> None:
    for name, text in reports.items():
        assert "\x1b" not in text, name
        assert "\x07" not in text, name
        if name not in (".json", ".sarif"):
            assert "\u202e" not in text, name
    assert "<img" not in reports[".md"] + reports[".xml"]
    ET.fromstring(reports[".xml"])
    json.loads(reports[".json"])
    json.loads(reports[".sarif"])
    assert not any(line.startswith("::") for line in reports["console"].splitlines())
    for row in csv.reader(reports[".csv"].splitlines()):
        assert not any(cell.startswith(("=", "+", "@", "-", "\t")) for cell in row)


def test_no_samples_means_no_data(tmp_path: Path) -> None:
    secret = "customer-4711"
    rows = [{**CHARGE, **dict.fromkeys(CHARGE, secret)}]
    path = write(tmp_path / "data.csv", rows)
    arguments = ["check", str(path), "--dataset", "CostAndUsage", "--output-dir", "out", "--max-samples", "0"]
    done = subprocess.run([*COMMAND, *arguments], cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert done.returncode == 1
    for report in (tmp_path / "out").iterdir():
        assert secret not in report.read_text(), report.name
    assert secret not in done.stdout.decode()


def test_outputs_never_overwrite_an_input_or_follow_a_link(run: Run, tmp_path: Path) -> None:  # noqa: F811
    path = write(tmp_path / "data.csv", [PERIOD])
    before = path.read_bytes()
    (tmp_path / "link.json").symlink_to(path)
    for output in ("data.csv", "./data.csv", "link.json", "../nowhere/x.json", "."):
        done = run("check", "data.csv", "--output", output)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), output
    assert path.read_bytes() == before
    assert sorted(os.listdir(tmp_path)) == ["data.csv", "link.json"]


@pytest.mark.parametrize(
    "text",
    [
        "waivers: !!python/object/apply:os.system ['touch owned']",
        "a: &a [x, x]\nb: &b [*a, *a]\nwaivers: [*b, *b]",
        "waivers: []\nmore: 1",
    ],
    ids=["python object", "billion laughs", "unknown key"],
)
def test_yaml_runs_nothing(text: str, run: Run, tmp_path: Path) -> None:  # noqa: F811
    write(tmp_path / "data.csv", [PERIOD])
    (tmp_path / "w.yaml").write_text(text)
    done = run("check", "data.csv", "--waivers", "w.yaml")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert sorted(os.listdir(tmp_path)) == ["data.csv", "w.yaml"]


def test_no_variable_of_the_environment_is_in_a_report_or_error(run: Run, tmp_path: Path) -> None:  # noqa: F811
    write(tmp_path / "data.csv", [{**PERIOD, "BillingPeriodStatus": "x"}])
    secrets = {"AWS_SECRET_ACCESS_KEY": "s3cr3t", "AWS_ACCESS_KEY_ID": "k3y", "SNOWFLAKE_PASSWORD": "p4ss"}
    secrets["HOME"] = str(tmp_path)
    texts = [
        run("check", "data.csv", "--format", "json", env=secrets),
        run("check", "s3://bucket/x.csv?X-Amz-Signature=s1gn", env=secrets),
        run("--debug", "check", "https://u5er:p4ss@host/x.csv?sig=s1gn", env=secrets),
    ]
    assert [done.returncode for done in texts] == [1, 2, 2]
    for done in texts:
        for word in ("s3cr3t", "k3y", "p4ss", "s1gn", "u5er"):
            assert word not in done.stdout + done.stderr
