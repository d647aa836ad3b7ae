from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from spec.base_rows import base_rows, quoted

from cli.fakes import BROKEN, CLEAN, COLUMNS, DATASET, column, result
from focus_validate import validate
from focus_validate.hints import command, hints
from focus_validate.result import Sample
from focus_validate.spec.loader import load_catalogue
from focus_validate.versions import REPLACED, gap_to_current, made_for

COST_AND_USAGE = next(dataset for dataset in load_catalogue().datasets if dataset.id == "CostAndUsage")
COMMITMENT = next(dataset for dataset in load_catalogue().datasets if dataset.id == "ContractCommitment")
VERSIONS = ["1.0", "1.1", "1.2", "1.3"]


def header_of(version: str) -> list[str]:
    """The columns of a Cost and Usage file of an older version, all of them."""
    names = [column.name for column in COST_AND_USAGE.columns if column.introduced <= version]
    return [*names, "ProviderName", "PublisherName"]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_version_of_a_full_older_file_is_told(version: str) -> None:
    gap = gap_to_current(header_of(version), COST_AND_USAGE.columns, "1.4")
    assert gap is not None
    assert gap.made_for == version
    assert [name for name, _ in gap.replaced] == ["ProviderName", "PublisherName"]
    assert [added for added, _ in gap.added] == [later for later in [*VERSIONS, "1.4"] if later > version]


def test_the_gap_of_a_1_3_file_is_the_two_columns_of_1_4() -> None:
    gap = gap_to_current(header_of("1.3"), COST_AND_USAGE.columns, "1.4")
    assert gap is not None
    assert gap.added == (("1.4", ("CommitmentProgramEligibilityDetails", "InvoiceDetailId")),)


def test_a_1_4_file_without_the_optional_new_columns_is_not_called_old() -> None:
    header = [column.name for column in COST_AND_USAGE.columns if column.introduced <= "1.3"]
    assert gap_to_current(header, COST_AND_USAGE.columns, "1.4") is None


def test_a_few_columns_do_not_make_an_old_file() -> None:
    assert gap_to_current(["BilledCost", "ListCost"], COST_AND_USAGE.columns, "1.4") is None


def test_a_contract_commitment_file_of_1_3_is_told_by_the_mandatory_columns_it_lacks() -> None:
    header = [column.name for column in COMMITMENT.columns if column.introduced == "1.3"]
    gap = gap_to_current(header, COMMITMENT.columns, "1.4")
    assert gap is not None
    assert gap.made_for == "1.3"


def test_names_from_before_1_0_are_recognised() -> None:
    header = ["BilledCost", "ListCost", "UsageQuantity", "Region", "ProviderName"]
    gap = gap_to_current(header, COST_AND_USAGE.columns, "1.4")
    assert gap is not None
    assert gap.made_for == "1.0-preview"
    assert ("UsageQuantity", "ConsumedQuantity") in gap.replaced


def test_a_header_without_any_column_of_the_dataset_has_no_version() -> None:
    assert made_for(["a", "b"], COLUMNS) is None


def test_a_new_column_beats_an_old_name() -> None:
    assert made_for(["Region", "B"], [column("A"), column("B", "1.4")]) == "1.4"


def test_replaced_columns_are_not_columns_of_today() -> None:
    assert not set(REPLACED) & {column.name for column in COST_AND_USAGE.columns}


def text_of(report: object) -> list[str]:
    return [hint.text for hint in hints(report, DATASET)]


def test_a_clean_report_has_no_hint() -> None:
    assert hints(CLEAN, DATASET) == ()


def test_the_text_null_in_several_columns_names_the_option() -> None:
    [hint] = [hint for hint in hints(BROKEN, DATASET) if "text NULL" in hint.text]
    assert hint.null_text == "NULL"
    assert "add --null NULL." in hint.text
    assert "BilledCost and ChargeCategory" in hint.text


def test_the_text_null_in_one_column_is_no_pattern() -> None:
    rules = (result("CAU-BilledCost-C-001-M", "fail", 1, samples=(Sample(1, "NULL"),)),)
    assert not [text for text in text_of(msgspec.structs.replace(BROKEN, rules=rules)) if "text NULL" in text]


def test_an_export_that_quotes_its_empty_fields_is_told(tmp_path: Path) -> None:
    row = base_rows()["CostAndUsage"]
    text = ",".join(row) + "\n" + ",".join(quoted(cell or "") for cell in row.values()) + "\n"
    (tmp_path / "costs.csv").write_text(text, encoding="utf-8")
    report = validate(tmp_path / "costs.csv", dataset="CostAndUsage")
    assert not report.conformant
    (hint,) = [hint for hint in hints(report, COST_AND_USAGE) if hint.null_text is not None]
    assert hint.null_text == ""
    assert 'The text "" stands in' in hint.text
    assert "--null ''" in command(report, [hint])
    assert validate(tmp_path / "costs.csv", dataset="CostAndUsage", null_text="").conformant


def test_null_texts_are_quoted_for_the_shell() -> None:
    samples = (Sample(1, "(null)"),)
    rules = tuple(
        result(id_, "fail", 1, samples=samples)
        for id_ in ("CAU-BilledCost-C-001-M", "CAU-ChargeCategory-C-003-M")
    )
    found = hints(msgspec.structs.replace(BROKEN, rules=rules), DATASET)
    assert "--null '(null)'" in command(BROKEN, found)


def test_parquet_is_told_to_write_true_nulls() -> None:
    parquet = tuple(msgspec.structs.replace(source, path="export.parquet") for source in BROKEN.inputs)
    [hint] = [
        hint
        for hint in hints(msgspec.structs.replace(BROKEN, inputs=parquet), DATASET)
        if "NULL" in hint.text
    ]
    assert hint.null_text is None
    assert "true nulls" in hint.text


def test_a_column_with_values_whose_flag_is_not_declared_is_named() -> None:
    [hint] = [hint for hint in hints(BROKEN, DATASET) if "not declared" in hint.text]
    assert hint.details == (("CONTRACT_COMMITMENTS_SUPPORTED", "ContractApplied"),)
    assert hint.flags == ("CONTRACT_COMMITMENTS_SUPPORTED",)


def test_a_declared_flag_needs_no_hint() -> None:
    declared = msgspec.structs.replace(BROKEN, supports=("CONTRACT_COMMITMENTS_SUPPORTED",))
    assert not [text for text in text_of(declared) if "not declared" in text]


def test_an_empty_column_needs_no_flag() -> None:
    columns = tuple(
        msgspec.structs.replace(entry, nulls=1200) if entry.name == "ContractApplied" else entry
        for entry in BROKEN.columns
    )
    assert not [
        text for text in text_of(msgspec.structs.replace(BROKEN, columns=columns)) if "not declared" in text
    ]


def test_the_next_command_keeps_what_was_chosen_and_adds_what_is_proposed() -> None:
    chosen = msgspec.structs.replace(
        BROKEN,
        supports=("TAGGING_SUPPORTED",),
        options={"null_text": "NULL", "selected": True},
        inputs=tuple(msgspec.structs.replace(source, path="my data.csv") for source in BROKEN.inputs),
    )
    assert command(chosen) == (
        "focus-validate check 'my data.csv' --selected --null NULL --supports TAGGING_SUPPORTED"
    )
    proposed = command(chosen, hints(chosen, DATASET))
    assert proposed.endswith("--null NULL --supports TAGGING_SUPPORTED,CONTRACT_COMMITMENTS_SUPPORTED")


def test_the_command_names_the_delimiter_and_the_encoding() -> None:
    chosen = {"delimiter": "|", "encoding": "cp1252"}
    report = msgspec.structs.replace(BROKEN, options=BROKEN.options | chosen)
    assert "--delimiter '|' --encoding cp1252" in command(report)
    plain = msgspec.structs.replace(BROKEN, options=BROKEN.options | {"delimiter": None, "encoding": "utf-8"})
    assert command(plain) == command(BROKEN)


def test_the_command_names_what_was_decided_on_findings() -> None:
    """Without these the proposed check would have another verdict."""
    chosen = {"select": "BilledCost,Tags", "ignore": "SkuId", "baseline": "b.json", "waivers": "my w.yaml"}
    report = msgspec.structs.replace(BROKEN, options=BROKEN.options | chosen)
    assert command(report).endswith(
        " --select BilledCost --select Tags --ignore SkuId --baseline b.json --waivers 'my w.yaml'"
    )


@pytest.mark.parametrize(
    ("paths", "partitions", "shown"),
    [
        (["a.csv", "my b.csv"], "columns", "a.csv 'my b.csv'"),
        (["p/1.csv", "p/2.csv", "p/3.csv", "p/4.csv"], "columns", "p/1.csv p/2.csv p/3.csv ..."),
        (["lake/Day=1/a.csv", "lake/Day=2/Hour=3/a.csv"], "columns", "lake"),
        (["Day=1/a.csv", "Day=2/a.csv"], "columns", "."),
        (["lake/Day=1/a.csv"], "ignore", "lake/Day=1/a.csv --partitions ignore"),
        (["one/Day=1/a.csv", "two/Day=1/a.csv"], "columns", "one/Day=1/a.csv two/Day=1/a.csv"),
        (["s3://b/Day=1/a.csv"], "columns", "s3://b/Day=1/a.csv"),
    ],
)
def test_the_command_names_the_same_data(paths: list[str], partitions: str, shown: str) -> None:
    inputs = tuple(msgspec.structs.replace(BROKEN.inputs[0], path=path) for path in paths)
    report = msgspec.structs.replace(
        BROKEN,
        inputs=inputs,
        options=BROKEN.options | {"partitions": partitions},
        header=(*BROKEN.header, "Day", "Hour"),
    )
    assert command(report) == f"focus-validate check {shown}"


def test_the_command_names_a_file_that_was_named_itself() -> None:
    """The folders above it gave no columns, and others beside them were not read."""
    inputs = (msgspec.structs.replace(BROKEN.inputs[0], path="lake/Day=1/a.csv"),)
    report = msgspec.structs.replace(
        BROKEN, inputs=inputs, options=BROKEN.options | {"partitions": "columns"}
    )
    assert command(report) == "focus-validate check lake/Day=1/a.csv"


def test_folders_that_only_say_where_files_lie_are_a_hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path("export", "x_Run=1", "BILLING_PERIOD=2026-09")
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text("BilledCost\n1\n", encoding="utf-8")
    [dataset] = [each for each in load_catalogue().datasets if each.id == "CostAndUsage"]
    report = validate("export", dataset="CostAndUsage", ignore=["CostAndUsage"])
    assert report.header == ("BilledCost", "x_Run")
    assert (
        "Folders name the column BILLING_PERIOD, which FOCUS does not define: they only say where files lie."
        in [hint.text for hint in hints(report, dataset)]
    )
    assert command(report) == "focus-validate check export --ignore CostAndUsage"


def test_folders_of_a_file_that_was_named_itself_are_no_unknown_columns(tmp_path: Path) -> None:
    folder = tmp_path / "ChargeCategory=Usage"
    folder.mkdir()
    (folder / "a.csv").write_text("BilledCost\n1\n", encoding="utf-8")
    [dataset] = [each for each in load_catalogue().datasets if each.id == "CostAndUsage"]
    report = validate(folder / "a.csv", dataset="CostAndUsage")
    assert not [hint for hint in hints(report, dataset) if hint.text.startswith("Folders name")]
