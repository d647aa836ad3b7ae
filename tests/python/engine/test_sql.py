"""The SQL that the engine writes, and how light it is to import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import duckdb
import msgspec
import pytest
import sqlglot

from focus_validate.engine import distinct, evaluate, layers
from focus_validate.engine.session import Session
from focus_validate.options import Options
from focus_validate.spec.loader import load_catalogue

from .support import write_csv


@pytest.mark.parametrize("dataset", ["CostAndUsage", "InvoiceDetail", "ContractCommitment", "BillingPeriod"])
def test_queries_are_few_and_parse(dataset: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the number of rules, rows are read in three passes: structure, distinct values, counts."""
    known = next(each for each in load_catalogue().datasets if each.id == dataset)
    path = write_csv(tmp_path / "t.csv", [{column.name: None for column in known.columns} | {"x_Row": "1"}])
    statements: list[str] = []
    execute = Session.execute

    def remembered(self: Session, sql: str, *more: object) -> object:
        statements.append(sql)
        return execute(self, sql, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(Session, "execute", remembered)
    evaluate(path, Options(dataset=dataset, max_samples=0))
    assert sum("read_csv" in sql for sql in statements) <= 3
    for sql in statements:
        sqlglot.parse_one(sql.replace("$", ""), read="duckdb")


def test_many_judged_texts_are_joined_one_table_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        {"Tags": f"[{row}]", "PricingUnit": f"unit{row} per", "SkuPriceDetails": f"x{row}", "BilledCost": "1"}
        for row in range(50)
    ]
    path = write_csv(tmp_path / "t.csv", rows)
    options = Options(dataset="CostAndUsage", max_samples=3)
    together = msgspec.json.encode(evaluate(path, options))
    monkeypatch.setattr(layers, "MANY_JUDGED", 10)
    assert msgspec.json.encode(evaluate(path, options)) == together


@pytest.mark.parametrize(
    ("module", "setting", "value"),
    [
        (distinct, "_FEW_BROKEN", 0),  # broken texts stand in tables instead of in the query
        (distinct, "_HEAD", 50),  # flat JSON objects are left out row by row
        (layers, "MANY_JUDGED", 0),
    ],
)
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_how_judged_texts_are_looked_up_changes_no_verdict(
    module: ModuleType, setting: str, value: int, suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["[1]", '{"a":1}', '{"a":1,"a":2}', "{", '{"a":{"b":1}}', "", "it's \n broken"]
    rows = [
        {
            "Tags": texts[row % 7],
            "SkuPriceDetails": texts[row % 3],
            "PricingUnit": ["Hours", "hours", "a per b", "é"][row % 4],
            "ServiceCategory": ["Compute", "Storage", None][row % 3],
            "ServiceSubcategory": ["Virtual Machines", "Backup Storage", None, "?"][row % 4],
            "BilledCost": "1",
        }
        for row in range(84)
    ]
    path = write_csv(tmp_path / "t.csv", rows)
    if suffix == "parquet":
        path = tmp_path / "t.parquet"
        duckdb.sql(f"copy (from read_csv('{tmp_path}/t.csv', all_varchar = true)) to '{path}'")
    options = Options(dataset="CostAndUsage", max_samples=3)
    usual = evaluate(path, options)
    assert any(rule.violations for rule in usual.rules if rule.column in ("Tags", "PricingUnit"))
    monkeypatch.setattr(module, setting, value)
    if setting == "_HEAD":
        monkeypatch.setattr(distinct, "_FEW_IN_HEAD", -1)
    assert evaluate(path, options) == usual


def test_importing_the_engine_loads_no_database() -> None:
    code = (
        "import sys, focus_validate.engine;"
        "heavy = {'duckdb', 'pyarrow', 'pandas', 'polars', 'numpy', 'zstandard'} & set(sys.modules);"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_numpy_and_arrow_are_not_needed_for_files(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", [{"BillingPeriodStatus": "Open", "x_Row": "1"}])
    code = (
        "import sys\n"
        "for name in ('numpy', 'pandas', 'pyarrow', 'polars'): sys.modules[name] = None\n"
        "from focus_validate.engine import evaluate\n"
        "from focus_validate.options import Options\n"
        f"assert evaluate({str(path)!r}, Options(dataset='BillingPeriod')).rows == 1\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
