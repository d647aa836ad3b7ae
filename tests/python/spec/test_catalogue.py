"""What holds of the compiled catalogue, whatever the reference says."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from focus_validate.spec.build import CHECKSUM_FILE, build, checksum, encode
from focus_validate.spec.checks import columns_read, is_presence, present_column, problems, walk
from focus_validate.spec.loader import CATALOGUE_FILE, load_catalogue
from focus_validate.spec.model import Dataset, Rule

DATASETS = load_catalogue().datasets


def checks_of(rule: Rule) -> list[dict[str, object]]:
    parts = [rule.check, rule.when, rule.unless, *rule.conditions]
    return [part for part in parts if part is not None]


@pytest.fixture(params=DATASETS, ids=lambda dataset: dataset.id)
def dataset(request: pytest.FixtureRequest) -> Dataset:
    return request.param


def test_json_is_in_sync_with_the_yaml() -> None:
    text = encode(build())
    assert CATALOGUE_FILE.read_bytes() == text, "run python -m focus_validate.spec.build"
    assert CHECKSUM_FILE.read_text() == checksum(text), "run python -m focus_validate.spec.build"


def test_loading_takes_milliseconds() -> None:
    """Measured in a process of its own, best of five: the first import of the day does not count."""
    program = (
        "import time; from focus_validate.spec.loader import load_catalogue as load; t = []\n"
        "for _ in range(5):\n"
        "    load.cache_clear(); s = time.perf_counter(); load(); t.append(time.perf_counter() - s)\n"
        "print(min(t))"
    )
    seconds = float(subprocess.check_output([sys.executable, "-c", program], text=True))
    assert seconds < 0.05


def test_ids_are_unique_and_checks_well_formed(dataset: Dataset) -> None:
    assert len({rule.id for rule in dataset.rules}) == len(dataset.rules)
    for rule in dataset.rules:
        assert rule.dataset == dataset.id
        for check in checks_of(rule):
            assert list(problems(check)) == [], rule.id


def test_checks_read_columns_of_the_dataset(dataset: Dataset) -> None:
    names = {column.name for column in dataset.columns}
    for rule in dataset.rules:
        for check in checks_of(rule):
            assert columns_read(check) <= names, rule.id
        if rule.id.startswith("ATT-"):
            assert rule.column == rule.id.split("-")[1]
        else:
            assert rule.column in names | {dataset.id}, rule.id


def test_selections_name_columns_of_the_dataset(dataset: Dataset) -> None:
    names = {column.name for column in dataset.columns}
    for rule in dataset.rules:
        for check in checks_of(rule):
            for part in walk(check):
                select = part.get("special", {}).get("select", {})
                assert set(select.get("columns", ())) <= names, rule.id


def test_each_column_has_one_or_more_presence_rules(dataset: Dataset) -> None:
    asked = {present_column(rule.check) for rule in dataset.rules if is_presence(rule.check) and rule.check}
    assert asked == {column.name for column in dataset.columns}


def test_columns_are_in_alphabetical_order(dataset: Dataset) -> None:
    names = [column.name for column in dataset.columns]
    assert names == sorted(names)


def test_composites_reach_their_children(dataset: Dataset) -> None:
    by_id = {rule.id: rule for rule in dataset.rules}
    for rule in dataset.rules:
        assert bool(rule.children) == rule.is_composite
        for child in rule.children:
            assert rule.id in by_id[child].parents
        assert not (rule.is_composite and rule.check), rule.id


def test_conditions_are_those_of_all_composites_above(dataset: Dataset) -> None:
    by_id = {rule.id: rule for rule in dataset.rules}

    def above(rule: Rule) -> list[Rule]:
        return [g for parent in rule.parents for g in (by_id[parent], *above(by_id[parent]))]

    for rule in dataset.rules:
        expected = [group.when for group in above(rule) if group.when is not None]
        assert all(condition in rule.conditions for condition in expected), rule.id
        assert all(condition in expected for condition in rule.conditions), rule.id


def test_presence_rules_inherit_flags_and_no_other_rule_does(dataset: Dataset) -> None:
    by_id = {rule.id: rule for rule in dataset.rules}

    def inherited(rule: Rule) -> set[str]:
        return {f for parent in rule.parents for f in (*by_id[parent].flags, *inherited(by_id[parent]))}

    for rule in dataset.rules:
        if is_presence(rule.check):
            assert inherited(rule) <= set(rule.flags), rule.id


def test_flags_are_known(dataset: Dataset) -> None:
    known = {flag.name for flag in load_catalogue().flags}
    for rule in dataset.rules:
        assert {name for flag in rule.flags for name in flag.split("|")} <= known, rule.id
        assert set(rule.warn_flags) <= known, rule.id


def test_every_rule_speaks_in_one_line(dataset: Dataset) -> None:
    for rule in dataset.rules:
        for text in (rule.summary, rule.message, *([rule.ruling] if rule.ruling else [])):
            assert re.fullmatch(r"\S+( \S+)*\.", text), (rule.id, text)
            assert not re.search(r"TODO|\bgate\b|\{\w+\}", text), (rule.id, text)
        assert len(rule.summary) <= 160, (rule.id, rule.summary)


def test_messages_of_data_rules_say_how_to_mend(dataset: Dataset) -> None:
    for rule in dataset.rules:
        passes_always = rule.level == "none" or ": string" in str(rule.check).replace("'", "")
        if rule.decision == "data" and not rule.is_composite and not passes_always:
            assert "; " in rule.message, (rule.id, rule.message)


def test_decisions_fit_the_checks(dataset: Dataset) -> None:
    for rule in dataset.rules:
        if rule.is_composite:
            continue
        assert (rule.check is not None) == (rule.decision == "data"), rule.id
        if rule.keyword == "MAY":
            assert rule.level == "none", rule.id
        if rule.level == "fail":
            assert rule.keyword in ("MUST", "MUST NOT"), rule.id


def test_columns_have_a_summary(dataset: Dataset) -> None:
    for column in dataset.columns:
        assert column.summary.endswith("."), column.name
        assert column.schema is None or column.schema in load_catalogue().schemas
    assert dataset.summary.endswith(".")


def test_permissions_left_out_of_a_group_keep_its_condition() -> None:
    (cost_and_usage,) = (d for d in DATASETS if d.id == "CostAndUsage")
    by_id = {rule.id: rule for rule in cost_and_usage.rules}
    group, permission = (by_id[f"CAU-CommitmentDiscountQuantity-C-{n}-C"] for n in ("004", "006"))
    assert permission.id not in group.children
    assert permission.parents == (group.id,)
    assert group.when in permission.conditions


def test_attribute_rules_stand_in_every_dataset() -> None:
    sets = [{rule.id for rule in d.rules if rule.id.startswith("ATT-")} for d in DATASETS]
    assert all(ids == sets[0] for ids in sets)
    assert len(sets[0]) == 145
