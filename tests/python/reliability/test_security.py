"""Threats, one by one: hostile names, values, files and options through the command line.

In this order: SQL, files that are not the input, bombs, patterns, reports, personal data, outputs, YAML,
secrets, tampering. Damaged files for the native readers are in cli/test_fuzz.py, the vars of the dbt package
in dbt_package/test_vars.py.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlglot
from cli.conftest import Run, run  # noqa: F401  (a fixture)

import focus_validate
from focus_validate import validate
from focus_validate.engine.session import Session
from focus_validate.errors import InputError
from focus_validate.options import Options
from focus_validate.outputs import FORMATS
from focus_validate.spec.loader import CATALOGUE_FILE, is_released

from .tables import CHARGE, COMMAND, PERIOD, failed, most_megabytes, write

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


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet", "duckdb"])
@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_sql_in_column_names_is_a_name(name: str, kind: str, tmp_path: Path) -> None:
    row = {**PERIOD, name: "x"}
    path = tmp_path / f"data.{kind}"
    if kind == "csv":
        header = ",".join('"' + each.replace('"', '""') + '"' for each in row)
        cells = ",".join(f'"{cell}"' for cell in row.values())
        path.write_text(f"{header}\n{cells}\n", newline="")
    elif kind == "jsonl":
        write(path, [row])
    else:
        table = pa.Table.from_pylist([row])
        if kind == "parquet":
            pq.write_table(table, path)
        else:
            with duckdb.connect(str(path)) as database:
                database.register("given", table).execute("create table t as select * from given")
    report = validate(path, dataset="BillingPeriod", table="t" if kind == "duckdb" else None)
    assert name in report.header
    assert all("CustomColumn" in rule for rule in failed(report))


def test_sql_in_file_names_folders_and_values_stays_text(tmp_path: Path) -> None:
    folder = tmp_path / "x'; drop table t; --"
    folder.mkdir()
    path = write(folder / "a\"b'c.csv", [{**PERIOD, "InvoiceIssuerName": "'; drop table t; --"}])
    report = validate(path)
    assert report.rows == 1
    assert failed(report) == []


@pytest.mark.parametrize(
    "option",
    [
        "--dataset",
        "--supports",
        "--select",
        "--table",
        "--memory-limit",
        "--encoding",
        "--delimiter",
        "--format",
    ],
)
def test_sql_in_options_is_refused(option: str, run: Run, tmp_path: Path) -> None:  # noqa: F811
    write(tmp_path / "data.csv", [PERIOD])
    done = run("check", "data.csv", option, "2GB'; drop table t; --")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_sql_in_the_name_of_a_warehouse_table_is_a_name(run: Run) -> None:  # noqa: F811
    for dialect in ("duckdb", "postgres", "snowflake", "spark", "bigquery"):
        table = 'x; drop table t; --."a""; drop table u; --"'
        done = run("sql", "--dialect", dialect, "--dataset", "BillingPeriod", "--table", table)
        assert done.returncode == 0, done.stderr
        kinds = {type(each).__name__ for each in sqlglot.parse(done.stdout, read=dialect) if each}
        assert kinds <= {"Select", "Union", "Subquery", "Semicolon"}, dialect


@pytest.mark.parametrize("text", ["read_csv('/etc/passwd')", "s3://x/y"])
def test_a_null_text_or_table_is_no_query(text: str, tmp_path: Path) -> None:
    assert validate(write(tmp_path / "a.csv", [PERIOD]), null_text=text).rows == 1
    with pytest.raises(InputError):
        validate(tmp_path / "a.csv", table=text)


@pytest.mark.parametrize(
    "query",
    [
        "select * from read_csv('{other}')",
        "select * from read_text('/etc/passwd')",
        "from glob('/*')",
        "copy (select 1) to '{other}.new'",
        "attach '{other}.db'",
        "install httpfs",
        "load httpfs",
        "export database '{other}'",
        "set enable_external_access = true",
        "set allowed_paths = ['/']",
        "reset lock_configuration",
    ],
)
def test_a_query_reaches_nothing_but_the_input(query: str, tmp_path: Path) -> None:
    """Whatever a rule, a name or a value might bring into a query: the engine opens no other file."""
    path, other = write(tmp_path / "data.csv", [PERIOD]), write(tmp_path / "other.csv", [PERIOD])
    with Session(Options()) as session:
        session.lock([path])
        assert session.row(f"select count(*) from read_csv('{path}')") == (1,)
        with pytest.raises(duckdb.Error):
            session.connection.execute(query.format(other=other))
    assert sorted(os.listdir(tmp_path)) == ["data.csv", "other.csv"]


def test_a_decompression_bomb_ends_early(run: Run, tmp_path: Path) -> None:  # noqa: F811
    for name in ("bomb.csv.gz", "bomb.jsonl.gz"):
        (tmp_path / name).write_bytes(gzip.compress(b'{"a": "') + 10 * gzip.compress(b"x" * (40 << 20)))
        assert (tmp_path / name).stat().st_size < 500_000
        started = time.monotonic()
        done = run("check", name, timeout=60)
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert time.monotonic() - started < 40


@pytest.mark.slow
def test_a_parquet_bomb_stays_within_its_memory(tmp_path: Path) -> None:
    """Sixty million cells in 400 KB: what is the same all along takes no place in a file."""
    bomb = tmp_path / "bomb.parquet"
    cells = ", ".join(f"'{cell}' as \"{name}\"" for name, cell in PERIOD.items())
    duckdb.sql(f"copy (select {cells} from range(10_000_000)) to '{bomb}' (format parquet, compression zstd)")
    assert bomb.stat().st_size < 400_000
    megabytes = most_megabytes("check", str(bomb), "--output", str(tmp_path / "report.json"))
    assert megabytes < 1000


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


def test_hostile_values_do_not_get_out_of_a_notebook(tmp_path: Path) -> None:
    rows = [{**CHARGE, **dict.fromkeys(CHARGE, text), f"x_{text}": text} for text in HOSTILE]
    page = validate(write(tmp_path / "data.jsonl", rows), dataset="CostAndUsage")._repr_html_()
    assert "<img" not in page
    assert "</script" not in page
    assert not set("\x1b\x07\u202e") & set(page)


def test_a_name_in_an_error_is_no_command(run: Run, tmp_path: Path) -> None:  # noqa: F811
    """What a CI server would take for a command, a terminal for an escape, stays in its line."""
    for name in ("\n::set-output name=x::y.csv", "\x1b]0;owned\x07.csv", "\r\u202e.csv"):
        for exists in (False, True):
            if exists:
                (tmp_path / name).write_text("a,a\n")
            done = run("check", name)
            assert (done.returncode, done.stderr.count("\n")) == (2, 1)
            assert done.stderr.startswith("focus-validate: ")
            assert done.stderr.rstrip("\n").isprintable()


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


def test_a_tampered_rule_file_is_exit_2(tmp_path: Path) -> None:
    """The rules decide verdicts: one changed letter, and no command gives an answer."""
    folder = tmp_path / "installed" / "focus_validate"
    shutil.copytree(
        Path(focus_validate.__file__).parent, folder, ignore=shutil.ignore_patterns("__pycache__", "1.4")
    )
    file = folder / "spec" / CATALOGUE_FILE.name
    released = file.read_bytes()
    write(tmp_path / "data.csv", [{**PERIOD, "BillingPeriodStatus": "closed"}])
    tampered = {
        "a level": released.replace(b'"level":"fail"', b'"level":"warn"', 1),
        "a check": released.replace(b'"BillingPeriodStatus"', b"\"read_csv('/etc/passwd')\""),
        "a blank": released + b" ",
        "cut off": released[:-100],
        "emptied": b"",
    }
    assert answers(tmp_path, "check", "data.csv").returncode == 1
    for text in tampered.values():
        assert text != released
        file.write_bytes(text)
        refused(answers(tmp_path, "check", "data.csv"), "was changed")
    for arguments in (["check-bundle", "data.csv"], ["rules"], ["explain", "BilledCost"], SQL):
        refused(answers(tmp_path, *arguments), "was changed")
    assert answers(tmp_path, "--version").returncode == 0
    file.unlink()
    refused(answers(tmp_path, "check", "data.csv"), "cannot be read")


SQL = ["sql", "--dialect", "duckdb", "--dataset", "BillingPeriod", "--table", "t"]


def answers(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder / "installed")}
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def refused(done: subprocess.CompletedProcess[str], why: str) -> None:
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert "the rule catalogue" in done.stderr
    assert why in done.stderr


def test_the_check_for_tampering_takes_less_than_2_ms() -> None:
    """The best of 20: other work on the machine does not count. hashlib is there for the inputs anyway."""
    text = CATALOGUE_FILE.read_bytes()
    taken = []
    for _ in range(20):
        started = time.perf_counter()
        assert is_released(text)
        taken.append(time.perf_counter() - started)
    assert min(taken) < 0.002
