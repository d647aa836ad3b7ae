"""Applicability, absent columns, strength, composites, columns and the report's totals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from focus_validate.engine import evaluate
from focus_validate.options import Options
from focus_validate.spec.loader import load_catalogue
from focus_validate.spec.model import Rule

from .support import report, rule, write_csv

WRONG = {"equals": {"column": "Name", "value": "right"}}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "t.csv", [{"Name": "wrong", "Other": "x", "Extra": "1"}])


def result(table: Path, made: Rule, **options: Any) -> tuple[str, int | None, int | None]:
    found = report(table, made, **options).rule("R")
    return found.status, found.violations, found.checked


def test_level_is_what_a_violation_means(table: Path) -> None:
    assert result(table, rule(WRONG)) == ("fail", 1, 1)
    assert result(table, rule(WRONG, level="warn")) == ("warn", 1, 1)
    assert result(table, rule(WRONG, level="none")) == ("pass", 0, 1)
    assert result(table, rule(None, level="none", keyword="MAY")) == ("pass", 0, 1)


def test_undecided_rules_say_why(table: Path) -> None:
    for decision, status, reason in (
        ("attest", "attest", "the vendor attests it"),
        ("bundle", "skip", "needs another dataset or an earlier delivery (check-bundle)"),
        ("metadata", "skip", "metadata not given"),
    ):
        found = report(table, rule(WRONG, decision=decision)).rule("R")
        assert (found.status, found.violations, found.checked) == (status, 0, 0)
        assert reason in (found.reason or "")


def test_order_of_statuses(table: Path) -> None:
    gone = {"not_null": "Unit"}
    assert result(table, rule(gone, "Unit", decision="attest", flags=("F",)))[0] == "attest"
    assert result(table, rule(gone, "Unit", flags=("F",)))[0] == "not_applicable"
    assert result(table, rule(gone, "Unit", flags=("F",)), supports=frozenset({"F"}))[0] == "skip"
    assert result(table, rule(WRONG, flags=("F",)), supports=frozenset({"F"}))[0] == "fail"


def test_flags_join_by_and_with_alternatives(table: Path) -> None:
    made = rule(WRONG, flags=("A|B", "C"))
    for supports, status in (((), "not_applicable"), (("A",), "not_applicable"), (("B", "C"), "fail")):
        assert result(table, made, supports=frozenset(supports))[0] == status


def test_absent_column_is_reported_by_its_presence_rule_alone(table: Path) -> None:
    presence = rule({"column_present": "Unit"}, "Unit", id="P", function="Presence")
    own = rule({"not_null": "Unit"}, "Unit", id="own", function="Nullability")
    condition = rule(WRONG, id="when", when={"is_null": "Unit"})
    above = rule(WRONG, id="above", conditions=({"is_null": "Unit"},))
    check = rule({"same": ["Name", "Unit"]}, id="check")
    found = report(table, presence, own, condition, above, check)
    assert (found.rule("P").status, found.rule("P").violations, found.rule("P").checked) == ("fail", 1, 1)
    for name in ("own", "when", "above", "check"):
        assert found.rule(name).status == "skip"
        assert found.rule(name).reason == "column Unit is absent (reported by P)"
    assert found.column("Unit").status == "fail"
    assert (found.column("Unit").present, found.column("Unit").nulls) == (False, None)
    assert found.summary.fail == 1


def test_selected_columns_may_be_absent(table: Path) -> None:
    presence = rule({"column_present": "Unit"}, "Unit")
    assert result(table, presence, selected=True) == ("pass", 0, 1)
    assert result(table, presence) == ("fail", 1, 1)
    assert result(table, rule({"column_present": "Name"})) == ("pass", 0, 1)
    assert result(table, rule({"column_present": "Unit"}, "Unit", level="warn")) == ("warn", 1, 1)
    assert result(table, rule({"column_present": "Unit"}, "Unit", level="none")) == ("pass", 0, 1)


def test_conditional_presence(table: Path) -> None:
    def presence(**parts: Any) -> Rule:
        return rule({"special": {"name": "column_present_if", "column": "Unit", **parts}}, "Unit")

    assert result(table, presence(stated="S"))[0] == "pass"
    assert result(table, presence(stated="S"), supports=frozenset({"S"}))[0] == "fail"
    assert result(table, presence(**{"with": ["Other"]}))[0] == "fail"
    assert result(table, presence(**{"with": ["Result"]}))[0] == "pass"
    assert result(table, presence(any_row={"equals": {"column": "Other", "value": "x"}}))[0] == "fail"
    assert result(table, presence(any_row={"equals": {"column": "Other", "value": "y"}}))[0] == "pass"
    assert result(table, presence(any_row={"not_null": "Result"}))[0] == "pass"


def test_near_misses_name_the_column_meant(tmp_path: Path) -> None:
    table = write_csv(tmp_path / "t.csv", [{"name": "a", "other_amount": "1", "x_Note": "n", "Foo": "1"}])
    custom = rule({"special": {"name": "custom_columns", "test": "prefix"}}, "CustomColumnHandling", id="C")
    presence = rule({"column_present": "OtherAmount"}, "OtherAmount", id="P")
    found = report(table, custom, presence)
    assert (found.rule("C").violations, found.rule("C").checked) == (3, 4)
    assert "name (did you mean Name?)" in (found.rule("C").reason or "")
    assert "other_amount may be meant" in (found.rule("P").reason or "")


@pytest.mark.parametrize(
    ("test", "failing"),
    [
        ("pascal_case", {"x_note", "x_Two_Words", "x_Ünit"}),
        ("alphanumeric", {"x_Two_Words", "x_Ünit"}),
        ("special_characters", {"x_Two_Words", "x_Ünit"}),
        ("acronym", {"x_APIKey"}),
        ("length", {"x_" + "L" + "o" * 48 + "ng"}),
    ],
)
def test_names_of_custom_columns(test: str, failing: set[str], tmp_path: Path) -> None:
    names = [
        "x_Note",
        "x_note",
        "x_Two_Words",
        "x_Ünit",
        "x_APIKey",
        "x_L" + "o" * 48 + "ng",
        "x_" + "A" + "b" * 47,
    ]
    table = write_csv(tmp_path / "t.csv", [dict.fromkeys(["Name", "Foo", *names], "1")])
    made = rule({"special": {"name": "custom_columns", "test": test}}, "CustomColumnHandling")
    found = report(table, made).rule("R")
    assert (found.violations, found.checked) == (len(failing), len(names))
    assert all(name in (found.reason or "") for name in failing)


@pytest.mark.parametrize(
    ("header", "in_order"),
    [
        (["Amount", "Name", "x_A", "x_B"], True),
        (["Name", "Amount"], False),
        (["Amount", "x_A", "Name"], False),
        (["Amount", "Name", "x_B", "x_A"], False),
        (["Name", "x_a", "x_B"], True),
        (["Name", "x_B", "x_a"], True),
    ],
)
def test_header_order(header: list[str], in_order: bool, tmp_path: Path) -> None:
    table = write_csv(tmp_path / "t.csv", [dict.fromkeys(header, "1")])
    found = report(table, rule({"special": {"name": "header_order"}}, "DatasetCompleteness")).rule("R")
    assert (found.violations, found.checked) == (int(not in_order), 1)


def test_each_column_sums_over_the_columns_that_are_present(table: Path) -> None:
    def each(*columns: str) -> Rule:
        check = {"equals": {"column": "*", "value": "x"}}
        return rule(
            {"special": {"name": "each_column", "select": {"columns": list(columns)}, "check": check}}, "X"
        )

    assert result(table, each("Name", "Other", "Unit")) == ("fail", 1, 2)
    assert result(table, each("Unit"))[0] == "skip"
    assert result(table, each())[0] == "skip"
    custom = {"special": {"name": "each_column", "select": {"custom": True}, "check": {"is_null": "*"}}}
    assert result(table, rule(custom, "X")) == ("fail", 1, 1)


def test_placeholders_warn_and_empty_texts_fail(tmp_path: Path) -> None:
    test = {"special": {"name": "no_placeholder", "column": "*", "words": ["n/a", "none", "-"]}}
    made = rule(
        {"special": {"name": "each_column", "select": {"columns": ["Name"]}, "check": test}}, "NullHandling"
    )
    soft = write_csv(
        tmp_path / "soft.csv", [{"Name": cell, "R": "1"} for cell in ["N/A", "nOnE", "-", "none ", None]]
    )
    assert result(soft, made) == ("warn", 3, 4)
    hard = write_csv(tmp_path / "hard.csv", [{"Name": cell, "R": "1"} for cell in ["n/a", "", "ok"]])
    assert result(hard, made) == ("fail", 2, 3)


def test_declared_flags_may_weaken_a_rule(table: Path) -> None:
    made = rule(WRONG, warn_flags=("VIRTUAL",))
    assert result(table, made)[0] == "fail"
    assert result(table, made, supports=frozenset({"VIRTUAL"}))[0] == "warn"
    elsewhere = rule(WRONG, warn_flags=("VIRTUAL",), warn_columns=("Other",))
    assert result(table, elsewhere, supports=frozenset({"VIRTUAL"}))[0] == "fail"


def test_composites_take_the_status_of_the_leaves_below(table: Path) -> None:
    rules = (
        rule(None, id="top", function="Composite", children=("middle", "warns")),
        rule(None, id="middle", function="Composite", children=("fails", "passes")),
        rule(WRONG, id="fails"),
        rule({"not_null": "Name"}, id="passes"),
        rule(WRONG, id="warns", level="warn"),
        rule(None, id="quiet", function="Composite", children=("warns", "passes")),
    )
    found = report(table, *rules)
    assert [(found.rule(name).status, found.rule(name).kind) for name in ("top", "middle", "quiet")] == [
        ("fail", "composite"),
        ("fail", "composite"),
        ("warn", "composite"),
    ]
    assert found.rule("top").violations is found.rule("top").checked is None
    assert found.summary.rules == 3, "the summary counts leaves"
    assert (found.summary.fail, found.summary.warn, found.summary.passed) == (1, 1, 1)
    assert not found.summary.conformant
    assert [each.id for each in found.rules] == [each.id for each in rules], "catalogue order"


def test_status_reads_as_null_without_its_commitment_columns(tmp_path: Path) -> None:
    """CommitmentDiscountStatus in conditions, where it and CommitmentDiscountId are absent."""
    catalogue = load_catalogue()
    dataset = next(each for each in catalogue.datasets if each.id == "CostAndUsage")

    def status_of(check: Any, columns: tuple[str, ...]) -> tuple[str, int | None]:
        made = rule({"is_null": "RegionId"}, "RegionId", dataset="CostAndUsage", when=check)
        one = msgspec.structs.replace(catalogue, datasets=(msgspec.structs.replace(dataset, rules=(made,)),))
        path = write_csv(tmp_path / "c.csv", [dict.fromkeys(columns, "x")])
        found = evaluate(path, Options(dataset="CostAndUsage"), catalogue=one).rule("R")
        return found.status, found.checked

    unused = {"equals": {"column": "CommitmentDiscountStatus", "value": "Unused"}}
    bare = ("RegionId", "BilledCost")
    assert status_of({"not": unused}, bare) == ("fail", 1)
    assert status_of({"not_equals": unused["equals"]}, bare) == ("fail", 1)
    assert status_of(unused, bare) == ("pass", 0)
    assert status_of({"is_null": "CommitmentDiscountStatus"}, bare) == ("fail", 1)
    assert status_of(unused, (*bare, "CommitmentDiscountId"))[0] == "skip"


def test_report_names_what_was_checked(table: Path) -> None:
    found = report(table, rule(WRONG), supports=frozenset({"B", "A"}))
    assert found.header == ("Name", "Other", "Extra")
    assert found.supports == ("A", "B")
    assert found.options["tolerance"] == "max(0.5 * 10^-d, 1e-9 * |r|)"
    assert found.inputs[0].path == str(table)
    assert len(found.inputs[0].sha256 or "") == 64
    assert found.column("Name").nulls == 0


def test_same_input_same_report(table: Path) -> None:
    rules = (rule(WRONG), rule({"no_duplicates": "Name"}, id="D"))
    one, other = (msgspec.json.encode(report(table, *rules, threads=threads)) for threads in (1, 4))
    assert one == other
