"""``focus-validate check-bundle``: what it prints, writes and exits with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance.deliveries import charges, deliver
from conformance.test_bundle import FAULTS, FITTING
from focus_validate.cli import run
from focus_validate.conformance.catalogue import LINKS, RULES
from focus_validate.outputs import FORMATS

Output = pytest.CaptureFixture[str]


@pytest.fixture
def fitting(tmp_path: Path) -> str:
    return str(deliver(tmp_path / "fitting", **FITTING))


@pytest.fixture
def faulty(tmp_path: Path) -> str:
    return str(deliver(tmp_path / "faulty", costs=charges("50"), invoices=[{"BilledCost": "90"}]))


def test_every_rule_and_link_can_break() -> None:
    """The report of rules and links without a delivery that breaks them is empty."""
    broken = {name for _, expected in FAULTS.values() for name in expected}
    assert {cross.name for cross in (*RULES, *LINKS)} - broken == set()


def test_a_fitting_delivery_exits_with_0_and_shows_each_dataset(fitting: str, capsys: Output) -> None:
    assert run(["check-bundle", fitting, "--previous", fitting]) == 0
    text = capsys.readouterr().out
    for title in ("-- Cost and Usage", "-- Invoice Detail", "-- Contract Commitment", "-- Billing Period"):
        assert title in text
    across = text.split("-- Across datasets")[1]
    assert [cross.name for cross in (*RULES, *LINKS) if f"pass  {cross.name}" not in across] == []
    assert text.rstrip().endswith("CONFORMANT to FOCUS 1.4: 4 datasets")


def test_a_faulty_delivery_exits_with_1_and_shows_the_sums(faulty: str, capsys: Output) -> None:
    assert run(["check-bundle", faulty]) == 1
    across = capsys.readouterr().out.split("-- Across datasets")[1]
    flat = " ".join(across.split())
    assert "fail IND-BilledCost-C-010-C 1 of 1" in flat
    assert '"CostAndUsage": "50"' in flat
    assert '"InvoiceDetail": "90"' in flat
    assert "NOT CONFORMANT to FOCUS 1.4: 4 datasets, 2 not conformant" in flat


def test_no_line_is_wider_than_the_terminal(faulty: str, capsys: Output) -> None:
    run(["check-bundle", faulty])
    across = capsys.readouterr().out.split("-- Across datasets")[1]
    assert max(map(len, across.splitlines())) <= 80


def test_json_goes_to_standard_output_or_a_file(faulty: str, tmp_path: Path, capsys: Output) -> None:
    assert run(["check-bundle", faulty, "--format", "json"]) == 1
    printed = capsys.readouterr().out
    file = tmp_path / "bundle.json"
    assert run(["check-bundle", faulty, "--format", "json", "--output", str(file)]) == 1
    captured = capsys.readouterr()
    assert (captured.out, file.read_text("utf-8")) == ("", printed)
    assert "NOT CONFORMANT" in captured.err
    assert not json.loads(printed)["conformant"]


def test_a_folder_gets_the_bundle_and_each_report_in_every_format(fitting: str, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    assert run(["check-bundle", fitting, "--output-dir", str(folder)]) == 0
    datasets = ("CostAndUsage", "InvoiceDetail", "ContractCommitment", "BillingPeriod")
    expected = {f"{dataset}{ending}" for dataset in datasets for ending in FORMATS.values()}
    assert {path.name for path in folder.iterdir()} == expected | {"bundle.json"}
    bundle = json.loads((folder / "bundle.json").read_text("utf-8"))
    assert bundle["reports"][0] == json.loads((folder / "CostAndUsage.json").read_text("utf-8"))


def test_links_count_with_fail_on_warn(tmp_path: Path) -> None:
    rows, _ = FAULTS["no such commitment"]
    folder = str(deliver(tmp_path, **rows))
    assert run(["check-bundle", folder]) == 0
    assert run(["check-bundle", folder, "--fail-on", "warn"]) == 1


def test_an_output_among_the_inputs_is_refused(fitting: str, capsys: Output) -> None:
    assert run(["check-bundle", fitting, "--output", f"{fitting}/costs.csv"]) == 2
    assert "lies in the input folder" in capsys.readouterr().err


def test_an_output_among_the_earlier_delivery_is_refused(fitting: str, faulty: str, capsys: Output) -> None:
    assert run(["check-bundle", fitting, "--previous", faulty, "--output", f"{faulty}/periods.csv"]) == 2
    assert "lies in the input folder" in capsys.readouterr().err


def test_the_configuration_of_check_holds_as_far_as_both_have_the_option(
    faulty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.chdir(tmp_path)
    config = tmp_path / "focus-validate.toml"
    config.write_text('ignore = ["BilledCost"]\noutput = ["json=report.json"]\nbaseline = "gone.json"\n')
    assert run(["check-bundle", faulty]) == 0
    assert not (tmp_path / "report.json").exists()
    config.write_text("nonsense = 1\n")
    assert run(["check-bundle", faulty]) == 2
    assert "unknown key 'nonsense'" in capsys.readouterr().err


def test_check_points_to_check_bundle(fitting: str, capsys: Output) -> None:
    assert run(["check", f"{fitting}/costs.csv", f"{fitting}/periods.csv"]) == 2
    assert "several datasets: check-bundle" in capsys.readouterr().err


def test_hostile_values_are_escaped(tmp_path: Path, capsys: Output) -> None:
    name = "\x1b[31mred[/red]"
    folder = deliver(
        tmp_path,
        costs=charges("50", InvoiceDetailId=name),
        invoices=[{"BilledCost": "50"}],
    )
    assert run(["check-bundle", str(folder)]) == 1
    text = capsys.readouterr().out
    assert "\x1b" not in text
    assert "\\x1b[31mred[/red]" in text


def test_the_ending_of_the_file_says_the_format(fitting: str, tmp_path: Path, capsys: Output) -> None:
    assert run(["check-bundle", fitting, "--output", str(tmp_path / "bundle.json")]) == 0
    assert json.loads((tmp_path / "bundle.json").read_text(encoding="utf-8"))["conformant"]
    assert run(["check-bundle", fitting, "--output", str(tmp_path / "bundle.txt")]) == 0
    assert "-- Across datasets" in (tmp_path / "bundle.txt").read_text(encoding="utf-8")
    capsys.readouterr()
    assert run(["check-bundle", fitting, "--output", str(tmp_path / "bundle.xml")]) == 2
    assert "a bundle is written as text or JSON" in capsys.readouterr().err
    assert not (tmp_path / "bundle.xml").exists()


def test_a_file_beside_its_folder_is_refused(fitting: str, capsys: Output) -> None:
    """Otherwise its charges would count twice, and its invoices would seem wrong."""
    file = next(Path(fitting).glob("*.csv"))
    assert run(["check-bundle", fitting, str(file)]) == 2
    assert f"{file} is named twice; name it once" in " ".join(capsys.readouterr().err.split())
