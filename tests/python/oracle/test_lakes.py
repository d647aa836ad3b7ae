"""Engine and oracle agree on JSON Lines, Arrow files and tables of a DuckDB database, in many types."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from . import carriers, fuzz, lakes, reference
from .compare import differences, engine_report, engine_verdicts
from .fuzz import Case

pytestmark = pytest.mark.skipif(not reference.available(), reason="no reference folder (FOCUS_REFERENCE)")

Check = Callable[[Case, Path], "list[str]"]


def check_lines(case: Case, folder: Path) -> list[str]:
    path = folder / "case.jsonl"
    lakes.write_json_lines(case, path)
    found = engine_verdicts(engine_report(case, path, case.null_text))
    return differences(case, carriers.csv_verdicts(case), found)


def check_arrow(case: Case, folder: Path) -> list[str]:
    path = folder / "case.arrow"
    expected = carriers.table_verdicts(case, lakes.write_arrow(case, path))
    return differences(case, expected, engine_verdicts(engine_report(case, path)))


def check_database(case: Case, folder: Path) -> list[str]:
    if len({name.casefold() for name in case.header}) < len(case.header):
        return []
    path = folder / f"{case.dataset}-{case.seed}.duckdb"
    expected = carriers.table_verdicts(case, lakes.write_database(case, path, "costs"))
    return differences(case, expected, engine_verdicts(engine_report(case, path, table="costs")))


CHECKS: dict[str, Check] = {"lines": check_lines, "arrow": check_arrow, "database": check_database}


def disagreements(carrier: str, dataset: str, seeds: range, folder: Path) -> list[str]:
    return [text for seed in seeds for text in CHECKS[carrier](fuzz.make_case(seed, dataset), folder)]


@pytest.mark.parametrize("carrier", CHECKS)
@pytest.mark.parametrize("dataset", reference.DATASETS)
def test_random_tables(dataset: str, carrier: str, tmp_path: Path) -> None:
    assert not disagreements(carrier, dataset, range(3), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("carrier", CHECKS)
@pytest.mark.parametrize("dataset", reference.DATASETS)
def test_many_random_tables(dataset: str, carrier: str, tmp_path: Path) -> None:
    assert not disagreements(carrier, dataset, range(100, 115), tmp_path)


@pytest.mark.parametrize("carrier", CHECKS)
def test_every_value_in_every_column(carrier: str, tmp_path: Path) -> None:
    for dataset in ("InvoiceDetail", "ContractCommitment"):
        assert not CHECKS[carrier](fuzz.sweep(dataset, 16), tmp_path)
