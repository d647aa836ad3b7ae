"""The export operation on two small datasets: what the bytes are, and what it says when it cannot."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from .dbt_server import Run, run_dbt
from .project import macros_alone

pytest.importorskip("dbt.include.duckdb", reason="needs dbt-duckdb")
pytestmark = pytest.mark.slow

BILLING_PERIOD = """\
select * from (values
    ('b, "quoted"', timestamp '2026-09-01', 1.5::decimal(38, 12)),
    ('', timestamp '2026-08-01', -0.000000000001::decimal(38, 12)),
    ('a', timestamp '2026-09-01', null),
    ('a', timestamp '2026-08-01 23:59:59', 12345678901234567890123456.5::decimal(38, 12))
) as t ("InvoiceIssuerName", "BillingPeriodStart", "x_Money")
"""
COMMITMENT = """select 'line' || chr(10) || 'break' as "ContractCommitmentId", null::varchar as "x_Text" """
CSV = (
    "InvoiceIssuerName,BillingPeriodStart,x_Money\n"
    '"",2026-08-01T00:00:00Z,-0.000000000001\n'
    "a,2026-08-01T23:59:59Z,12345678901234567890123456.500000000000\n"
    "a,2026-09-01T00:00:00Z,\n"
    '"b, ""quoted""",2026-09-01T00:00:00Z,1.500000000000\n'
)


class Exporter:
    """A project with the package's macros and models of the FOCUS datasets' names."""

    def __init__(self, folder: Path, **models: str) -> None:
        self.folder = folder
        macros_alone(folder, "data.duckdb")
        for name, sql in models.items():
            (folder / "models" / f"focus_ai__{name}.sql").write_text(sql)
        (folder / "out").mkdir()

    def dbt(self, *arguments: str) -> Run:
        (run,) = run_dbt(self.folder, ["--quiet", *arguments])
        return run

    def export(self, **arguments: object) -> Run:
        return self.dbt("run-operation", "focus_ai_export", "--args", json.dumps(arguments))

    def files(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "out").iterdir())


@pytest.fixture(scope="module")
def exporter(tmp_path_factory: pytest.TempPathFactory) -> Exporter:
    exporter = Exporter(
        tmp_path_factory.mktemp("export"), billing_period=BILLING_PERIOD, contract_commitment=COMMITMENT
    )
    exporter.dbt("run").succeeded()
    exporter.export(directory="out/").succeeded()
    return exporter


def test_every_dataset_in_every_format(exporter: Exporter) -> None:
    assert exporter.files() == [
        f"{name}.{kind}" for name in ("billing_period", "contract_commitment") for kind in ("csv", "parquet")
    ]


def test_csv_is_ordered_by_the_key_and_plain(exporter: Exporter) -> None:
    assert (exporter.folder / "out" / "billing_period.csv").read_bytes() == CSV.encode()


def test_null_is_empty_and_a_line_break_is_quoted(exporter: Exporter) -> None:
    written = (exporter.folder / "out" / "contract_commitment.csv").read_bytes()
    assert written == b'ContractCommitmentId,x_Text\n"line\nbreak",\n'


def test_parquet_keeps_order_and_types(exporter: Exporter) -> None:
    with duckdb.connect() as connection:
        relation = connection.sql(
            f"from read_parquet('{exporter.folder / 'out' / 'billing_period.parquet'}')"
        )
        assert [str(kind) for kind in relation.types] == ["VARCHAR", "TIMESTAMP", "DECIMAL(38,12)"]
        assert [row[0] for row in relation.fetchall()] == ["", "a", "a", 'b, "quoted"']


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"directory": "out", "formats": "xlsx"}, "format 'xlsx' is unknown; choose from csv, parquet"),
        ({"directory": "nowhere"}, 'Cannot open file "nowhere/billing_period.csv"'),
    ],
)
def test_a_mistake_gets_a_clear_line(exporter: Exporter, arguments: dict[str, object], says: str) -> None:
    output = exporter.export(**arguments).failed()
    assert says in output
    assert "Traceback" not in output


def test_a_key_on_several_rows_is_refused(tmp_path: Path) -> None:
    exporter = Exporter(tmp_path, billing_period=BILLING_PERIOD.replace(" 23:59:59", "").replace("''", "'a'"))
    exporter.dbt("run").succeeded()
    output = exporter.export(directory="out").failed()
    assert "(InvoiceIssuerName, BillingPeriodStart) has 1 values on several rows" in output
    assert exporter.files() == []


def test_what_is_not_built_or_not_on_is_said(tmp_path: Path) -> None:
    exporter = Exporter(tmp_path, billing_period=BILLING_PERIOD)
    assert (
        "focus_ai__billing_period is not built yet; run `dbt build"
        in exporter.export(directory="out").failed()
    )
    (tmp_path / "models" / "focus_ai__billing_period.sql").unlink()
    assert "no FOCUS dataset is switched on" in exporter.export(directory="out").failed()


def test_another_warehouse_is_told_what_to_do(exporter: Exporter) -> None:
    """What the dispatch falls back to where there is no implementation."""
    dataset = {"relation": "focus.t", "key": ["InvoiceIssuerName", "BillingPeriodStart"]}
    arguments = json.dumps({"dataset": dataset, "path": "t.csv", "format": "csv"})
    output = exporter.dbt("run-operation", "default__export_dataset", "--args", arguments).failed()
    assert "focus_ai_export writes files on duckdb only" in output
    assert "ordered by InvoiceIssuerName, BillingPeriodStart" in output
