"""Engine and oracle agree on generated data: status, violations, checked and sampled rows of every rule."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pyarrow.parquet as pq
import pytest

from . import carriers, fuzz, reference, targeted
from .compare import check_cells, differences, engine_report, engine_verdicts
from .evaluator import Verdict
from .fuzz import Case

pytestmark = pytest.mark.skipif(not reference.available(), reason="no reference folder (FOCUS_REFERENCE)")

FAST = {
    "CostAndUsage": (4, 24),
    "InvoiceDetail": (3, 16),
    "ContractCommitment": (3, 16),
    "BillingPeriod": (2, 8),
}
"""Dataset to the number of random cases and the step of the sweep in the fast suite."""


def check_csv(case: Case, folder: Path) -> list[str]:
    path = folder / "case.csv"
    carriers.write_csv(case, path)
    report = engine_report(case, path, case.null_text)
    found = differences(case, carriers.csv_verdicts(case), engine_verdicts(report))
    if not found:
        check_cells(case, report)
    return found


def check_parquet(case: Case, folder: Path) -> list[str]:
    path = folder / "case.parquet"
    carriers.write_parquet(case, path)
    return differences(
        case, carriers.parquet_verdicts(case, path), engine_verdicts(engine_report(case, path))
    )


def listed(found: list[str]) -> str:
    return "\n".join(["", *found[:60]])


@pytest.mark.parametrize("dataset", reference.DATASETS)
def test_random_csv(dataset: str, tmp_path: Path) -> None:
    found = [
        text
        for seed in range(FAST[dataset][0])
        for text in check_csv(fuzz.make_case(seed, dataset), tmp_path)
    ]
    assert not found, listed(found)


@pytest.mark.parametrize("dataset", reference.DATASETS)
def test_random_parquet(dataset: str, tmp_path: Path) -> None:
    seeds = range(1000, 1000 + FAST[dataset][0])
    found = [text for seed in seeds for text in check_parquet(fuzz.make_case(seed, dataset), tmp_path)]
    assert not found, listed(found)


@pytest.mark.parametrize("dataset", reference.DATASETS)
def test_every_value_in_every_column(dataset: str, tmp_path: Path) -> None:
    found = check_csv(fuzz.sweep(dataset, FAST[dataset][1]), tmp_path)
    assert not found, listed(found)


@pytest.mark.parametrize("dataset", reference.DATASETS)
def test_rows_in_several_files_and_another_order(dataset: str, tmp_path: Path) -> None:
    case = fuzz.sweep(dataset, FAST[dataset][1])
    shuffled = replace(case, rows=tuple(Random(dataset).sample(case.rows, len(case.rows))))
    paths = [tmp_path / f"part-{part}.csv" for part in range(3)]
    for part, path in enumerate(paths):
        carriers.write_csv(replace(shuffled, rows=shuffled.rows[part::3]), path)
    found = without_samples(engine_verdicts(engine_report(case, paths)))
    expected = without_samples(carriers.csv_verdicts(case))
    assert not differences(case, expected, found)


def without_samples(verdicts: dict[str, Verdict]) -> dict[str, Verdict]:
    return {rule: verdict._replace(samples=()) for rule, verdict in verdicts.items()}


@pytest.mark.slow
@pytest.mark.parametrize("dataset", reference.DATASETS)
def test_headers_groups_and_repeats(dataset: str, tmp_path: Path) -> None:
    found = [text for case in targeted.cases(dataset) for text in check_csv(case, tmp_path)]
    assert not found, listed(found)


@pytest.mark.slow
@pytest.mark.parametrize("carrier", [check_csv, check_parquet], ids=["csv", "parquet"])
@pytest.mark.parametrize("dataset", reference.DATASETS)
def test_whole_sweep(dataset: str, carrier: object, tmp_path: Path) -> None:
    assert callable(carrier)
    found = carrier(fuzz.sweep(dataset), tmp_path)
    assert not found, listed(found)


@pytest.mark.slow
@pytest.mark.parametrize("dataset", reference.DATASETS)
def test_repeated_rows_in_row_groups_on_several_threads(dataset: str, tmp_path: Path) -> None:
    case = fuzz.sweep(dataset)
    case = replace(case, rows=case.rows * 3)
    carriers.write_parquet(case, tmp_path / "whole.parquet")
    path = tmp_path / "groups.parquet"
    pq.write_table(pq.read_table(tmp_path / "whole.parquet"), path, row_group_size=700)
    found = engine_verdicts(engine_report(case, path, threads=4))
    assert not (texts := differences(case, carriers.parquet_verdicts(case, path), found)), listed(texts)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(4))
@pytest.mark.parametrize("dataset", reference.DATASETS)
def test_many_random_cases(dataset: str, block: int, tmp_path: Path) -> None:
    found: list[str] = []
    for seed in range(100 + block * 10, 110 + block * 10):
        case = fuzz.make_case(seed, dataset, size=200)
        found += check_csv(case, tmp_path) + check_parquet(case, tmp_path)
    assert not found, listed(found)
