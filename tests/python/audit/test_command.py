"""``focus-validate audit verify``: what it reads, prints and exits with."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from audit.logs import plausible
from focus_validate.audit.log import COLUMNS, Entry
from focus_validate.cli import run

Output = pytest.CaptureFixture[str]
HEAD = str(plausible()[-1].entry_hash)
TYPES = ["decimal(38,0)", *["varchar"] * (len(COLUMNS) - 1)]


def database(path: Path, entries: list[Entry], schema: str = "main_focus_ai_ledger") -> str:
    """The log as the package keeps it in DuckDB."""
    columns = ", ".join(f"{name} {type_}" for name, type_ in zip(COLUMNS, TYPES, strict=True))
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"create schema if not exists {schema}")
        connection.execute(f"create table {schema}.focus_ai__audit_log ({columns})")
        for entry in entries:
            connection.execute(
                f"insert into {schema}.focus_ai__audit_log values ({', '.join('?' * len(COLUMNS))})", entry
            )
    return str(path)


def export(path: Path, entries: list[Entry], options: str, columns: str = "*") -> str:
    """The log written from DuckDB to a file, the newest entry first."""
    source = database(path.with_suffix(".duckdb"), entries)
    with duckdb.connect(source) as connection:
        connection.execute(
            f"""copy (select {columns} from main_focus_ai_ledger.focus_ai__audit_log
            order by sequence_number desc) to '{path}' ({options})"""
        )
    return str(path)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("log.parquet", "format parquet"),
        ("log.csv", "format csv, header true"),
        ("quoted.csv", "format csv, header true, force_quote *"),
        ("snowflake.csv.gz", "format csv, header true, nullstr '\\N', compression gzip"),
    ],
)
def test_an_export_of_an_untouched_log_is_intact(
    tmp_path: Path, name: str, options: str, capsys: Output
) -> None:
    path = export(tmp_path / name, plausible(), options)
    assert run(["audit", "verify", path, "--expect-head", HEAD.upper()]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"head: {HEAD} (entry 7, 2026-10-07T08:00:00Z)",
        "expected head: found at entry 7, 0 entries since",
        f"INTACT: {path}: 7 entries",
    ]


def test_columns_in_upper_case_and_another_order_are_the_same_log(tmp_path: Path) -> None:
    columns = ", ".join(f"{name} as {name.upper()}" for name in reversed(COLUMNS))
    path = export(tmp_path / "log.parquet", plausible(), "format parquet", columns)
    assert run(["audit", "verify", path]) == 0


def test_a_database_is_read_as_it_is(tmp_path: Path, capsys: Output) -> None:
    path = database(tmp_path / "books", plausible())
    before = Path(path).read_bytes()
    assert run(["audit", "verify", path]) == 0
    assert Path(path).read_bytes() == before
    assert capsys.readouterr().out.endswith(f"INTACT: {path}: 7 entries\n")


def test_breaks_are_named_and_the_exit_code_is_1(tmp_path: Path, capsys: Output) -> None:
    log = plausible()
    log[1] = log[1]._replace(after="{}")
    del log[3:5]
    path = database(tmp_path / "log.duckdb", log)
    assert run(["audit", "verify", path, "--expect-head", "0" * 64]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "edited: entry 2: its content is not what its entry_hash was made from",
        "deleted: entries 4 to 5: missing",
        f"cut off after entry 7: no entry of the chain has the expected hash {'0' * 64}: "
        "entries at the end are missing, or the log was written anew",
        f"head: {HEAD} (entry 7, 2026-10-07T08:00:00Z)",
        f"BROKEN: {path}: 5 entries, 3 breaks",
    ]


def test_json_has_every_break(tmp_path: Path, capsys: Output) -> None:
    log = [entry._replace(actor="mallory\x1b[2J") for entry in plausible(27)]
    path = database(tmp_path / "log.duckdb", log)
    assert run(["audit", "verify", path, "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["intact"] is False
    assert [(each["kind"], each["first"]) for each in report["findings"]] == [
        ("edited", number) for number in range(1, 28)
    ]
    assert run(["audit", "verify", path]) == 1
    assert "... and 7 more breaks (--format json has all)\n" in capsys.readouterr().out


def test_terminal_escapes_in_a_log_do_not_reach_the_terminal(tmp_path: Path, capsys: Output) -> None:
    log = plausible(2)
    log[1] = log[1]._replace(recorded_at="\x1b[2J", entry_hash="\x1b[31m", previous_hash=log[0].entry_hash)
    path = database(tmp_path / "log.duckdb", log)
    assert run(["audit", "verify", path]) == 1
    assert "\x1b" not in capsys.readouterr().out


def test_an_empty_log_is_intact_unless_a_head_is_expected(tmp_path: Path, capsys: Output) -> None:
    path = database(tmp_path / "log.duckdb", [])
    assert run(["audit", "verify", path]) == 0
    assert capsys.readouterr().out == f"INTACT: {path}: 0 entries\n"
    assert run(["audit", "verify", path, "--expect-head", HEAD]) == 1


def test_the_table_can_be_named(tmp_path: Path, capsys: Output) -> None:
    path = database(tmp_path / "log.duckdb", plausible())
    database(tmp_path / "log.duckdb", plausible(2), schema="other")
    assert run(["audit", "verify", path]) == 2
    assert "choose with --table main_focus_ai_ledger.focus_ai__audit_log or other.focus_ai__audit_log" in (
        " ".join(capsys.readouterr().err.split())
    )
    assert run(["audit", "verify", path, "--table", "other.focus_ai__audit_log"]) == 0
    assert "2 entries" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["absent.csv"], "does not exist"),
        (["."], "is a folder"),
        (["notes.csv"], "is no audit log: it lacks sequence_number, recorded_at"),
        (["notes.csv", "--table", "x"], "--table is for a DuckDB database file"),
        (["log.jsonl"], "holds JSON; export focus_ai__audit_log as Parquet or CSV"),
        (["bad.parquet"], "is no Parquet file"),
        (["bad.duckdb"], "cannot be read as a DuckDB database"),
        (["log.duckdb", "--table", "absent"], "has no table absent"),
        (["log.duckdb", "--table", "main.notes"], "is no audit log: it lacks sequence_number"),
        (["log.duckdb", "--expect-head", "abc"], "it has 64 hexadecimal digits"),
    ],
)
def test_what_cannot_be_used_exits_with_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output, arguments: list[str], complaint: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n")
    (tmp_path / "log.jsonl").write_text('{"sequence_number": 1}\n')
    (tmp_path / "bad.parquet").write_bytes(b"x" * 40)
    (tmp_path / "bad.duckdb").write_bytes(b"x" * 8 + b"DUCK" + b"x" * 40)
    path = database(tmp_path / "log.duckdb", plausible())
    with duckdb.connect(path) as connection:
        connection.execute("create table main.notes (a integer)")
    assert run(["audit", "verify", *arguments]) == 2
    error = capsys.readouterr().err
    assert complaint in error
    assert error.count("\n") == 1
