"""The tolerance of products is an option: on the command line, in the library, in the configuration file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from spec.base_rows import base_rows, quoted

from cli.conftest import Output, only_line
from focus_validate import InputError, Report, validate, validate_bundle
from focus_validate.cli import run
from focus_validate.hints import command
from focus_validate.tolerance import USUAL, Tolerance, tolerance_of

RULE = "CAU-ListCost-C-011-C"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """One conforming row, whose costs are 0.8 of a cent, and 2e-8, from their products."""
    row = base_rows()["CostAndUsage"]
    row.update(PricingQuantity="400000.008")
    for price, cost in (("ListUnitPrice", "ListCost"), ("ContractedUnitPrice", "ContractedCost")):
        row.update({price: "1", cost: "400000.00"})
    path = tmp_path / "export.csv"
    path.write_text(f"{','.join(row)}\n{','.join(quoted(cell) for cell in row.values())}\n")
    return path


@pytest.mark.parametrize(
    ("tolerance", "status"),
    [
        (None, "fail"),
        ("0.5,1e-9", "fail"),
        ("0.8,0", "pass"),
        ("0.79,0", "fail"),
        ("0,2e-8", "pass"),
        ("0,1.9e-8", "fail"),
        ("1,1e-6", "pass"),
        ("max(1 * 10^-d, 1e-6 * |r|)", "pass"),
    ],
)
def test_it_decides_products_and_is_printed(export: Path, tolerance: str | None, status: str) -> None:
    report = validate(export) if tolerance is None else validate(export, tolerance=tolerance)
    assert report.rule(RULE).status == status
    units, share = tolerance_of(tolerance or USUAL.pair).pair.split(",")
    assert report.options["tolerance"] == f"max({units} * 10^-d, {share} * |r|)"


def test_the_command_line_takes_it_and_the_report_says_so(export: Path, capsys: Output) -> None:
    assert run(["check", str(export), "--format", "json", "--tolerance", "1,0"]) == 0
    assert json.loads(capsys.readouterr().out)["options"]["tolerance"] == "max(1 * 10^-d, 0 * |r|)"
    assert run(["check", str(export)]) == 1
    assert "may differ" not in capsys.readouterr().out
    assert run(["check", str(export), "--tolerance", "1,0"]) == 0
    assert "products may differ by max(1 * 10^-d, 0 * |r|)" in capsys.readouterr().out
    assert run(["check", str(export), "--tolerance", "1,0", "-f", "markdown"]) == 0
    assert "max(1 \\* 10^-d, 0 \\* \\|r\\|)" in capsys.readouterr().out


def test_the_configuration_file_takes_it(export: Path, capsys: Output, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('tolerance = "1,0"\n')
    assert run(["check", str(export), "--config", str(tmp_path / "own.toml")]) == 0
    assert run(["check-bundle", str(export), "--config", str(tmp_path / "own.toml")]) == 0
    capsys.readouterr()


def test_a_bundle_takes_it(export: Path) -> None:
    assert validate_bundle(export).report("CostAndUsage").rule(RULE).status == "fail"
    assert validate_bundle(export, tolerance="1,0").report("CostAndUsage").rule(RULE).status == "pass"


def test_the_proposed_command_keeps_it(export: Path) -> None:
    def proposed(report: Report) -> str:
        return command(report)

    assert "--tolerance 1,1e-6" in proposed(validate(export, tolerance="1,1e-6"))
    assert "--tolerance" not in proposed(validate(export))


@pytest.mark.parametrize(
    "text",
    ["", "0.5", "1,1", "0,1.5", "-1,0", "1,-1", "a,b", "0.5;1e-9", "1,1e-6,2", "nan,0", "1E+5,0", "1" * 30],
)
def test_what_is_no_tolerance_is_refused_in_one_line(text: str, capsys: Output) -> None:
    with pytest.raises(InputError, match="use UNITS,SHARE"):
        tolerance_of(text)
    assert run(["check", "x.csv", f"--tolerance={text}"]) == 2
    assert "use UNITS,SHARE" in only_line(capsys.readouterr().err)


def test_printed_and_taken_forms_are_the_same() -> None:
    for tolerance in (USUAL, Tolerance("0", "0"), Tolerance("12", "1.5E-3")):
        assert tolerance_of(tolerance.pair) == tolerance_of(tolerance.formula) == tolerance
