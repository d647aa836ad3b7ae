"""Small deliveries of FOCUS datasets that fit together; each test changes what it is about."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb
from spec.base_rows import Row, base_rows, quoted

from focus_validate.spec.loader import load_catalogue

BASE = base_rows()
START, END = "2026-08-01T00:00:00Z", "2026-09-01T00:00:00Z"
SHARED = {"BillingPeriodStart": START, "BillingPeriodEnd": END, "InvoiceIssuerName": "Issuer, Inc."}
APPLIED = {
    "Elements": [
        {"ContractId": "contract-1", "ContractCommitmentId": "cc-1", "ContractCommitmentAppliedCost": 4.5}
    ]
}
CHARGE: Row = {
    **BASE["CostAndUsage"],
    **SHARED,
    "InvoiceId": "INV-1",
    "InvoiceDetailId": "DET-1",
    "ChargePeriodStart": "2026-08-03T00:00:00Z",
    "ChargePeriodEnd": "2026-08-04T00:00:00Z",
    "ContractApplied": json.dumps(APPLIED),
}
DATASETS: dict[str, Row] = {
    "costs": CHARGE,
    "invoices": {
        **BASE["InvoiceDetail"],
        **SHARED,
        "InvoiceId": "INV-1",
        "InvoiceDetailId": "DET-1",
        "PaymentCurrencyInvoiceDetailId": "DET-1",
        "ReferenceInvoiceId": "INV-1",
        "InvoiceDetailCreated": END,
        "InvoiceDetailLastUpdated": END,
    },
    "periods": {
        **BASE["BillingPeriod"],
        **SHARED,
        "BillingPeriodCreated": START,
        "BillingPeriodLastUpdated": "2026-09-03T00:00:00Z",
        "BillingPeriodStatus": "Closed",
    },
    "commitments": {
        **BASE["ContractCommitment"],
        "ContractCommitmentId": "cc-1",
        "ContractId": "contract-1",
    },
}
TYPES = {
    (column.dataset, column.name): {"Decimal": "decimal(30, 10)", "Date/Time": "timestamp"}.get(
        column.data_type, "varchar"
    )
    for dataset in load_catalogue().datasets
    for column in dataset.columns
}
IDS = {
    "costs": "CostAndUsage",
    "invoices": "InvoiceDetail",
    "periods": "BillingPeriod",
    "commitments": "ContractCommitment",
}
Change = Mapping[str, "str | None"]


def write(path: Path, kind: str, rows: Iterable[Change] = ({},), without: Iterable[str] = ()) -> Path:
    """A CSV file of one dataset, a row per change of its base row."""
    base = DATASETS[kind]
    names = sorted(set(base) - set(without))
    lines = [",".join(names)]
    lines += [",".join(quoted({**base, **row}[name]) for name in names) for row in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", "utf-8", newline="")
    return path


def charges(*amounts: str, **cells: str | None) -> list[Change]:
    """Charges with these amounts."""
    return [
        {"BilledCost": amount, "ChargeDescription": f"Charge {number}", **cells}
        for number, amount in enumerate(amounts)
    ]


def deliver(folder: Path, **rows: Iterable[Change]) -> Path:
    """A folder with a file per dataset; those that are not named have their base row."""
    for kind in DATASETS:
        write(folder / f"{kind}.csv", kind, rows.get(kind, ({},)))
    return folder


def stored(folder: Path, database: Path) -> Path:
    """The CSV files of a delivery as tables of the types that FOCUS gives them."""
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema focus")
        for kind, dataset in IDS.items():
            with (folder / f"{kind}.csv").open(newline="") as stream:
                names = next(csv.reader(stream))
            cells = ", ".join(f'cast("{name}" as {TYPES[dataset, name]}) as "{name}"' for name in names)
            connection.execute(
                f"create table focus.{kind} as select {cells}"
                f" from read_csv('{folder / kind}.csv', all_varchar = true, header = true)"
            )
    return database
