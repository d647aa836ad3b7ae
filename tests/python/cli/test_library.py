"""The package as a library: what it exports, how light it is, what a report can do."""

from __future__ import annotations

import json
import subprocess
import sys

import msgspec
import pytest

import focus_validate
from cli.fakes import BROKEN, CLEAN, ESCAPES, result
from focus_validate.errors import UsageError
from focus_validate.options import ALL, DATASETS, Options, checked, dataset_id, declared_flags
from focus_validate.result import Report, Sample
from focus_validate.spec.loader import load_catalogue

FLAGS = load_catalogue().flags


def test_the_exported_names_are_these() -> None:
    """A change here is a change of the public interface."""
    assert focus_validate.__all__ == [
        "Amount",
        "Bundle",
        "ColumnResult",
        "FocusValidateError",
        "InputError",
        "InputFile",
        "Link",
        "MoneyAtStake",
        "Options",
        "Report",
        "RuleAtStake",
        "RuleResult",
        "Sample",
        "Summary",
        "UsageError",
        "__version__",
        "validate",
        "validate_bundle",
    ]
    assert all(getattr(focus_validate, name) is not None for name in focus_validate.__all__)
    assert set(focus_validate.__all__) <= set(dir(focus_validate))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        focus_validate.nonsense  # noqa: B018


@pytest.mark.parametrize(
    ("code", "heavy"),
    [
        ("import focus_validate", ["duckdb", "rich", "click", "msgspec", "jinja2", "focus_validate.spec"]),
        ("from focus_validate import validate", ["duckdb", "rich", "click", "jinja2", "pyarrow", "pandas"]),
        (
            "import focus_validate.cli",
            ["duckdb", "rich.console", "jinja2", "jsonschema_rs"],
        ),
    ],
)
def test_importing_loads_nothing_heavy(code: str, heavy: list[str]) -> None:
    script = f"{code}; import sys; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_datasets_are_those_of_the_catalogue() -> None:
    assert set(DATASETS) == {dataset.id for dataset in load_catalogue().datasets}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("auto", "auto"),
        ("CostAndUsage", "CostAndUsage"),
        ("cost_and_usage", "CostAndUsage"),
        ("AUTO", "auto"),
    ],
)
def test_a_dataset_is_known_in_any_spelling(name: str, found: str) -> None:
    assert dataset_id(name) == found


def test_an_unknown_dataset_names_the_choices() -> None:
    with pytest.raises(UsageError, match=r"did you mean InvoiceDetail\?.*BillingPeriod"):
        dataset_id("InvoiceDetails")


def test_all_declares_the_official_flags_and_nothing_else() -> None:
    official = {flag.name for flag in FLAGS if flag.official}
    assert declared_flags([ALL], FLAGS) == official
    assert len(official) == 21
    assert {flag.name for flag in FLAGS} - official


def test_flags_come_as_lists_and_repeated() -> None:
    assert declared_flags(["REGION_SUPPORTED, TAGGING_SUPPORTED", "PARTIAL_UPFRONT"], FLAGS) == {
        "REGION_SUPPORTED",
        "TAGGING_SUPPORTED",
        "PARTIAL_UPFRONT",
    }


@pytest.mark.parametrize("name", ["TAGING_SUPPORTED", "all", "", "TAGGING_SUPPORTED,,REGION_SUPPORTED"])
def test_an_unknown_flag_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="unknown flag"):
        declared_flags([name], FLAGS)


@pytest.mark.parametrize("text", ["2GB", "800 MiB", "1.5tb"])
def test_sizes_are_taken_as_they_are(text: str) -> None:
    assert checked(Options(memory_limit=text)).memory_limit == text


@pytest.mark.parametrize("text", ["", "2", "GB", "-1GB", "2GB; drop table t", "50%"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no size"):
        checked(Options(memory_limit=text))


def test_a_report_answers_the_usual_questions() -> None:
    assert not BROKEN.conformant
    assert CLEAN.conformant
    assert [rule.id for rule in BROKEN.failures()] == [
        "CAU-CostAndUsage-D-003-M",
        "CAU-BilledCost-C-001-M",
        "CAU-BilledCost-C-002-M",
        "CAU-ChargeCategory-C-003-M",
    ]
    assert [rule.id for rule in BROKEN.warnings()] == ["CAU-ServiceName-C-005-C"]
    assert BROKEN.rule("CAU-ServiceName-C-004-M").status == "pass"
    assert BROKEN.column("ServiceName").nulls == 1200
    assert BROKEN.rows == 1200
    with pytest.raises(KeyError):
        BROKEN.rule("nonsense")
    with pytest.raises(KeyError):
        BROKEN.column("nonsense")


def test_the_exit_code_follows_fail_on() -> None:
    warned = msgspec.structs.replace(CLEAN, summary=msgspec.structs.replace(CLEAN.summary, warn=1))
    assert [BROKEN.exit_code(), CLEAN.exit_code(), warned.exit_code(), warned.exit_code("warn")] == [
        1,
        0,
        0,
        1,
    ]


def test_json_goes_there_and_back() -> None:
    text = BROKEN.to_json()
    assert msgspec.json.decode(text, type=Report) == BROKEN
    assert text == BROKEN.to_json()
    assert json.loads(text) == json.loads(json.dumps(BROKEN.to_dict()))


def test_json_has_the_keys_of_the_specification_in_this_order() -> None:
    report = json.loads(BROKEN.to_json())
    assert list(report) == [
        "schema_version", "tool", "focus_version", "dataset", "inputs", "supports", "options", "summary",
        "columns", "rules", "header", "waivers", "money_at_stake", "not_asked_for", "made_for",
        "not_finite",
    ]  # fmt: skip
    assert list(report["summary"]) == [
        "rules", "pass", "fail", "warn", "waived", "skip", "not_applicable", "attest", "conformant",
    ]  # fmt: skip
    assert list(report["rules"][1]) == [
        "id", "column", "keyword", "kind", "status", "violations", "checked", "message", "reason", "ruling",
        "samples",
    ]  # fmt: skip
    assert list(report["columns"][0]) == ["name", "status", "present", "nulls"]
    assert list(report["inputs"][0]) == ["path", "bytes", "sha256", "rows"]


def test_a_null_value_is_written_and_an_absent_file_is_not() -> None:
    rules = (result("CAU-BilledCost-C-001-M", "fail", 1, samples=(Sample(17, None),)),)
    report = json.loads(msgspec.structs.replace(BROKEN, rules=rules).to_json())
    assert report["rules"][0]["samples"] == [{"row": 17, "value": None}]


def test_frames_hold_a_line_for_each_rule_column_and_sample() -> None:
    pytest.importorskip("pandas")
    assert BROKEN.to_df()["id"].tolist() == [rule.id for rule in BROKEN.rules]
    assert BROKEN.to_df("columns")["name"].tolist() == [column.name for column in BROKEN.columns]
    samples = BROKEN.to_df("samples")
    assert len(samples) == sum(len(rule.samples) for rule in BROKEN.rules)
    assert set(samples["column"]) == {"BilledCost", "ChargeCategory", "ServiceName"}
    with pytest.raises(UsageError, match="use rules, columns or samples"):
        BROKEN.to_df("nonsense")  # type: ignore[arg-type]


def test_whole_numbers_stay_whole_in_a_frame_and_an_empty_one_has_its_columns() -> None:
    rules = BROKEN.to_df().set_index("id")
    assert rules.loc["CAU-BilledCost-C-001-M", "violations"] == 3
    assert {str(kind) for kind in rules[["violations", "checked"]].dtypes} == {"Int64"}
    assert rules["violations"].isna().sum() == sum(rule.violations is None for rule in BROKEN.rules)
    assert str(BROKEN.to_df("columns")["nulls"].dtype) == "Int64"
    empty = CLEAN.to_df("samples")
    assert (len(empty), list(empty)) == (0, list(BROKEN.to_df("samples")))


def test_a_notebook_shows_the_verdict_and_no_foreign_markup() -> None:
    hostile = "</code><script>alert(1)</script>" + ESCAPES
    rules = (result("CAU-BilledCost-C-001-M", "fail", 1, samples=(Sample(1, hostile),)),)
    page = msgspec.structs.replace(BROKEN, rules=rules)._repr_html_()
    assert "<b>NOT CONFORMANT</b> to FOCUS 1.4: 4 failed" in page
    assert "<script" not in page
    assert "\x1b" not in page
    assert "\u202e" not in page
