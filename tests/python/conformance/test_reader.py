"""The facts that the database reads are those of a plain loop over the rows, in every carrier."""

from __future__ import annotations

from collections import defaultdict
from decimal import Context, Decimal
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from conformance.deliveries import CHARGE, END, START, charges, write
from focus_validate.conformance.facts import ChargeKey, Charges, Commitments, Lines, Periods, Rows
from focus_validate.conformance.reader import FactReader
from focus_validate.engine.readers.names import named_files
from focus_validate.engine.readers.source import open_source
from focus_validate.engine.session import Session
from focus_validate.options import Options
from focus_validate.spec.loader import load_catalogue

EXACT = Context(prec=2000)
AMOUNTS = (
    *("0.1", "0.2", "-3", "10.00", "1E-7", "-2.5E3", "0.000000000000000000000000000001", "0"),
    *("999999999999.999999999999999999", "1000000000000", "123456789012345678901234567890.5", "1E30"),
)


def read(path: Path, what: str) -> Charges | Lines | Periods | Commitments:
    with Session(Options(threads=2)) as session:
        files = named_files([str(path)], session.folder, Options(), load_catalogue()) or []
        session.lock([file.path for file in files])
        session.table = open_source([str(path)], files, Options(), session)
        facts: Charges | Lines | Periods | Commitments = getattr(FactReader(session, session.table), what)()
        session.table.finish()
        return facts


def test_sums_are_exact_whatever_the_length_and_exponent(tmp_path: Path) -> None:
    rng = Random(7)
    rows = [
        {
            "BilledCost": rng.choice(AMOUNTS),
            "InvoiceId": rng.choice(["INV-1", "INV-2", None]),
            "InvoiceDetailId": rng.choice(["DET-1", None]),
            "ChargeCategory": rng.choice(["Usage", "Tax", None]),
            "BillingCurrency": rng.choice(["USD", None]),
        }
        for _ in range(500)
    ]
    found = read(write(tmp_path / "costs.csv", "costs", rows), "charges")
    assert isinstance(found, Charges)
    expected: dict[tuple[object, ...], list[tuple[int, Decimal]]] = defaultdict(list)
    for number, row in enumerate(rows, start=1):
        key = (
            row["InvoiceId"],
            row["InvoiceDetailId"],
            row["BillingCurrency"],
            row["ChargeCategory"] == "Tax",
        )
        expected[key].append((number, Decimal(row["BilledCost"] or "")))
    actual = {
        (key.invoice, key.detail, key.currency, key.is_tax): total for key, total in found.totals.items()
    }
    assert set(actual) == set(expected)
    for key, entries in expected.items():
        amount = Decimal(0)
        for _, value in entries:
            amount = EXACT.add(amount, value)
        assert (actual[key].rows, actual[key].amount, actual[key].first) == (
            len(entries),
            amount,
            entries[0][0],
        )


@pytest.mark.parametrize("amount", [None, "", "n/a", "1,5", "1e5", " 1"])
def test_a_cell_that_is_no_number_leaves_the_sum_unknown(tmp_path: Path, amount: str | None) -> None:
    rows = [*charges("1", "2"), {"BilledCost": amount}, *charges("5", InvoiceId="INV-2")]
    found = read(write(tmp_path / "costs.csv", "costs", rows), "charges")
    assert isinstance(found, Charges)
    by_invoice = {key.invoice: total.amount for key, total in found.totals.items()}
    assert by_invoice == {"INV-1": None, "INV-2": 5}


@pytest.mark.parametrize(
    ("kind", "amounts", "total"),
    [
        (pa.decimal128(38, 2), ["0.10", "0.20", "-1.00"], "-0.70"),
        (pa.decimal128(38, 30), ["0.000000000000000000000000000001"] * 3, "3E-30"),
        (pa.float64(), [0.1, 0.2, 1e-7, 1e-18], "0.300000100000000001"),
        (pa.float64(), [1e300, 1.0], f"{10**300 + 1}"),
        (pa.int64(), [2**53 + 1, 1], f"{2**53 + 2}"),
        (pa.string(), ["0.1", "0.2"], "0.3"),
    ],
    ids=str,
)
def test_typed_amounts_are_added_as_they_are_written(
    tmp_path: Path, kind: pa.DataType, amounts: list[object], total: str
) -> None:
    values = [Decimal(each) if pa.types.is_decimal(kind) else each for each in amounts]
    cells = {name: pa.array([cell] * len(values), pa.string()) for name, cell in CHARGE.items()}
    pq.write_table(pa.table({**cells, "BilledCost": pa.array(values, kind)}), tmp_path / "costs.parquet")
    found = read(tmp_path / "costs.parquet", "charges")
    assert isinstance(found, Charges)
    [sum_] = found.totals.values()
    assert sum_.amount == Decimal(total)


def test_a_group_is_named_by_all_of_its_parts(tmp_path: Path) -> None:
    found = read(write(tmp_path / "costs.csv", "costs"), "charges")
    assert isinstance(found, Charges)
    [key] = found.totals
    assert key == ChargeKey("Issuer, Inc.", "INV-1", "DET-1", "USD", False, START[:-1], END[:-1])


def test_timestamps_and_texts_give_the_same_moments(tmp_path: Path) -> None:
    import datetime as dt

    cells = {name: pa.array([cell], pa.string()) for name, cell in CHARGE.items()}
    moment = dt.datetime.fromisoformat(START.replace("Z", "+00:00"))
    cells["BillingPeriodStart"] = pa.array([moment], pa.timestamp("us", "UTC"))
    cells["BillingPeriodEnd"] = pa.array(["no moment"], pa.string())
    pq.write_table(pa.table(cells), tmp_path / "costs.parquet")
    found = read(tmp_path / "costs.parquet", "charges")
    assert isinstance(found, Charges)
    [key] = found.totals
    assert (key.start, key.end) == (START[:-1], "")


def test_commitments_are_read_from_well_formed_json_only(tmp_path: Path) -> None:
    element = '{"ContractId": "c", "ContractCommitmentId": "%s"}'
    cells = [
        f'{{"Elements": [{element % "a"}]}}',
        f'{{ "Elements": [{element % "a"}] }}',
        f'{{"Elements": [{element % "a"}, {element % "b"}]}}',
        '{"Elements": [{"ContractId": 7, "ContractCommitmentId": "a"}, 5]}',
        '{"Elements": "none"}',
        "no JSON",
        None,
    ]
    rows = [{"ContractApplied": cell} for cell in cells]
    found = read(write(tmp_path / "costs.csv", "costs", rows), "charges")
    assert isinstance(found, Charges)
    assert found.applied == {
        frozenset({("c", "a")}): Rows(2, 1),
        frozenset({("c", "a"), ("c", "b")}): Rows(1, 3),
        frozenset(): Rows(3, 4),
    }


@pytest.mark.parametrize(
    ("amounts", "pairs"),
    [
        (["1", "-2.5", "1.5E-7", "0"], {("c", "a")}),
        (["1.2.3", "01", ".5", "--1"], set()),
    ],
)
def test_amounts_applied_do_not_matter_save_that_they_must_be_json(
    tmp_path: Path, amounts: list[str], pairs: set[tuple[str, str]]
) -> None:
    cell = (
        '{{"Elements": [{{"x_Note": "\\"ContractCommitmentAppliedCost\\": 5,",'
        ' "ContractCommitmentAppliedCost" : {amount} , "ContractId": "c", "ContractCommitmentId": "a"}}]}}'
    )
    rows = [{"ContractApplied": cell.format(amount=amount)} for amount in amounts]
    found = read(write(tmp_path / "costs.csv", "costs", rows), "charges")
    assert isinstance(found, Charges)
    assert found.applied == {frozenset(pairs): Rows(4, 1)}


def test_charges_that_are_over_before_their_billing_period_begins_are_early(tmp_path: Path) -> None:
    july = {"ChargePeriodStart": "2026-07-30T00:00:00Z", "ChargePeriodEnd": "2026-07-31T00:00:00Z"}
    rows = [
        {},
        july,
        {**july, "ChargePeriodEnd": START},
        {**july, "ChargePeriodEnd": "2026-08-01T00:00:01Z"},
        {**july, "ChargeClass": "Correction"},
        {**july, "ChargePeriodEnd": "31/07/2026"},
    ]
    found = read(write(tmp_path / "costs.csv", "costs", rows), "charges")
    assert isinstance(found, Charges)
    assert {tuple(key): rows for key, rows in found.early.items()} == {
        ("Issuer, Inc.", "2026-07-30T00:00:00"): Rows(2, 2)
    }


def test_lines_and_periods_are_read_row_by_row(tmp_path: Path) -> None:
    lines = read(write(tmp_path / "invoices.csv", "invoices", [{}, {"BilledCost": "x"}]), "lines")
    assert isinstance(lines, Lines)
    assert [(line.row, line.invoice, line.amount) for line in lines.rows] == [
        (1, "INV-1", Decimal("5672.53")),
        (2, "INV-1", None),
    ]
    periods = read(write(tmp_path / "periods.csv", "periods"), "periods")
    assert isinstance(periods, Periods)
    assert [(each.start, each.end, each.updated, each.status) for each in periods.rows] == [
        (START[:-1], END[:-1], "2026-09-03T00:00:00", "Closed")
    ]


def test_columns_that_are_not_there_are_named(tmp_path: Path) -> None:
    path = write(tmp_path / "costs.csv", "costs", without=["InvoiceId", "ContractApplied", "ChargeClass"])
    found = read(path, "charges")
    assert found.absent == {"InvoiceId", "ContractApplied", "ChargeClass"}
