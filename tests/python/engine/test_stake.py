"""Money at stake: exact sums per issuer and currency, each row once; nothing on clean data."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pytest

from focus_validate import MoneyAtStake, validate
from focus_validate.engine import evaluate, stake
from focus_validate.options import Options
from focus_validate.result import Report

from .support import catalogue, report, rule, write_csv

NAMED = rule({"not_null": "Name"}, function="Nullability")
NOT_X = rule({"not_equals": {"column": "Other", "value": "x"}}, "Other", id="S")
UNIQUE = rule({"no_duplicates": "Name"}, id="U")
COLUMNS = ("Name", "Other", "BilledCost", "InvoiceIssuerName", "BillingCurrency")
Row = tuple[str | None, ...]


def written(path: Path, *rows: Row) -> Path:
    return write_csv(path / "one.csv", [dict(zip(COLUMNS, row, strict=True)) for row in rows])


def money(path: Path, *rows: Row, rules: Any = (NAMED, NOT_X), **options: Any) -> MoneyAtStake:
    found = report(written(path, *rows), *rules, **options).money_at_stake
    assert found is not None
    return found


def lines(amounts: Any) -> list[tuple[object, ...]]:
    return [
        (each.invoice_issuer_name, each.billing_currency, each.billed_cost, each.rows, each.rows_without_cost)
        for each in amounts
    ]


def test_each_row_counts_once_in_the_total_and_once_per_rule(tmp_path: Path) -> None:
    found = money(
        tmp_path,
        (None, "x", "0.1", "Acme", "USD"),
        (None, "o", "0.2", "Acme", "USD"),
        ("n", "x", "4", "Acme", "EUR"),
        ("n", "x", "-1.50", "Beta", "EUR"),
        ("n", "o", "99", "Acme", "USD"),
    )
    assert lines(found.total) == [
        ("Acme", "EUR", "4", 1, 0),
        ("Acme", "USD", "0.3", 2, 0),
        ("Beta", "EUR", "-1.5", 1, 0),
    ]
    assert [(each.rule, lines(each.amounts)) for each in found.rules] == [
        ("R", [("Acme", "USD", "0.3", 2, 0)]),
        (
            "S",
            [("Acme", "EUR", "4", 1, 0), ("Acme", "USD", "0.1", 1, 0), ("Beta", "EUR", "-1.5", 1, 0)],
        ),
    ]
    assert found.left_out == 0


def test_a_cost_that_is_no_number_is_counted_apart(tmp_path: Path) -> None:
    costs = ("1", None, "", "ten", "1,000", "NaN", "1E101", "1" * 101)
    found = money(tmp_path, *((None, "o", cost, "Acme", "USD") for cost in costs))
    assert lines(found.total) == [("Acme", "USD", "1", 8, 7)]


def test_numbers_that_no_column_type_holds_are_added_exactly(tmp_path: Path) -> None:
    costs = ("12345678901234567890123.4", "1.5E-30", "-12345678901234567890123", "2E2", "2E2", "0.125")
    found = money(tmp_path, *((None, "o", cost, "Acme", "USD") for cost in costs))
    assert found.total[0].billed_cost == f"400.525{'0' * 26}15"


def test_names_that_are_null_or_absent_make_a_line_of_their_own(tmp_path: Path) -> None:
    found = money(tmp_path, (None, "o", "1", None, "USD"), (None, "o", "2", "", None))
    assert lines(found.total) == [(None, "USD", "1", 1, 0), ("", None, "2", 1, 0)]
    alone = write_csv(tmp_path / "two.csv", [{"Name": None, "BilledCost": "3"}])
    absent = report(alone, NAMED).money_at_stake
    assert absent is not None
    assert lines(absent.total) == [(None, None, "3", 1, 0)]


@pytest.mark.parametrize("kind", [pa.float64(), pa.decimal128(38, 20), pa.decimal128(10, 2), pa.string()])
def test_typed_costs_are_exact(kind: pa.DataType) -> None:
    costs = [Decimal("0.1"), Decimal("0.2"), Decimal("7330.35"), None]
    values = costs if pa.types.is_decimal(kind) else [None if each is None else str(each) for each in costs]
    column = pa.array(values, pa.string() if kind == pa.float64() else kind).cast(kind)
    found = report(pa.table({"Name": pa.nulls(4, pa.string()), "BilledCost": column}), NAMED).money_at_stake
    assert found is not None
    assert lines(found.total) == [(None, None, "7330.65", 4, 1)]


def test_all_rows_of_a_broken_group_count(tmp_path: Path) -> None:
    found = money(
        tmp_path,
        ("a", "o", "1", "Acme", "USD"),
        ("a", "o", "2", "Acme", "USD"),
        ("b", "o", "4", "Acme", "USD"),
        (None, "o", "8", "Acme", "USD"),
        (None, "o", "16", "Acme", "USD"),
        rules=(UNIQUE,),
    )
    assert lines(found.total) == [("Acme", "USD", "3", 2, 0)]


BAD: Row = (None, "o", "1", "Acme", "USD")
GOOD: Row = ("n", "o", "1", "Acme", "USD")
WARNS = rule({"not_null": "Name"}, function="Nullability", level="warn", keyword="SHOULD")


@pytest.mark.parametrize(
    ("row", "rules", "options"),
    [
        (GOOD, (NAMED,), {}),
        (BAD, (WARNS,), {}),
        (BAD, (NAMED,), {"max_samples": 0}),
        (BAD, (rule({"column_present": "Unit"}, "Unit", function="Presence"),), {}),
    ],
    ids=["clean", "warns", "no samples", "missing column"],
)
def test_nothing_is_at_stake(tmp_path: Path, row: Row, rules: Any, options: Any) -> None:
    assert report(written(tmp_path, row), *rules, **options).money_at_stake is None


def test_data_without_a_cost_has_none_at_stake(tmp_path: Path) -> None:
    found = report(write_csv(tmp_path / "one.csv", [{"Name": None, "Other": "o"}]), NAMED)
    assert found.summary.fail == 1
    assert found.money_at_stake is None


def test_clean_data_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("focus_validate.engine.run.money_at_stake", never)
    assert report(written(tmp_path, GOOD), NAMED).conformant
    with pytest.raises(AssertionError):
        report(written(tmp_path, BAD), NAMED)


def test_only_failures_that_count_after_waivers_have_money_at_stake(tmp_path: Path) -> None:
    def settle(found: Report) -> Report:
        kept = tuple(
            msgspec.structs.replace(each, status="waived") if each.id == "R" else each for each in found.rules
        )
        return msgspec.structs.replace(found, rules=kept)

    path = written(tmp_path, (None, "o", "1", "Acme", "USD"), ("n", "x", "2", "Acme", "USD"))
    found = evaluate(path, Options(dataset="Sample"), catalogue(NAMED, NOT_X), settle=settle).money_at_stake
    assert found is not None
    assert lines(found.total) == [("Acme", "USD", "2", 1, 0)]
    assert [each.rule for each in found.rules] == ["S"]


def test_an_ignored_rule_has_no_money_at_stake(tmp_path: Path) -> None:
    row = {"BilledCost": "5", "BillingCurrency": "USD", "ChargeCategory": "usage", "InvoiceIssuerName": "A"}
    path = write_csv(tmp_path / "one.csv", [row])
    found = validate(path, dataset="CostAndUsage").money_at_stake
    assert found is not None
    assert found.rules[0].rule == "CAU-ChargeCategory-C-003-M"
    ignoring = validate(path, dataset="CostAndUsage", ignore=["ChargeCategory", "FocusColumnHandling"])
    assert ignoring.summary.fail
    assert ignoring.money_at_stake is None


def test_pairs_beyond_the_first_are_only_counted(tmp_path: Path) -> None:
    rows = [(None, "o", "1", f"issuer {number:03}", "USD") for number in range(stake.MOST + 7)]
    found = money(tmp_path, *reversed(rows))
    assert found.left_out == 7
    assert [each.invoice_issuer_name for each in found.total] == [row[3] for row in rows[: stake.MOST]]


def test_the_same_rows_give_the_same_bytes_whatever_their_order(tmp_path: Path) -> None:
    rows = [(None, "x" if number % 3 else "o", str(number), f"{number % 5}", "USD") for number in range(500)]
    assert money(tmp_path, *rows, threads=4) == money(tmp_path, *reversed(rows), threads=1)
