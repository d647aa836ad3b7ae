"""What names a sampled row beside its number; without samples nothing of the data gets into the report."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from focus_validate.engine import evaluate
from focus_validate.engine.samples import HEAD, Sampler
from focus_validate.options import Options
from focus_validate.result import LONGEST_VALUE, Report, Sample

from .support import report, rule, write_csv

WRONG = "CAU-ChargeCategory-C-003-M"
CHARGE: dict[str, str | None] = {"ChargeCategory": "usage", "InvoiceId": "I", "ResourceId": None}


def charges(*sources: Path, **options: int) -> Report:
    return evaluate(list(sources), Options(dataset="CostAndUsage", **options))  # type: ignore[arg-type]


def test_a_charge_is_named_by_invoice_resource_and_period(tmp_path: Path) -> None:
    row: dict[str, str | None] = {
        "ChargePeriodEnd": "2026-01-02T00:00:00Z",
        "ChargeCategory": "usage",
        "ResourceId": "vm",
        "InvoiceId": "INV",
        "ChargePeriodStart": "no date",
        "RegionId": "eu",
    }
    (sample,) = charges(write_csv(tmp_path / "a.csv", [row])).rule(WRONG).samples
    assert list(sample.identity.items()) == [
        ("InvoiceId", "INV"),
        ("ResourceId", "vm"),
        ("ChargePeriodStart", "no date"),
        ("ChargePeriodEnd", "2026-01-02T00:00:00Z"),
    ]


def test_null_cells_name_nothing_and_rows_without_a_name_have_no_identity(tmp_path: Path) -> None:
    rows = [CHARGE, {**CHARGE, "InvoiceId": None}]
    found = charges(write_csv(tmp_path / "a.csv", rows))
    samples = json.loads(found.to_json())["rules"]
    (named, nameless) = next(each["samples"] for each in samples if each["id"] == WRONG)
    assert named["identity"] == {"InvoiceId": "I"}
    assert "identity" not in nameless


def test_data_without_such_columns_has_no_identity(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [{"ChargeCategory": "usage", "RegionId": "eu"}])
    assert charges(path).rule(WRONG).samples == (Sample(1, "usage"),)


def test_each_file_names_its_own_rows(tmp_path: Path) -> None:
    first = write_csv(tmp_path / "1.csv", [CHARGE, {**CHARGE, "InvoiceId": "J"}])
    second = write_csv(tmp_path / "2.csv", [{**CHARGE, "InvoiceId": "K"}])
    samples = charges(first, second).rule(WRONG).samples
    assert [(each.row, each.identity["InvoiceId"]) for each in samples] == [(1, "I"), (2, "J"), (1, "K")]


def test_a_row_far_down_is_named(tmp_path: Path) -> None:
    rows = [{**CHARGE, "ChargeCategory": "Usage"}] * (HEAD + 5) + [{**CHARGE, "InvoiceId": "last"}]
    (sample,) = charges(write_csv(tmp_path / "a.csv", rows)).rule(WRONG).samples
    assert (sample.row, sample.identity) == (HEAD + 6, {"InvoiceId": "last"})


def test_typed_names_are_text() -> None:
    table = pa.table(
        {"ChargeCategory": ["usage"], "InvoiceId": [7], "ChargePeriodStart": [datetime(2026, 1, 2)]}
    )
    (sample,) = evaluate(table, Options(dataset="CostAndUsage")).rule(WRONG).samples
    assert sample.identity == {"InvoiceId": "7", "ChargePeriodStart": "2026-01-02T00:00:00Z"}


def test_a_long_name_is_cut(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [{**CHARGE, "InvoiceId": "x" * (LONGEST_VALUE + 1)}])
    (sample,) = charges(path).rule(WRONG).samples
    assert sample.identity == {"InvoiceId": "x" * LONGEST_VALUE + "…"}


@pytest.mark.parametrize(
    ("dataset", "wrong", "cells", "names"),
    [
        (
            "InvoiceDetail",
            "ChargeCategory",
            {"InvoiceDetailId": "d", "InvoiceId": "i", "PaymentTerms": "t"},
            {"InvoiceId": "i", "InvoiceDetailId": "d"},
        ),
        (
            "ContractCommitment",
            "ContractCommitmentCategory",
            {"ContractId": "c", "ContractCommitmentId": "k"},
            {"ContractId": "c", "ContractCommitmentId": "k"},
        ),
        (
            "BillingPeriod",
            "BillingPeriodStatus",
            {"InvoiceIssuerName": "Acme"},
            {"InvoiceIssuerName": "Acme"},
        ),
    ],
)
def test_other_datasets_have_their_own_names(
    tmp_path: Path, dataset: str, wrong: str, cells: dict[str, str], names: dict[str, str]
) -> None:
    path = write_csv(tmp_path / "a.csv", [{wrong: "no such value", **cells}])
    found = evaluate(path, Options(dataset=dataset))
    assert [
        each.samples[0].identity for each in found.failures() if each.column == wrong and each.samples
    ] == [names]


def test_without_samples_nothing_of_the_data_is_in_the_report(tmp_path: Path) -> None:
    columns = (
        *("BilledCost", "BillingCurrency", "ChargeCategory", "ChargePeriodStart", "InvoiceId"),
        *("InvoiceIssuerName", "ResourceId", "SkuId", "Tags", "x_Team"),
    )
    row: dict[str, str | None] = {column: f"secret {column}" for column in columns}
    path = write_csv(tmp_path / "a.csv", [{**row, "BilledCost": "98765.4321"}, row, row])
    shown, hidden = charges(path).to_json(), charges(path, max_samples=0)
    assert "secret InvoiceId" in shown
    assert "98765.4321" in shown
    assert hidden.summary.fail
    assert "secret" not in hidden.to_json()
    assert "98765" not in hidden.to_json()


def test_rows_are_named_only_when_samples_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[int]] = []

    def remember(self: Sampler, numbers: set[int], *columns: object) -> tuple[dict[int, Any], ...]:
        asked.append(sorted(numbers))
        return cells(self, numbers, *columns)  # type: ignore[arg-type]

    cells = Sampler.cells
    monkeypatch.setattr(Sampler, "cells", remember)
    path = write_csv(tmp_path / "a.csv", [{"Name": "n", "Other": "o"}, {"Name": None, "Other": "o"}])
    report(path, rule({"not_null": "Name"}, function="Nullability"))
    report(path, rule({"not_null": "Other"}, "Other", function="Nullability"))
    report(path, rule({"not_null": "Name"}, function="Nullability"), max_samples=0)
    assert asked == [[2]]
