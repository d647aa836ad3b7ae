"""The oracle on cases whose verdict the reference states in words."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

import pytest

from . import reference
from .conforming import TextRow, conforming
from .evaluator import Verdict, evaluate
from .fuzz import official_flags, whole
from .jsontext import parse_object
from .moments import instant_of
from .numeric import NUMBER, from_text, product_matches
from .units import broken_facets

pytestmark = pytest.mark.skipif(not reference.available(), reason="no reference folder (FOCUS_REFERENCE)")

SAMPLES = {
    "CostAndUsage": "aws_1_4_cost_and_usage.csv",
    "InvoiceDetail": "aws_1_4_invoice_detail.csv",
    "BillingPeriod": "aws_1_4_billing_period.csv",
}


def verdicts(dataset: str, rows: list[TextRow], *gone: str) -> dict[str, Verdict]:
    header = [name for name in sorted(reference.columns_of(dataset)) if name not in gone]
    case = whole(dataset, rows, header)
    return evaluate(case.header, case.rows, dataset, case.supports)


def usage_row(**cells: str | None) -> TextRow:
    rows = conforming("CostAndUsage", Random(7), 60)
    found = next(
        row
        for row in rows
        if row["ChargeCategory"] == "Usage" and row["ChargeClass"] is None and not row["CommitmentDiscountId"]
    )
    return {**found, **cells}


@pytest.mark.parametrize("dataset", reference.DATASETS)
def test_conforming_rows_break_nothing(dataset: str) -> None:
    for seed in range(4):
        found = verdicts(dataset, conforming(dataset, Random(seed), 80))
        assert {rule: verdict for rule, verdict in found.items() if verdict.violations} == {}


def test_number_of_rules() -> None:
    rules = {rule for dataset in reference.DATASETS for rule in reference.read_rules(dataset)}
    assert len(rules) == 1301


@pytest.mark.parametrize("dataset", SAMPLES)
def test_published_samples_have_no_failure(dataset: str) -> None:
    path = reference.folder().parent / "samples" / SAMPLES[dataset]
    if not path.is_file():
        pytest.skip("no sample files beside the reference folder")
    header, *lines = csv.reader(Path(path).read_text("utf-8").splitlines())
    rows = [dict(zip(header, (cell or None for cell in line), strict=True)) for line in lines]
    found = evaluate(header, rows, dataset, official_flags(dataset))
    assert [rule for rule, verdict in found.items() if verdict.status == "fail"] == []


@pytest.mark.parametrize("text", ["-100.2", "-3", "4", "35.2E-7", "1.234", "007", "-0", "1E400"])
def test_numbers_of_the_specification(text: str) -> None:
    assert NUMBER.fullmatch(text)


@pytest.mark.parametrize(
    "text",
    ["1 1/2", "35.2E+7", "[3,5,8]", "sqrt(2)", "32 GiB", "$32", "+333", ".5", "5.", "1e5", "NaN", "1\n", ""],
)
def test_texts_that_are_no_number(text: str) -> None:
    assert not NUMBER.fullmatch(text)


@pytest.mark.parametrize(
    ("result", "decimals", "fits"),
    [
        ("0.02", 2, True),
        ("0.025", 3, False),
        ("0.020", 3, True),
        ("0.0199", 4, False),
        ("1E400", 2, False),
        ("0", 2, False),
    ],
)
def test_tolerance_of_products(result: str, decimals: int, fits: bool) -> None:
    assert product_matches(from_text("0.1"), from_text("0.2"), from_text(result), decimals) is fits


def test_tolerance_is_relative_on_great_amounts() -> None:
    factor, result = from_text("1000000000.9"), from_text("1000000000")
    assert product_matches(factor, from_text("1"), result, 2)
    assert not product_matches(from_text("1000000001.1"), from_text("1"), result, 2)


@pytest.mark.parametrize(
    "text", ["2026-02-29T00:00:00Z", "2026-01-01T24:00:00Z", "2026-12-31T23:59:60Z", "0000-01-01T00:00:00Z"]
)
def test_moments_that_do_not_exist(text: str) -> None:
    assert instant_of(text) is None


@pytest.mark.parametrize(
    ("text", "is_object"),
    [
        ("{}", True),
        (' {"a":1,"a":2} ', True),
        ("{'a':1}", False),
        ('{"a":NaN}', False),
        ('{"a":01}', False),
        ("[]", False),
        ('{"a":' * 63 + "{}" + "}" * 63, True),
        ('{"a":' * 64 + "{}" + "}" * 64, False),
    ],
)
def test_json_objects(text: str, is_object: bool) -> None:
    assert (parse_object(text) is not None) is is_object


@pytest.mark.parametrize(
    ("unit", "broken"),
    [
        *(
            (unit, set())
            for unit in ("GB", "Seconds", "1000 Tokens", "GB-Hours", "MB-Days", "Request-Tokens")
        ),
        *((unit, set()) for unit in ("GB/Hour", "PB/Day", "Core-Hours/Day", "Units/3 Months")),
        ("TBs", {"007", "008"}),
        ("terabyte", {"007", "008"}),
        ("Hour", {"023"}),
        ("GB per Hour", {"016", "018", "012"}),
        ("characters", {"012", "013"}),
    ],
)
def test_units_of_the_specification(unit: str, broken: set[str]) -> None:
    assert broken_facets(unit) >= broken
    assert bool(broken_facets(unit)) is bool(broken)


def test_a_missing_sku_price_is_reported_once() -> None:
    found = verdicts("CostAndUsage", [usage_row(SkuPriceId=None, SkuPriceDetails=None)])
    failing = {rule for rule, verdict in found.items() if verdict.violations}
    assert failing == {"CAU-SkuPriceId-C-005-C"}


def test_an_absent_column_is_reported_by_its_presence_rule() -> None:
    found = verdicts("CostAndUsage", [usage_row()], "ServiceCategory")
    failing = {rule for rule, verdict in found.items() if verdict.violations}
    assert failing == {"CAU-CostAndUsage-D-040-M"}
    assert found["CAU-ServiceSubcategory-C-004-M"].status == "skip"


def test_status_reads_as_null_without_both_commitment_columns() -> None:
    row = usage_row(ConsumedQuantity=None)
    without_both = verdicts("CostAndUsage", [row], "CommitmentDiscountId", "CommitmentDiscountStatus")
    without_status = verdicts("CostAndUsage", [row], "CommitmentDiscountStatus")
    assert without_both["CAU-ConsumedQuantity-C-006-C"].status == "fail"
    assert without_status["CAU-ConsumedQuantity-C-006-C"].status == "skip"


def test_flags_decide_presence_and_not_content() -> None:
    found = evaluate(["RegionName", "RegionId"], [{"RegionName": None, "RegionId": "eu"}], "CostAndUsage")
    assert found["CAU-CostAndUsage-D-064-C"].status == "not_applicable"
    assert found["CAU-RegionName-C-005-C"] == Verdict("fail", 1, 1, (1,))


def test_null_text_is_null_and_an_empty_text_is_not() -> None:
    rows = [{"BilledCost": text} for text in ("NULL", "", None)]
    found = evaluate(["BilledCost"], rows, "CostAndUsage", null_text="NULL")
    assert found["CAU-BilledCost-C-003-M"] == Verdict("fail", 2, 3, (1, 3))
    assert found["CAU-BilledCost-C-001-M"] == Verdict("fail", 1, 1, (2,))
