"""The catalogue against the reference: ids, facts, checks, and a ruling for every departure."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from oracle import reference

from focus_validate.spec.checks import is_presence
from focus_validate.spec.loader import load_catalogue
from focus_validate.spec.model import Rule

from . import official

pytestmark = pytest.mark.skipif(not reference.available(), reason="no reference folder (FOCUS_REFERENCE)")


def ours() -> dict[str, Rule]:
    return {rule.id: rule for dataset in load_catalogue().datasets for rule in dataset.rules}


def test_every_active_id_is_there_and_none_is_invented() -> None:
    assert set(ours()) == set(official.rules())
    assert len(ours()) == 1301


def test_keyword_function_and_guessed_ids_are_the_references() -> None:
    for rule_id, rule in ours().items():
        theirs = official.rules()[rule_id]
        assert (rule.keyword, rule.function, rule.id_guess) == (
            theirs["keyword"],
            theirs["function"],
            theirs.get("id_guess", False),
        ), rule_id


def test_column_facts_are_the_references() -> None:
    for dataset in load_catalogue().datasets:
        facts = reference.workbook()["datasets"][dataset.id]
        assert dataset.name == facts["name"]
        assert [column.name for column in dataset.columns] == list(facts["columns"])
        for column in dataset.columns:
            fact = facts["columns"][column.name]
            assert sorted(column.allowed_values or ()) == sorted(fact["allowed_values"] or ()), column.name
            assert list(column.numeric_range or ()) == (fact["numeric_range"] or []), column.name
            for key in (
                "data_type",
                "value_format",
                "feature_level",
                "condition",
                "allows_nulls",
                "introduced",
            ):
                assert getattr(column, key) == fact[key], (column.name, key)


def departures() -> Iterator[str]:
    """Static rules whose check, condition or children are not those of the machine check."""
    for rule_id, theirs in official.rules().items():
        rule = ours()[rule_id]
        if theirs["type"] != "Static":
            continue
        called = official.calls(theirs)
        if called is not None:
            released = {child for child in called if child in official.rules()}
            added = {i for i, r in official.rules().items() if r.get("parent") == rule_id}
            if set(rule.children) != released | added or "OR" in theirs["check"]:
                yield rule_id
        elif not same_check(rule, theirs):
            yield rule_id
        if not same_condition(rule, theirs):
            yield rule_id


def same_check(rule: Rule, theirs: dict[str, object]) -> bool:
    try:
        return official.canonical(official.translated(theirs["check"])) == official.canonical(rule.check)  # type: ignore[arg-type]
    except KeyError:
        return False


def same_condition(rule: Rule, theirs: dict[str, object]) -> bool:
    if rule.when is None or theirs.get("when") is None:
        return rule.when is theirs.get("when")
    try:
        return official.canonical(official.translated(theirs["when"])) == official.canonical(rule.when)  # type: ignore[arg-type]
    except KeyError:
        return False


#: Machine checks that say the same as ours in another form.
SAME_IN_OTHER_WORDS = {"CAU-ServiceSubcategory-C-004-M"}  # its pairs, grouped by category


def test_every_departure_from_the_machine_check_has_a_ruling() -> None:
    departing = set(departures()) - SAME_IN_OTHER_WORDS
    assert {i for i in departing if not ours()[i].ruling} == set(), "departs without a ruling"
    assert len(departing) > 40


def test_rules_that_agree_with_the_machine_check_are_most() -> None:
    static = [i for i, rule in official.rules().items() if rule["type"] == "Static"]
    assert len(set(departures())) < len(static) / 5


def test_flags_are_the_references_or_have_a_ruling() -> None:
    for rule_id, theirs in official.rules().items():
        rule, flags = ours()[rule_id], set(theirs.get("applicability", ()))
        same = flags <= set(rule.flags) if is_presence(rule.check) else flags == set(rule.flags)
        assert same or rule.ruling, rule_id


def errata_ids() -> set[str]:
    """The active rule ids in the first column of the table of errata."""
    text = (reference.folder() / "ERRATA.md").read_text("utf-8").split("## Errata")[1].split("\n## ")[0]
    found = set()
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith(("| Rule", "| ---")):
            found |= set(re.findall(r"[A-Z]{3}-\w+-[A-Z]-\d{3}-\w", line.split("|")[1]))
    return found & set(official.rules())


def test_every_erratum_has_a_ruling() -> None:
    assert len(errata_ids()) > 150
    assert {i for i in errata_ids() if not ours()[i].ruling} == set()


def test_pairs_of_subcategories_are_the_references() -> None:
    """The pairs of ServiceSubcategory and ServiceCategory are those of the machine check."""
    theirs = official.rules()["CAU-ServiceSubcategory-C-004-M"]["check"]["OR"]
    expected = {tuple(part["CheckValue"]["Value"] for part in pair["AND"]) for pair in theirs}
    check = ours()["CAU-ServiceSubcategory-C-004-M"].check
    assert check is not None
    found = {
        (value, pair["all"][0]["equals"]["value"])
        for pair in check["any"]
        for value in pair["all"][1]["one_of"]["values"]
    }
    assert found == expected


def test_defined_properties_are_the_references() -> None:
    for folder, dataset, name in (
        ("cost_and_usage", "CostAndUsage", "SkuPriceDetails"),
        ("invoice_detail", "InvoiceDetail", "InvoiceDetailGrain"),
    ):
        document = reference.load(reference.folder() / "rules" / folder / f"{name}.yaml")
        expected = {item["key"]: item["type"] for item in document["defined_properties"]}
        columns = next(d for d in load_catalogue().datasets if d.id == dataset).columns
        properties = next(c for c in columns if c.name == name).defined_properties
        assert properties is not None
        assert {key: item.type for key, item in properties.items()} == expected


def test_skuprice_exemptions_are_those_of_the_errata() -> None:
    text = (reference.folder() / "ERRATA.md").read_text("utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| CAU-PricingQuantity-C-011-C,")]
    rows += [line for line in text.splitlines() if line.startswith("| CAU-ListUnitPrice-C-013-C,")]
    listed = {i for row in rows for i in re.findall(r"CAU-\w+-C-\d{3}-C", row.split("|")[1])}
    expected = {
        i
        for i in listed
        if ours()[i].when == {"is_null": "SkuPriceId"} or ours()[i].when == {"not_null": "SkuPriceId"}
    }
    assert {rule.id for rule in ours().values() if rule.unless} == expected
    assert len(expected) == 13
