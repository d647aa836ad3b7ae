"""The check command around a stand-in for the engine: arguments, outputs, exit codes, errors."""

from __future__ import annotations

import json
import os
from pathlib import Path

import msgspec
import pytest

from cli.conftest import Engine, Output, only_line
from cli.fakes import BROKEN, CLEAN
from focus_validate.cli import run
from focus_validate.errors import InputError
from focus_validate.options import Options
from focus_validate.result import Report


@pytest.mark.parametrize(
    ("report", "arguments", "code"),
    [
        (CLEAN, [], 0),
        (BROKEN, [], 1),
        (msgspec.structs.replace(CLEAN, summary=msgspec.structs.replace(CLEAN.summary, warn=1)), [], 0),
        (
            msgspec.structs.replace(CLEAN, summary=msgspec.structs.replace(CLEAN.summary, warn=1)),
            ["--fail-on", "warn"],
            1,
        ),
        (InputError("x"), [], 2),
        (MemoryError(), [], 2),
        (ZeroDivisionError("x"), [], 3),
        (KeyboardInterrupt(), [], 130),
    ],
)
def test_the_exit_code(
    engine: Engine, capsys: Output, report: Report | BaseException, arguments: list[str], code: int
) -> None:
    engine.answer = report
    assert run(["check", "export.csv", *arguments]) == code
    captured = capsys.readouterr()
    if code > 1:
        assert captured.out == ""
        assert "Traceback" not in captured.err


def test_every_choice_reaches_the_engine(engine: Engine) -> None:
    arguments = (
        "check a.csv b.csv --dataset invoice_detail --supports REGION_SUPPORTED --supports TAGGING_SUPPORTED "
        "--selected --max-samples 7 --null NULL --fail-on warn --memory-limit 2GB --threads 3 "
        "--temp-directory t"
    )
    run(arguments.split())
    assert engine.source == ("a.csv", "b.csv")
    assert engine.options == Options(
        dataset="InvoiceDetail",
        supports=frozenset({"REGION_SUPPORTED", "TAGGING_SUPPORTED"}),
        selected=True,
        max_samples=7,
        null_text="NULL",
        fail_on="warn",
        memory_limit="2GB",
        threads=3,
        temp_directory="t",
    )


def test_without_choices_the_defaults_hold(engine: Engine) -> None:
    run(["check", "a.csv"])
    assert engine.source == "a.csv"
    assert engine.options == Options()


@pytest.mark.parametrize(
    "arguments",
    [
        "check",
        "check a.csv --dataset Nonsense",
        "check a.csv --supports NONSENSE",
        "check a.csv --format yaml",
        "check a.csv --fail-on may",
        "check a.csv --max-samples -1",
        "check a.csv --max-samples many",
        "check a.csv --threads 0",
        "check a.csv --memory-limit much",
        "check a.csv --nonsense",
        "check a.csv --output missing/report.json",
        "check a.csv --output .",
        "check a.csv --output x --output ./x",
        "check a.csv --output json=- --output console=-",
        "nonsense",
        "explain",
        "explain nonsense",
        "rules --dataset nonsense",
        "columns --format yaml",
    ],
)
def test_wrong_arguments_are_one_line_and_exit_2(engine: Engine, capsys: Output, arguments: str) -> None:
    assert run(arguments.split()) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert only_line(captured.err).startswith("focus-validate: ")
    assert engine.calls == 0, "wrong arguments are found before the long work"


def test_an_input_error_is_its_own_line(engine: Engine, capsys: Output) -> None:
    engine.answer = InputError("export.csv: row 3 has 4 fields,\nthe header 5")
    run(["check", "export.csv"])
    assert capsys.readouterr().err == "focus-validate: export.csv: row 3 has 4 fields, the header 5\n"


def test_control_characters_in_an_error_are_escaped(engine: Engine, capsys: Output) -> None:
    engine.answer = InputError("no such file: \x1b]0;x\x07\u202e.csv")
    run(["check", "x"])
    assert only_line(capsys.readouterr().err)[:-1].isprintable()


def test_an_internal_error_says_how_to_report_it(engine: Engine, capsys: Output) -> None:
    engine.answer = ZeroDivisionError("division by zero")
    assert run(["check", "x"]) == 3
    line = only_line(capsys.readouterr().err)
    assert "internal error: ZeroDivisionError: division by zero" in line
    assert "--debug" in line


def test_an_internal_error_of_the_engine_is_told_without_its_trace(engine: Engine, capsys: Output) -> None:
    engine.answer = RuntimeError("INTERNAL Error: lines twice\n\nStack Trace:\n/lib/libc.so.6(+0x1098ec)")
    assert run(["check", "x"]) == 3
    line = only_line(capsys.readouterr().err)
    assert "internal error: RuntimeError: INTERNAL Error: lines twice. This is a fault of" in line


def test_debug_adds_the_trace(engine: Engine, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.answer = ZeroDivisionError("division by zero")
    monkeypatch.setenv("FOCUS_VALIDATE_DEBUG", "")
    assert run(["--debug", "check", "x"]) == 3
    assert "Traceback" in capsys.readouterr().err


def test_json_is_the_report_and_nothing_else(engine: Engine, capsys: Output) -> None:
    engine.answer = BROKEN
    run(["check", "x", "--format", "json"])
    captured = capsys.readouterr()
    assert captured.out == BROKEN.to_json()
    assert captured.err == ""


@pytest.mark.parametrize("arguments", [["--format", "json", "--output", "r"], ["-f", "json", "-o", "r"]])
def test_a_report_in_a_file_leaves_the_verdict_on_standard_error(
    engine: Engine, capsys: Output, tmp_path: Path, arguments: list[str]
) -> None:
    engine.answer = BROKEN
    assert run(["check", "x", *arguments]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert only_line(captured.err).startswith("NOT CONFORMANT to FOCUS 1.4: 4 failed")
    assert (tmp_path / "r").read_text(encoding="utf-8") == BROKEN.to_json()
    assert os.listdir(tmp_path) == ["r"]


def test_the_ending_of_the_file_names_the_format(engine: Engine, tmp_path: Path) -> None:
    run(["check", "x", "--output", "report.json"])
    assert (tmp_path / "report.json").read_text() == CLEAN.to_json()


def test_the_format_option_wins_over_the_ending(engine: Engine, tmp_path: Path) -> None:
    run(["check", "x", "--output", "report.json", "--format", "console"])
    assert (tmp_path / "report.json").read_text().startswith("CONFORMANT")


def test_a_format_in_front_of_the_file_adds_a_report(engine: Engine, capsys: Output, tmp_path: Path) -> None:
    run(["check", "x", "--output", "json=a", "--output", "console=b"])
    assert capsys.readouterr().out.startswith("CONFORMANT")
    assert (tmp_path / "a").read_text() == CLEAN.to_json()
    assert (tmp_path / "b").read_text().startswith("CONFORMANT")


def test_a_dash_is_standard_output(engine: Engine, capsys: Output, tmp_path: Path) -> None:
    run(["check", "x", "--output", "json=-", "--output", "console=b"])
    assert capsys.readouterr().out == CLEAN.to_json()
    assert os.listdir(tmp_path) == ["b"]


def test_a_file_may_have_an_equals_sign(engine: Engine, tmp_path: Path) -> None:
    run(["check", "x", "--output", "day=1.json"])
    assert os.listdir(tmp_path) == ["day=1.json"]


def test_a_report_in_a_file_has_no_colours(engine: Engine, tmp_path: Path) -> None:
    run(["check", "x", "--output", "report.txt", "--color", "always"])
    assert "\x1b" not in (tmp_path / "report.txt").read_text()


def test_the_input_is_never_overwritten(engine: Engine, capsys: Output, tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("a\n1\n")
    assert run(["check", "data.csv", "--output", "./data.csv"]) == 2
    assert "is an input" in capsys.readouterr().err
    assert (tmp_path / "data.csv").read_text() == "a\n1\n"
    assert engine.calls == 0


@pytest.mark.parametrize("error", [InputError("x"), ZeroDivisionError(), KeyboardInterrupt()])
def test_a_run_that_fails_writes_nothing(engine: Engine, tmp_path: Path, error: BaseException) -> None:
    (tmp_path / "old.json").write_text("old")
    engine.answer = error
    run(["check", "x", "--output", "old.json", "--output", "json=new.json"])
    assert os.listdir(tmp_path) == ["old.json"]
    assert (tmp_path / "old.json").read_text() == "old"


@pytest.mark.parametrize(
    ("arguments", "environment", "coloured"),
    [
        ([], {}, False),
        (["--color", "always"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colours(
    engine: Engine,
    capsys: Output,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    environment: dict[str, str],
    coloured: bool,
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    run(["check", "x", *arguments])
    assert ("\x1b[" in capsys.readouterr().out) is coloured


def test_progress_is_silent_when_standard_error_is_no_terminal(engine: Engine, capsys: Output) -> None:
    run(["check", "x"])
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["explain", "-h"], []])
def test_help_is_help(capsys: Output, arguments: list[str]) -> None:
    assert run(arguments) == 0
    assert "Usage: focus-validate" in capsys.readouterr().out


def test_the_report_schema_is_printed(capsys: Output) -> None:
    assert run(["report-schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "focus-validate report"


@pytest.mark.parametrize(
    ("arguments", "start"),
    [
        (["explain", "BilledCost"], "BilledCost  column of"),
        (["rules", "--dataset", "BillingPeriod"], "Billing Period  "),
        (["columns"], "Billing Period  6 columns"),
        (["flags"], "Declare with"),
    ],
)
def test_the_catalogue_commands_print(capsys: Output, arguments: list[str], start: str) -> None:
    assert run(arguments) == 0
    assert capsys.readouterr().out.startswith(start)


@pytest.mark.parametrize("command", ["rules", "columns"])
def test_the_catalogue_as_json(capsys: Output, command: str) -> None:
    assert run([command, "--format", "json", "--dataset", "BillingPeriod"]) == 0
    assert {entry["dataset"] for entry in json.loads(capsys.readouterr().out)} == {"BillingPeriod"}
