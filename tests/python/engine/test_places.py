"""Where data may lie beside plain files: a DuckDB database, folders as Hive names them, addresses."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from focus_validate.engine.readers import remote
from focus_validate.errors import InputError
from focus_validate.options import Options

from .support import report, rows_of, rule

ANY = rule({"not_null": "Name"}, function="Nullability")
AMOUNT = rule({"type": {"column": "Amount", "is": "decimal"}}, "Amount", id="type")
START = rule({"type": {"column": "Start", "is": "datetime"}}, "Start", id="start")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "bills.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema raw")
        connection.execute(
            'create table raw.bills ("Name" varchar, "Amount" decimal(20, 10), "Start" timestamp)'
        )
        connection.execute(
            "insert into raw.bills values ('a', 1.5, '2026-01-01'), (null, 2, null), ('c', -1, null)"
        )
        connection.execute('create table raw."odd ""name""; --" as select \'x\' as "Name"')
        connection.execute("create view bills as select * from raw.bills")
        connection.execute("create view shuffled as from raw.bills order by random()")
        connection.execute('create table empty ("Name" varchar)')
        connection.execute("create schema other")
        connection.execute("create table other.bills as from raw.bills")
        (tmp_path / "away.csv").write_text("Name\nx\n")
        connection.execute(f"create view away as from read_csv('{tmp_path}/away.csv')")
    return path


def failure(path: Path | str, **options: object) -> str:
    with pytest.raises(InputError) as caught:
        report(path, ANY, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_table_is_judged_with_its_types(database: Path) -> None:
    before = database.read_bytes()
    found = report(database, ANY, AMOUNT, START, table="raw.bills")
    assert (found.rows, found.header) == (3, ("Name", "Amount", "Start"))
    assert rows_of(found.rule("R")) == [2]
    assert [found.rule(name).violations for name in ("type", "start")] == [0, 0]
    assert found.options["table"] == "raw.bills"
    assert found.inputs[0].bytes == len(before)
    assert database.read_bytes() == before
    assert not database.with_name("bills.duckdb.wal").exists()


def test_a_view_is_computed_once(database: Path) -> None:
    found = report(
        database, ANY, rule({"equals": {"column": "Name", "value": "?"}}, id="E"), table="shuffled"
    )
    null_row = rows_of(found.rule("R"))
    assert sorted(null_row + rows_of(found.rule("E"))) == [1, 2, 3]


def test_a_view_finds_what_it_names_as_in_the_database_itself(database: Path) -> None:
    """Tables of another schema without their schema, and macros: only the database's own main has them."""
    with duckdb.connect(str(database)) as connection:
        connection.execute("create table plain as from raw.bills")
        connection.execute("create macro twice(a) as a * 2")
        connection.execute('create view other.mine as select twice("Amount") as "Amount", "Name" from plain')
    found = report(database, ANY, table="other.mine")
    assert (found.rows, rows_of(found.rule("R"))) == (3, [2])


def test_a_damaged_database_is_no_locked_one(database: Path) -> None:
    with database.open("r+b") as stream:
        stream.seek(12288 + 100)
        byte = stream.read(1)[0]
        stream.seek(-1, os.SEEK_CUR)
        stream.write(bytes([byte ^ 255]))
    message = failure(database, table="raw.bills")
    assert "it may be damaged" in message
    assert "Corrupt database file" in message


def test_which_table_is_meant(database: Path) -> None:
    assert "say which table with --table (main.away, main.bills" in failure(database)
    assert "several schemas have bills" in failure(database, table="bills")
    assert "has no table raw.bils (did you mean raw.bills?)" in failure(database, table="raw.bils")
    assert "has no data row" in failure(database, table="empty")
    assert report(database, ANY, table='raw.odd "name"; --').rows == 1


def test_a_view_on_other_files_is_refused(database: Path) -> None:
    assert "cannot be computed inside the database file" in failure(database, table="away")


def test_a_database_that_somebody_writes_to(database: Path) -> None:
    script = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); c.execute('create table t as select 1 as a');"
        "print('open', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
        assert "is open in another process" in failure(database, table="raw.bills")
        writer.kill()
    assert report(database, ANY, table="raw.bills").rows == 3, "with the log that the writer left"


def test_a_database_under_another_name(database: Path) -> None:
    other = database.rename(database.with_name("warehouse.data"))
    assert report(other, ANY, table="raw.bills").rows == 3


def test_what_is_no_database(tmp_path: Path, database: Path) -> None:
    path = tmp_path / "x.duckdb"
    path.write_bytes(b"Name\na\n")
    assert "is no DuckDB database" in failure(path, table="t")
    path.write_bytes(database.read_bytes()[:5000])
    assert "may be damaged" in failure(path, table="t")
    (tmp_path / "a.csv").write_text("Name\na\n")
    assert "--table names a table of one DuckDB database" in failure(tmp_path / "a.csv", table="t")
    assert "--table names a table of one DuckDB database" in failure([database, path], table="t")  # type: ignore[arg-type]
    duckdb.connect(str(tmp_path / "none.duckdb")).close()
    assert "has no table" in failure(tmp_path / "none.duckdb", table="t")


def hive(root: Path, folder: str, name: str = "part.csv", text: str = "Name,Row\na,1\n") -> Path:
    (root / folder).mkdir(parents=True)
    (root / folder / name).write_text(text)
    return root


def test_folders_are_columns(tmp_path: Path) -> None:
    root = hive(tmp_path / "data", "Start=2026-01-01T00%3A00%3A00Z/x_Region=eu")
    hive(root, "Start=yesterday/x_Region=us")
    found = report(root, ANY, START)
    assert found.header == ("Name", "Row", "Start", "x_Region")
    assert [sample.value for sample in found.rule("start").samples] == ["yesterday"]
    assert found.rule("start").checked == 2


def test_a_folder_column_stands_at_the_place_of_its_name(tmp_path: Path) -> None:
    root = hive(tmp_path / "data", "Other=x", text="Name,Row,x_A\na,1,b\n")
    assert report(root, ANY).header == ("Name", "Other", "Row", "x_A")


def test_the_null_partition_is_null(tmp_path: Path) -> None:
    root = hive(tmp_path / "data", "Name=__HIVE_DEFAULT_PARTITION__", text="Row\n1\n2\n")
    assert rows_of(report(root, ANY).rule("R")) == [1, 2]


def test_the_column_of_the_file_wins(tmp_path: Path) -> None:
    root = hive(tmp_path / "data", "Name=b")
    found = report(root, rule({"equals": {"column": "Name", "value": "a"}}))
    assert found.rule("R").violations == 0
    assert found.header == ("Name", "Row")


def test_partitions_of_parquet_and_json(tmp_path: Path) -> None:
    root = tmp_path / "data"
    for region in ("eu", "us"):
        (root / f"x_Region={region}").mkdir(parents=True)
        pq.write_table(pa.table({"Name": ["a"]}), root / f"x_Region={region}" / "p.parquet")
    assert report(root, ANY).header == ("Name", "x_Region")
    lines = hive(tmp_path / "lines", "Other=o", "x.jsonl", '{"Name": 1}\n')
    found = report(lines, rule({"type": {"column": "Name", "is": "string"}}))
    assert (found.header, found.rule("R").violations) == (("Name", "Other"), 1)


def test_partitions_below_a_pattern_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hive(tmp_path, "run=5/Start=2026/data")
    file = "run=5/Start=2026/data/part.csv"
    monkeypatch.chdir(tmp_path)
    assert report("run=5/*/data/*.csv", ANY).header == ("Name", "Row", "Start")
    assert report(file, ANY).header == ("Name", "Row"), "a file that is named itself"
    assert report("run=5", ANY, partitions="ignore").header == ("Name", "Row")


def test_partitions_that_make_no_table(tmp_path: Path) -> None:
    root = hive(tmp_path / "data", "Start=a")
    (root / "lone.csv").write_text("Name,Row\na,1\n")
    assert "has the column Start and" in failure(root)
    assert "two of its folders give the column Start" in failure(hive(tmp_path / "twice", "Start=1/Start=2"))


def test_quotes_in_partitions_stay_text(tmp_path: Path) -> None:
    root = hive(tmp_path / "data", "Name=it's '; drop table x; --", text="Row\n1\n")
    found = report(root, rule({"is_null": "Name"}, function="Nullability")).rule("R")
    assert found.samples[0].value == "it's '; drop table x; --"


# Addresses. The extensions of DuckDB are tested in cloud/.


@pytest.mark.parametrize(
    ("address", "extension"),
    [("s3://b/x.csv", "httpfs"), ("gcs://b/x.csv", "httpfs"), ("az://b/x.csv", "azure")],
)
def test_an_address_without_its_extension_says_what_to_install(
    address: str, extension: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    message = failure(address)
    assert f"needs DuckDB's extension {extension}, which is not installed" in message
    assert f"pip install 'focus-validate[cloud]', or in DuckDB: install {extension}" in message
    assert os.listdir(tmp_path) == [], "nothing is downloaded or written"


SIGNED = "https://us3r:p4ss@host.example/b/x.csv?X-Amz-Signature=s3cr3t&sig=t0ken#frag"


def test_an_address_is_shown_without_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert remote.shown(SIGNED) == "https://host.example/b/x.csv"
    for word in ("s3cr3t", "t0ken", "p4ss", "us3r"):
        assert word not in failure(SIGNED)


def test_other_schemes_are_refused() -> None:
    assert "addresses begin with s3://, gcs://" in failure("ftp://host/x.csv")


class Fetching:
    """Stands in for a DuckDB connection with an extension: a bucket in memory."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.found: list[tuple[object, ...]] = []

    def execute(self, sql: str) -> Fetching:
        address = sql.split("'")[1]
        if "glob(" in sql:
            self.found = [(name,) for name in sorted(self.files)]
        elif address in self.files:
            self.found = [(self.files[address],)]
        else:
            raise duckdb.IOException(f"HTTP 403 at '{address}': forbidden\nAuthorization: s3cr3t")
        return self

    def fetchall(self) -> list[tuple[object, ...]]:
        return self.found

    def fetchone(self) -> tuple[object, ...]:
        return self.found[0]

    def close(self) -> None:
        pass


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    monkeypatch.setattr(remote, "_connection", lambda scheme, name, options: Fetching(files))
    return files


def test_what_is_fetched_is_judged_byte_by_byte(bucket: dict[str, bytes]) -> None:
    bucket["s3://b/1.csv"] = b"Name,Row\na,1\n,2\n"
    found = report("s3://b/1.csv", ANY)
    assert rows_of(found.rule("R")) == [2]
    assert (found.inputs[0].path, found.inputs[0].bytes) == ("s3://b/1.csv", 16)


def test_a_pattern_is_every_file_that_fits(bucket: dict[str, bytes]) -> None:
    bucket |= {"s3://b/1.csv": b"Name,Row\na,1\n", "s3://b/2.jsonl": b'{"Name": null, "Row": "2"}\n'}
    found = report("s3://b/*", ANY).rule("R")
    assert [(sample.file, sample.row) for sample in found.samples] == [("s3://b/2.jsonl", 1)]


def test_a_signed_address_leaves_no_secret(bucket: dict[str, bytes]) -> None:
    bucket[SIGNED] = b"Name,Row\n,1\n"
    text = report(SIGNED, ANY).to_json()
    denied = failure(SIGNED.replace("x.csv", "y.csv"))
    for word in ("s3cr3t", "t0ken", "p4ss", "us3r"):
        assert word not in text
        assert word not in denied
    assert "HTTP 403" in denied


def test_credentials_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("AWS_", "AZURE_")):
            monkeypatch.delenv(name)
    assert list(remote._secrets("s3")) == []
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "k'1")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9000")
    [secret] = remote._secrets("s3")
    assert secret == (
        "create temporary secret (type s3, key_id 'k''1', secret 's', endpoint '127.0.0.1:9000',"
        " url_style 'path', use_ssl 'false')"
    )
    assert len(duckdb.extract_statements(secret)) == 1
    assert list(remote._secrets("gcs")) == []
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", "c")
    assert list(remote._secrets("abfss")) == ["create temporary secret (type azure, connection_string 'c')"]


def test_nothing_is_installed_by_itself() -> None:
    from focus_validate.engine.session import Session

    with Session(Options()) as session:
        session.lock([])
        for setting in ("autoinstall_known_extensions", "autoload_known_extensions"):
            assert session.row(f"select current_setting('{setting}')") == (False,)
