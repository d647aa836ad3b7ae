"""Bad values, one by one, in CSV and JSON Lines: which rule they break, or that they are fine.

The values of a list are the rows of one file, so that a rule is right about each of them beside the others.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from focus_validate import Report, validate
from focus_validate.spec.loader import load_catalogue

from .tables import CHARGE, PERIOD, failed, write

KINDS = pytest.mark.parametrize("kind", ["csv", "jsonl"])
TYPE, FORMAT, NULL = "CAU-BilledCost-C-001-M", "CAU-BilledCost-C-002-M", "CAU-BilledCost-C-003-M"
CHARGES = next(dataset for dataset in load_catalogue().datasets if dataset.id == "CostAndUsage")


def charges(tmp_path: Path, kind: str, rows: Sequence[dict[str, str | None]]) -> Report:
    """The report on one conforming charge per row, changed as ``rows`` says."""
    path = write(tmp_path / f"charges.{kind}", [{**CHARGE, **cells} for cells in rows])
    return validate(path, dataset="CostAndUsage", max_samples=len(rows))


def broken_by(report: Report, rule: str, values: Sequence[str | None]) -> list[str | None]:
    """Which of the values, one a row, break a rule."""
    return [values[sample.row - 1] for sample in report.rule(rule).samples]


# Numbers

NO_NUMBERS = (
    *("", " ", "NULL", "null", "None", "N/A", "-", "NaN", "nan", "inf", "-Infinity", "+1.5", "1e5", "1E+10"),
    *("1.2e-7", "1_000", "1,234.50", "1.234,50", "$1", "1 USD", "(12.00)", "12-", " 1.5 ", ".5", "5.", "--1"),
    *("0x10", "１２", "1٫5", "−1", "true", "false"),
)
NUMBERS = (
    *("-0", "00012", "1" * 40, f"0.{'1' * 30}", "1E400", "-1E-400", "7", "0", "1.5E-3", "-2.50E1"),
    "123456789012345678901234567890.123456789",
)


@KINDS
def test_numbers(kind: str, tmp_path: Path) -> None:
    texts = [*NUMBERS, *NO_NUMBERS, None]
    report = charges(tmp_path, kind, [{"BilledCost": text} for text in texts])
    assert broken_by(report, TYPE, texts) == list(NO_NUMBERS)
    assert broken_by(report, FORMAT, texts) == list(NO_NUMBERS)
    assert broken_by(report, NULL, texts) == [None]


@KINDS
def test_whole_numbers_alone_are_decimals(kind: str, tmp_path: Path) -> None:
    report = charges(tmp_path, kind, [{"BilledCost": "1"}, {"BilledCost": "2"}])
    assert [report.rule(rule).status for rule in (TYPE, FORMAT)] == ["pass", "pass"]


@KINDS
def test_ids_of_digits_stay_text(kind: str, tmp_path: Path) -> None:
    texts = ["000123", "123", "1E5", "007"]
    report = charges(tmp_path, kind, [{"BillingAccountId": text} for text in texts])
    assert report.rule("CAU-BillingAccountId-C-001-M").status == "pass"


def test_numbers_of_json_are_judged_as_written(tmp_path: Path) -> None:
    numbers = ["1e400", "0.1e1", "1" * 40, "1E+5", f"0.{'7' * 40}", "-0"]
    template = json.dumps({**CHARGE, "BilledCost": "@"})
    path = tmp_path / "x.jsonl"
    path.write_text("".join(template.replace('"@"', number) + "\n" for number in numbers))
    report = validate(path, dataset="CostAndUsage")
    assert [sample.value for sample in report.rule(FORMAT).samples] == ["1e400", "0.1e1", "1E+5"]


# Money

PRODUCT = next(
    rule.id for rule in CHARGES.rules if rule.column == "ListCost" and "product" in (rule.check or {})
)
PRODUCTS = [
    # unit price, quantity, cost, whether that is the product
    ("0.00000015", "8000000000", "1200", True),
    ("0.00000015", "8000000000", "1200.00", True),
    ("0.00000015", "8000000000", "1200.01", False),
    ("0.1", "3", "0.3", True),
    ("0.1", "3", "0.30000000000000004", True),
    ("1", "1", "1.01", False),
    ("1", "1", "1.0001", False),
    ("-1.5", "2", "-3", True),
    ("0", "5", "0", True),
    ("123456789012345678.9", "1000000000", "123456789012345678900000000", True),
]


@KINDS
def test_unit_price_times_quantity(kind: str, tmp_path: Path) -> None:
    names = ("ListUnitPrice", "PricingQuantity", "ListCost")
    rows = [dict(zip(names, cells, strict=False)) | {"BillingCurrency": "USD"} for cells in PRODUCTS]
    report = charges(tmp_path, kind, rows)  # type: ignore[arg-type]
    wrong = {sample.row for sample in report.rule(PRODUCT).samples}
    assert [number not in wrong for number in range(1, len(PRODUCTS) + 1)] == [each[3] for each in PRODUCTS]


@KINDS
def test_currencies(kind: str, tmp_path: Path) -> None:
    good = ["USD", "JPY", "KWD", "CLF"]
    bad = ["usd", "USD ", "XXX", "DEM", "", "US", "€", "USDT"]
    report = charges(tmp_path, kind, [{"BillingCurrency": code} for code in (*good, *bad, None)])
    wrong: set[str | None] = set()
    for rule in report.failures():
        if rule.id.startswith("CAU-BillingCurrency-C"):
            wrong |= set(broken_by(report, rule.id, [*good, *bad, None]))
    assert wrong == {*bad, None}


def test_money_at_stake_is_exact(tmp_path: Path) -> None:
    costs = ["0.1", "0.2", "-0.3", *(["0.000001"] * 1000)]
    rows = [{"BilledCost": cost, "ChargeCategory": "nonsense"} for cost in costs]
    money = charges(tmp_path, "csv", rows).money_at_stake
    assert money is not None
    assert [(amount.billed_cost, amount.rows) for amount in money.total] == [("0.001", 1003)]


# Time

MOMENTS = ("2026-10-01T00:00:00Z", "2024-02-29T00:00:00Z", "9999-12-31T23:59:59Z")
NO_MOMENTS = (
    *(
        "2026-10-01T00:00:00+00:00",
        "2026-10-01T00:00:00+05:00",
        "2026-10-01T00:00:00",
        "2026-10-01 00:00:00Z",
    ),
    *("2026-10-01", "2026-10-01T24:00:00Z", "2026-10-01T23:59:60Z", "2026-02-29T00:00:00Z"),
    *("2026-04-31T00:00:00Z", "2026-13-01T00:00:00Z", "10000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
    *("1790812800", "1790812800000", "1790812800000000", "1790812800000000000", "2026-10-01T00:00:00.1Z"),
    *("2026-10-01T00:00:00.123456789Z", "2026-10-01t00:00:00z", "infinity", "", " ", "2026-10-01T00:00Z"),
    *("01/10/2026", "２０２６-10-01T00:00:00Z"),
)


@KINDS
def test_moments(kind: str, tmp_path: Path) -> None:
    texts = [*MOMENTS, *NO_MOMENTS]
    path = write(tmp_path / f"p.{kind}", [{**PERIOD, "BillingPeriodCreated": text} for text in texts])
    report = validate(path, max_samples=len(texts))
    for rule in ("BIP-BillingPeriodCreated-C-001-M", "BIP-BillingPeriodCreated-C-002-M"):
        assert broken_by(report, rule, texts) == list(NO_MOMENTS), rule


# Text


@KINDS
def test_values_that_only_look_allowed(kind: str, tmp_path: Path) -> None:
    texts = [
        "usage",
        "Usage ",
        "Usage\u00a0",
        "Usage\u200b",
        "\u202eUsage",
        "USAGE",
        "Us\u0430ge",
        "=Usage",
        "",
    ]
    report = charges(tmp_path, kind, [{"ChargeCategory": text} for text in ("Usage", *texts)])
    allowed = next(
        rule.id
        for rule in CHARGES.rules
        if rule.column == "ChargeCategory" and "one_of" in (rule.check or {})
    )
    assert [sample.value for sample in report.rule(allowed).samples] == texts


@KINDS
def test_names_are_free(kind: str, tmp_path: Path) -> None:
    names = ["İstanbul", "Zu\u0308rich", "Zürich", "東京 🚀", "a" * 5000, "=cmd", "x\x1b[31m", "NaN bread"]
    before = failed(charges(tmp_path, kind, [{}]))
    assert failed(charges(tmp_path, kind, [{"ServiceName": name} for name in names])) == before


@KINDS
@pytest.mark.parametrize(
    ("column", "text", "rule", "status"),
    [
        ("SubAccountName", "", "ATT-NullHandling-A-002-C", "fail"),
        ("SubAccountName", "N/A", "ATT-NullHandling-A-002-C", "warn"),
        ("SubAccountName", " ", "ATT-NullHandling-A-002-C", "pass"),
        ("ServiceName", "", "ATT-StringHandling-A-007-O", "warn"),
        ("ServiceName", " ", "ATT-StringHandling-A-015-O", "warn"),
        ("ServiceName", "\t", "ATT-StringHandling-A-015-O", "warn"),
    ],
)
def test_blank_texts_and_placeholders(
    column: str, text: str, rule: str, status: str, kind: str, tmp_path: Path
) -> None:
    assert charges(tmp_path, kind, [{}]).rule(rule).status == "pass"
    assert charges(tmp_path, kind, [{column: text}]).rule(rule).status == status


# JSON

NO_TAGS = (
    *(
        "{'a': 'b'}",
        '{"a": "1", "a": "2"}',
        '{"a": NaN}',
        '{"a": "b",}',
        '["a"]',
        '"a"',
        "1",
        "null",
        "{",
        "",
    ),
    *('{"a": {"b": "c"}}', '{"a": ["b"]}', '{"a":' * 100 + "1" + "}" * 100, "nonsense"),
)
TAGS = ("{}", '{"a.b": "c"}', '{"a": "' + "x" * (1 << 20) + '"}', '{"ä": true, "n": null}')


@KINDS
def test_tags(kind: str, tmp_path: Path) -> None:
    texts = [*TAGS, *NO_TAGS]
    report = charges(tmp_path, kind, [{"Tags": text} for text in texts])
    wrong: set[str | None] = set()
    for rule in report.failures():
        if rule.column == "Tags":
            wrong |= set(broken_by(report, rule.id, texts))
    assert wrong == set(NO_TAGS)


# Several rows


def test_rows_twice_are_legal_in_cost_and_usage(tmp_path: Path) -> None:
    once = failed(charges(tmp_path, "csv", [{}]))
    report = charges(tmp_path, "csv", [{}, {}])
    assert (failed(report), report.rows) == (once, 2), "warned of at most, never dropped"
