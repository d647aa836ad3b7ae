"""Products on either side of every tolerance, in text and typed columns: engine and oracle agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from . import carriers, fuzz, reference
from .compare import differences, engine_report, engine_verdicts
from .conforming import EXACT, TextRow, conforming
from .evaluator import Verdict
from .fuzz import Case

pytestmark = pytest.mark.skipif(not reference.available(), reason="no reference folder (FOCUS_REFERENCE)")

RULE = "CAU-ListCost-C-011-C"
FACTORS = (
    *(("0.1", "0.2"), ("3", "0.005"), ("0.00000015", "8000000000"), ("1.005", "100"), ("-12.34", "1.1")),
    *(("123456789.123456789", "987654321"), ("1.5E-3", "2E-2"), ("0", "5"), ("99999999999999999999", "3")),
)
EDGES = (
    "0",
    "1",
    "-1",
    "0.999999",
    "1.000001",
    "-1.0000000000000000001",
    "0.9999999999999999999",
    "2",
    "-0.5",
)
"""Multiples of the tolerance by which a result is off."""
USUAL_TYPES: dict[str, pa.DataType] = {
    "decimal": pa.decimal128(38, 12),
    "float": pa.float64(),
    "integer": pa.int64(),
}


def rows_at_the_edges(tolerance: str) -> Iterator[TextRow]:
    units, share = map(Decimal, tolerance.split(","))
    rng = Random(tolerance)
    pairs = [(factors, edge, places) for factors in FACTORS for edge in EDGES for places in (2, 4, 12)]
    rows = conforming("CostAndUsage", rng, len(pairs))
    for row, ((price, quantity), edge, places) in zip(rows, pairs, strict=True):
        product = EXACT.multiply(Decimal(price), Decimal(quantity))
        off = max(units.scaleb(-places), EXACT.multiply(share, abs(product)))
        exact = EXACT.add(product, EXACT.multiply(off, Decimal(edge)))
        written = format(
            exact.quantize(Decimal(1).scaleb(-places), context=EXACT) if rng.random() < 0.7 else exact, "f"
        )
        yield {**row, "ListUnitPrice": price, "PricingQuantity": quantity, "ListCost": written}


def edges(tolerance: str) -> Case:
    return replace(fuzz.whole("CostAndUsage", list(rows_at_the_edges(tolerance))), tolerance=tolerance)


def wrong(case: Case, path: Path, expected: dict[str, Verdict]) -> list[str]:
    return differences(case, expected, engine_verdicts(engine_report(case, path)))


@pytest.mark.parametrize("tolerance", ["0.5,1e-9", *fuzz.TOLERANCES])
def test_text(tolerance: str, tmp_path: Path) -> None:
    case, path = edges(tolerance), tmp_path / "case.csv"
    carriers.write_csv(case, path)
    expected = carriers.csv_verdicts(case)
    assert not wrong(case, path, expected)
    assert 0 < (expected[RULE].violations or 0) < len(case.rows)


@pytest.mark.parametrize("kind", USUAL_TYPES)
@pytest.mark.parametrize("tolerance", ["0.5,1e-9", "0,0", "1,1e-6", "0,0.25"])
def test_typed(tolerance: str, kind: str, tmp_path: Path) -> None:
    case, path = edges(tolerance), tmp_path / "case.parquet"
    columns = {name: carriers.text_array([row[name] for row in case.rows], Random(0)) for name in case.header}
    for name in ("ListUnitPrice", "PricingQuantity", "ListCost"):
        columns[name] = typed([row[name] for row in case.rows], USUAL_TYPES[kind])
    pq.write_table(pa.table(columns), path)
    assert not wrong(case, path, carriers.parquet_verdicts(case, path))


def typed(cells: list[str | None], kind: pa.DataType) -> pa.Array:
    """The numbers in a type; what it cannot hold is null."""
    if pa.types.is_decimal(kind):
        return pa.array([carriers.decimal_or_none(cell, kind.precision, kind.scale) for cell in cells], kind)
    if pa.types.is_integer(kind):
        return carriers.integer_array(cells, Random(0))
    return pa.array([None if cell is None else float(cell) for cell in cells], kind)
