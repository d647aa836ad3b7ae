"""The command: the same bytes every time, names hidden if asked for, what is missing said, errors."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import pytest
import yaml

from . import warehouse
from .conftest import Done, close_pack, close_pack_process, write_pack
from .sheets import texts

MODELS = Path(__file__).parents[3] / "models"
OPTIONAL = [mart for mart in warehouse.MARTS if mart not in (warehouse.REQUIRED, warehouse.CALENDAR)]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_marts_of_the_tests_are_those_of_the_package() -> None:
    """Every column that the pack reads is documented where the mart is."""
    for mart, (columns, _) in warehouse.MARTS.items():
        path = next(MODELS.rglob(f"{mart}.yml"))
        model = yaml.safe_load(path.read_text(encoding="utf-8"))["models"][0]
        known = {column["name"] for column in model["columns"]}
        used = set(re.findall(r"(\w+) (?:timestamp|varchar|boolean|bigint|decimal)", columns))
        if mart == "focus_ai__margin_bridge":
            known = {name for name in known if not name.endswith("_effect") or name in used}
        assert used <= known, mart


def test_the_documentation_names_every_sheet_and_mart(workbook: Path) -> None:
    page = (MODELS.parent / "docs" / "close-pack.md").read_text(encoding="utf-8")
    assert [sheet for sheet in openpyxl.load_workbook(workbook).sheetnames if sheet not in page] == []
    assert set(re.findall(r"`(focus_ai__\w+)`", page)) == set(warehouse.MARTS)


def test_other_processes_zones_and_languages_give_the_same_bytes(
    database: Path, packs: Path, tmp_path: Path
) -> None:
    env = {"PYTHONHASHSEED": "7", "TZ": "Asia/Kolkata", "LC_ALL": "C", "LANG": "C"}
    assert close_pack_process(database, tmp_path, env=env).returncode == 0
    assert contents(tmp_path) == contents(packs)


def test_a_folder_of_parquet_files_gives_the_same_bytes(database: Path, packs: Path, tmp_path: Path) -> None:
    marts = tmp_path / "marts"
    marts.mkdir()
    with duckdb.connect(str(database), read_only=True) as connection:
        for mart in warehouse.MARTS:
            schema = f"{warehouse.SCHEMA}_ledger" if mart in warehouse.LEDGER_MARTS else warehouse.SCHEMA
            connection.execute(f"copy {schema}.{mart} to '{marts / mart}.parquet'")
    assert close_pack(marts, tmp_path / "packs").returncode == 0
    assert contents(tmp_path / "packs") == contents(packs)


def test_the_head_of_the_audit_log_is_on_both(packs: Path) -> None:
    head = "2" * 64
    assert head in texts(packs / "close-pack-2026-09.xlsx")
    assert f"<code>{head}</code>" in (packs / "close-pack-2026-09.html").read_text(encoding="utf-8")


class TestHiddenNames:
    NAMED = re.compile("kestrel|wren|alder|cust_", re.IGNORECASE)

    @pytest.fixture(scope="class")
    @staticmethod
    def hidden(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
        folder = tmp_path_factory.mktemp("hidden")
        assert close_pack(database, folder, "--hide-customer-names").returncode == 0
        return folder

    def test_no_name_and_no_id_is_left(self, hidden: Path, packs: Path) -> None:
        assert len(self.NAMED.findall((packs / "close-pack-2026-09.html").read_text("utf-8"))) > 20
        assert self.NAMED.findall((hidden / "close-pack-2026-09.html").read_text("utf-8")) == []
        assert [text for text in texts(hidden / "close-pack-2026-09.xlsx") if self.NAMED.search(text)] == []

    def test_a_text_that_names_a_customer_is_withheld(self, hidden: Path) -> None:
        found = texts(hidden / "close-pack-2026-09.xlsx")
        assert "(withheld)" in found
        assert "API usage" in found

    def test_ids_are_stable_and_stand_on_every_sheet(
        self, hidden: Path, tmp_path: Path, database: Path
    ) -> None:
        again = tmp_path / "again"
        close_pack(database, again, "--hide-customer-names", period="2026-08")
        ids = [
            set(re.findall("Customer [0-9a-f]{10}", " ".join(texts(folder / name))))
            for folder, name in ((hidden, "close-pack-2026-09.xlsx"), (again, "close-pack-2026-08.xlsx"))
        ]
        assert (len(ids[0]), len(ids[1])) == (3, 2)
        assert ids[1] < ids[0]

    def test_a_key_gives_other_ids(self, hidden: Path, tmp_path: Path, database: Path) -> None:
        key = tmp_path / "key"
        key.write_bytes(b"secret")
        close_pack(database, tmp_path / "keyed", "--hide-customer-names", "--id-key", str(key))
        ids = [
            set(re.findall("Customer [0-9a-f]{10}", " ".join(texts(folder / "close-pack-2026-09.xlsx"))))
            for folder in (hidden, tmp_path / "keyed")
        ]
        assert ids[0].isdisjoint(ids[1])
        assert b"secret" not in (tmp_path / "keyed" / "close-pack-2026-09.html").read_bytes()


@pytest.mark.parametrize("mart", OPTIONAL)
def test_a_mart_that_is_not_there_is_left_out_and_said(mart: str, tmp_path: Path) -> None:
    pack = write_pack(warehouse.build(tmp_path / "marts.duckdb", without=[mart]), tmp_path / "packs")
    assert [text for text in pack.left_out if f"{mart} is not there" in text]
    assert pack.broken_ties == []
    assert f"{mart} is not there" in (tmp_path / "packs" / "close-pack-2026-09.html").read_text("utf-8")
    assert [text for text in texts(tmp_path / "packs" / "close-pack-2026-09.xlsx") if mart in text]


def test_the_margin_alone_is_a_pack(tmp_path: Path) -> None:
    done = close_pack(warehouse.build(tmp_path / "marts.duckdb", without=OPTIONAL), tmp_path / "packs")
    assert done.returncode == 0, done.stderr
    assert "USD\N{NO-BREAK SPACE}277.20" in (tmp_path / "packs" / "close-pack-2026-09.html").read_text(
        "utf-8"
    )


def test_a_period_of_a_fiscal_calendar_in_a_time_zone(tmp_path: Path) -> None:
    """Periods go by their names; their days are those of the company, not of UTC."""
    period = {
        "accounting_period": "FY26-P10",
        "accounting_period_start": "2026-08-31 22:00:00",
        "accounting_period_end": "2026-10-04 22:00:00",
        "first_day": "2026-09-01",
    }
    rows = [
        dict(row) | {"accounting_period_start": period["accounting_period_start"]}
        for row in warehouse.MARTS[warehouse.REQUIRED][1]
        if row["accounting_period_start"] == warehouse.SEPTEMBER
    ]
    database = warehouse.build(
        tmp_path / "marts.duckdb",
        without=OPTIONAL,
        change={warehouse.REQUIRED: rows, warehouse.CALENDAR: [period]},
    )
    done = close_pack(database, tmp_path / "packs", period="FY26-P10")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "packs" / "close-pack-FY26-P10.html").read_text("utf-8")
    assert "Close pack FY26-P10" in page
    assert "1 Sep 2026" in page
    assert "31 Aug 2026" not in page


def test_a_mart_of_another_version_is_left_out_and_said(tmp_path: Path) -> None:
    database = warehouse.build(tmp_path / "marts.duckdb")
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            f"alter table {warehouse.SCHEMA}.focus_ai__general_ledger_reconciliation drop vendor"
        )
    done = close_pack(database, tmp_path / "packs")
    assert done.returncode == 0, done.stderr
    assert re.search(
        "left out: focus_ai__general_ledger_reconciliation has other columns .*vendor", done.stderr
    )


def test_the_first_month_has_nothing_to_compare_with(database: Path, tmp_path: Path) -> None:
    done = close_pack(database, tmp_path, period="2026-08")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "close-pack-2026-08.html").read_text(encoding="utf-8")
    assert "less than in" not in page
    assert "the month before is not known" in page


class TestErrors:
    """One line on standard error, exit code 2, nothing written."""

    @pytest.fixture
    def refused(self, tmp_path: Path):
        def run(
            database: Path,
            *arguments: str,
            period: str = "2026-09",
            folder: str = "packs",
            command: Callable[..., Done] = close_pack,
        ) -> str:
            done = command(database, tmp_path / folder, *arguments, period=period)
            assert done.returncode == 2, done.stderr
            assert done.stdout == ""
            assert done.stderr.count("\n") == 1
            assert "Traceback" not in done.stderr
            assert not (tmp_path / "packs").exists()
            return done.stderr

        return run

    def test_no_such_file(self, refused, tmp_path: Path) -> None:
        assert "nowhere.duckdb does not exist" in refused(tmp_path / "nowhere.duckdb")

    def test_no_database(self, refused, tmp_path: Path) -> None:
        file = tmp_path / "text.duckdb"
        file.write_text("a,b\n1,2\n")
        assert "text.duckdb" in refused(file)

    def test_a_database_without_marts(self, refused, tmp_path: Path) -> None:
        database = warehouse.build(tmp_path / "marts.duckdb", without=[warehouse.REQUIRED])
        assert "dbt build --select package:focus_ai" in refused(database)

    def test_a_database_without_a_calendar(self, refused, tmp_path: Path) -> None:
        database = warehouse.build(tmp_path / "marts.duckdb", without=[warehouse.CALENDAR])
        assert f"hold no {warehouse.CALENDAR}" in refused(database)

    @pytest.mark.parametrize("mart", [warehouse.REQUIRED, warehouse.CALENDAR])
    def test_a_needed_mart_of_another_version(self, refused, tmp_path: Path, mart: str) -> None:
        database = warehouse.build(tmp_path / "marts.duckdb")
        column = "prior_period_revenue" if mart == warehouse.REQUIRED else "first_day"
        with duckdb.connect(str(database)) as connection:
            connection.execute(f"alter table {warehouse.SCHEMA}.{mart} drop {column}")
        assert re.search(f"{mart} has other columns .*{column}", refused(database))

    def test_a_folder_without_marts(self, refused, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        assert f"{warehouse.REQUIRED}.parquet" in refused(tmp_path / "empty")

    def test_a_month_that_is_not_there(self, refused, database: Path) -> None:
        assert "hold no margin of 2025-01: they hold 2026-08 and 2026-09" in refused(
            database, period="2025-01"
        )

    @pytest.mark.parametrize("period", ["../2026-09", "September 2026", "2026/09", ""])
    def test_a_month_that_is_none(self, refused, database: Path, period: str) -> None:
        assert "--period" in refused(database, period=period)

    def test_another_schema(self, refused, database: Path) -> None:
        error = refused(database, "--schema", "main_focus")
        assert "schema main_focus holds no focus_ai__customer_gross_margin_monthly" in error
        assert "main_focus_ai" in error

    def test_two_sets_of_marts(self, refused, tmp_path: Path) -> None:
        database = warehouse.build(tmp_path / "marts.duckdb")
        with duckdb.connect(str(database)) as connection:
            connection.execute("create schema dev_focus_ai")
            for mart in (warehouse.REQUIRED, warehouse.CALENDAR):
                connection.execute(f"create table dev_focus_ai.{mart} as from {warehouse.SCHEMA}.{mart}")
        assert "(dev_focus_ai and main_focus_ai): choose with --schema" in refused(database)
        chosen = close_pack(database, tmp_path / "chosen", "--schema", "dev_focus_ai")
        assert chosen.returncode == 0
        assert "focus_ai__audit_log is not there" in chosen.stderr  # the other set has one

    def test_a_database_that_is_written_to(self, refused, tmp_path: Path) -> None:
        database = warehouse.build(tmp_path / "marts.duckdb")
        with duckdb.connect(str(database)):
            assert "another program writes to it" in refused(database, command=close_pack_process)

    def test_an_output_folder_that_is_a_file(self, refused, database: Path, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        assert "file" in refused(database, folder="file")

    def test_a_key_that_is_not_there(self, refused, database: Path, tmp_path: Path) -> None:
        assert "cannot read the key" in refused(database, "--id-key", str(tmp_path / "nowhere"))

    def test_a_missing_extra(
        self, refused, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "shadow").mkdir()
        (tmp_path / "shadow" / "xlsxwriter.py").write_text("raise ImportError")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path / "shadow"))
        assert "pip install 'focus-validate[pack]'" in refused(database, command=close_pack_process)

    def test_a_view_that_reads_a_file(self, refused, tmp_path: Path) -> None:
        """What a database holds is data: it cannot make the command read other files."""
        secret = tmp_path / "secret.csv"
        secret.write_text("reporting_currency\nEUR\n")
        database = warehouse.build(tmp_path / "marts.duckdb", without=["focus_ai__customers_at_risk"])
        with duckdb.connect(str(database)) as connection:
            connection.execute(
                f"create view {warehouse.SCHEMA}.focus_ai__customers_at_risk as from read_csv('{secret}')"
            )
        assert "cannot read the marts" in refused(database)
