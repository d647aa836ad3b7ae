from __future__ import annotations

import json

import pytest

from cli.fakes import CATALOGUE
from focus_validate.errors import UsageError
from focus_validate.outputs.explain import (
    columns_as_json,
    render_columns,
    render_explain,
    render_flags,
    render_rules,
    rules_as_json,
)
from focus_validate.spec.loader import load_catalogue

REAL = load_catalogue()
RULES = [(dataset.id, rule) for dataset in REAL.datasets for rule in dataset.rules]


@pytest.mark.parametrize("dataset", REAL.datasets, ids=lambda dataset: dataset.id)
def test_every_rule_can_be_explained(dataset: object) -> None:
    for rule in dataset.rules:  # type: ignore[attr-defined]
        text = render_explain(REAL, rule.id, rule.dataset, width=100)
        flat = " ".join(text.split())
        assert text.startswith(rule.id)
        assert rule.keyword in text
        assert " ".join(rule.summary.split()) in flat
        assert rule.ruling is None or " ".join(rule.ruling.split()) in flat
        assert all(child in flat for child in rule.children)
        assert "decided" in text


def test_every_column_can_be_explained_and_names_all_its_rules() -> None:
    for dataset in REAL.datasets:
        for column in dataset.columns:
            text = render_explain(REAL, column.name, dataset.id)
            assert all(rule.id in text for rule in dataset.rules if rule.column == column.name)


def test_every_flag_can_be_explained_and_names_its_rules() -> None:
    for flag in REAL.flags:
        text = render_explain(REAL, flag.name)
        asking = [rule.id for _, rule in RULES if flag.name in str([rule.flags, rule.warn_flags, rule.check])]
        assert asking, f"no rule asks for {flag.name}"
        assert all(rule_id in text for rule_id in asking)


def test_a_rule_is_explained_in_full() -> None:
    assert render_explain(CATALOGUE, "CAU-ChargeCategory-C-003-M").splitlines() == [
        "CAU-ChargeCategory-C-003-M  MUST  Cost and Usage: ChargeCategory",
        "",
        "  demand       Demand of CAU-ChargeCategory-C-003-M.",
        "  applies      where ServiceName has a value and (BilledCost is 0 or ServiceName",
        "               is null)",
        "  decided      from the data, row by row; a row whose own column is null passes",
        "  values       Usage, Purchase, Tax",
        "  when broken  Message of CAU-ChargeCategory-C-003-M.",
        "  ruling       The official machine check lacks the null guard.",
        "  part of      CAU-CostAndUsage-D-000-M",
        "  conforms     BilledCost = 0, ChargeCategory = Usage, ServiceName = Service A",
        "  violates     BilledCost = 0, ChargeCategory = usage, ServiceName = Service A",
    ]


def test_a_rule_of_all_datasets_is_explained_once_with_what_differs() -> None:
    text = render_explain(REAL, "ATT-NullHandling-A-002-C")
    flat = " ".join(text.split())
    assert text.count("demand ") == text.count("violates ") == 1
    for dataset in REAL.datasets:
        assert f"decided {dataset.name}: from the data, row by row, in" in flat


def test_a_column_of_two_datasets_is_explained_for_both_or_for_one() -> None:
    assert render_explain(REAL, "BilledCost").count("  column of ") == 2
    assert render_explain(REAL, "BilledCost", "InvoiceDetail").count("  column of ") == 1


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("CAU-BilledCost-C-3-M", "CAU-BilledCost-C-003-M"),
        ("billed_cost", "BilledCost"),
        ("cau-billedcost-c-003-m", "CAU-BilledCost-C-003-M"),
        ("REGIONS_SUPPORTED", "REGION_SUPPORTED"),
    ],
)
def test_an_unknown_name_says_what_was_meant(name: str, meant: str) -> None:
    with pytest.raises(UsageError, match=f"did you mean {meant}"):
        render_explain(REAL, name)


def test_a_name_that_resembles_nothing_names_the_list() -> None:
    with pytest.raises(UsageError, match="`focus-validate rules` lists the rules") as caught:
        render_explain(REAL, "\x1b[31mqqqq")
    assert str(caught.value).isprintable()


def test_the_lists_are_complete() -> None:
    rules, columns = render_rules(REAL.datasets), render_columns(REAL.datasets)
    assert all(rule.id in rules for _, rule in RULES)
    assert all(column.name in columns for dataset in REAL.datasets for column in dataset.columns)
    flags = render_flags(REAL)
    assert all(flag.name in flags for flag in REAL.flags)


def test_the_json_lists_hold_every_entry() -> None:
    rules = json.loads(rules_as_json(REAL.datasets))
    assert [entry["id"] for entry in rules] == [rule.id for _, rule in RULES]
    columns = json.loads(columns_as_json(REAL.datasets))
    assert {"name", "dataset", "data_type", "feature_level", "allows_nulls", "introduced"} <= set(columns[0])


def test_no_line_of_a_list_is_wider_than_the_terminal() -> None:
    for text in (render_rules(REAL.datasets), render_flags(REAL), render_columns(REAL.datasets)):
        assert max(map(len, text.splitlines())) <= 80


def test_an_attribute_is_explained_once_for_the_datasets_that_have_it_in_common() -> None:
    text = render_explain(REAL, "NumericFormat")
    assert text.splitlines()[0].startswith("NumericFormat  in Billing Period, Contract Commitment,")
    assert text.count("ATT-NumericFormat-A-002-M") == 1
    assert render_explain(REAL, "NumericFormat", "InvoiceDetail").startswith(
        "NumericFormat  in Invoice Detail\n"
    )
