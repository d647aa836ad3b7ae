"""The script for DuckDB, executed, counts what the library counts on the same table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import duckdb
import pytest
from oracle import fuzz, reference

from .tables import BASE, DATASETS, differences, example_rows, judged, load, script

BROKEN = {"CostAndUsage": 115, "InvoiceDetail": 30, "ContractCommitment": 50, "BillingPeriod": 10}
"""So many rules at least have violations in the table of all examples."""

needs_reference = pytest.mark.skipif(
    not reference.available(), reason="no reference folder (FOCUS_REFERENCE)"
)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def run(connection: duckdb.DuckDBPyConnection, text: str) -> list[tuple[Any, ...]]:
    return [
        row
        for statement in connection.extract_statements(text)
        for row in connection.execute(statement).fetchall()
    ]


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("named", [False, True], ids=["assumed", "named"])
def test_examples_of_all_rules(dataset: str, named: bool, connection: duckdb.DuckDBPyConnection) -> None:
    known = DATASETS[dataset]
    rows = example_rows(known)
    load(connection, known, rows, "focus")
    text = script("duckdb", known, columns=sorted(rows[0]) if named else None)
    found = run(connection, text)
    assert not differences(found, judged(connection, known), text)
    broken = sum(row[4] > 0 for row in found)
    assert broken >= BROKEN[dataset]


@needs_reference
@pytest.mark.parametrize("dataset", DATASETS)
def test_random_tables(dataset: str, connection: duckdb.DuckDBPyConnection) -> None:
    known = DATASETS[dataset]
    cases = [replace(fuzz.sweep(dataset, 12), seed=0), *(fuzz.make_case(seed, dataset) for seed in range(6))]
    for case in cases:
        load(connection, known, case.rows, "focus")
        choices = {"supports": case.supports, "selected": case.selected}
        text = script("duckdb", known, columns=case.header, **choices)
        assert not differences(run(connection, text), judged(connection, known, **choices), text), case.seed


@pytest.mark.parametrize("dataset", DATASETS)
def test_an_empty_table_passes(dataset: str, connection: duckdb.DuckDBPyConnection) -> None:
    load(connection, DATASETS[dataset], [], "focus")
    found = run(connection, script("duckdb", DATASETS[dataset]))
    assert found
    assert {row[2:] for row in found} == {("pass", 0, 0, 0)}


@pytest.mark.parametrize(
    ("price", "status", "violations", "undecided"),
    [
        ("2.001666666", "pass", 0, 0),
        ("2.001666667", "fail", 1, 0),
        ("2.001666666666666666", "undecided", 0, 1),
        ("2.001666666666666667", "undecided", 0, 1),
    ],
)
def test_a_product_at_its_tolerance_is_not_decided(
    price: str, status: str, violations: int, undecided: int, connection: duckdb.DuckDBPyConnection
) -> None:
    """3 pieces at about 2.00166... are 6.005: half a cent off 6.00."""
    cells = {"ListUnitPrice": "2", "PricingQuantity": "3", "ListCost": "6.00"}
    load(connection, DATASETS["CostAndUsage"], [{**BASE["CostAndUsage"], **cells}], "focus")
    connection.execute('alter table focus alter "ListUnitPrice" type decimal(38, 18)')
    connection.execute('update focus set "ListUnitPrice" = ?::decimal(38, 18)', [price])
    found = {row[0]: row for row in run(connection, script("duckdb", DATASETS["CostAndUsage"], scale=2))}
    assert found["CAU-ListCost-C-011-C"][2:] == (status, 1, violations, undecided)
