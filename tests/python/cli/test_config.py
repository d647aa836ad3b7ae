"""The configuration file of ``check``, around a stand-in for the engine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cli.conftest import Engine, Output, only_line
from cli.fakes import BROKEN, CATALOGUE, CLEAN
from focus_validate.cli import run
from focus_validate.options import Options
from focus_validate.outputs import FORMATS
from focus_validate.tolerance import Tolerance

FULL = """\
dataset = "CostAndUsage"
supports = ["REGION_SUPPORTED", "TAGGING_SUPPORTED"]
selected = true
tolerance = "1,1e-6"
max-samples = 7
null = "NULL"
fail-on = "warn"
memory-limit = "2GB"
threads = 3
temp-directory = "t"
"""
EXPECTED = Options(
    dataset="CostAndUsage",
    supports=frozenset({"REGION_SUPPORTED", "TAGGING_SUPPORTED"}),
    selected=True,
    tolerance=Tolerance("1", "1e-6"),
    max_samples=7,
    null_text="NULL",
    fail_on="warn",
    memory_limit="2GB",
    threads=3,
    temp_directory="t",
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("focus-validate.toml", FULL),
        ("pyproject.toml", f"[project]\nname = 'x'\n[tool.other]\na = 1\n[tool.focus-validate]\n{FULL}"),
    ],
)
def test_the_file_in_the_folder_gives_the_defaults(
    engine: Engine, tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text)
    assert run(["check", "x"]) == 0
    assert engine.options == EXPECTED


def test_days_and_fractions_are_values_too(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "focus-validate.toml").write_text("as-of = 2026-06-15\ntime-limit = 30.5")
    assert run(["check", "x"]) == 0
    assert engine.calls == 1


def test_a_key_in_the_place_of_the_table_is_one_line(engine: Engine, capsys: Output, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool]\nfocus-validate = 3")
    assert run(["check", "x"]) == 2
    assert "pyproject.toml [tool.focus-validate] is no table" in only_line(capsys.readouterr().err)
    assert engine.calls == 0


def test_a_named_file_wins_over_the_one_in_the_folder(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "focus-validate.toml").write_text("max-samples = 1")
    (tmp_path / "other.toml").write_text("max-samples = 2")
    run(["check", "x", "--config", "other.toml"])
    assert engine.options == Options(max_samples=2)


def test_the_own_file_wins_over_the_project(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "focus-validate.toml").write_text("max-samples = 1")
    (tmp_path / "pyproject.toml").write_text("[tool.focus-validate]\nmax-samples = 2")
    run(["check", "x"])
    assert engine.options == Options(max_samples=1)


def test_the_command_line_wins(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "focus-validate.toml").write_text(FULL)
    run(["check", "--max-samples", "0", "--supports", "PARTIAL_UPFRONT", "x"])
    assert engine.options is not None
    assert engine.options.max_samples == 0
    assert engine.options.supports == {"PARTIAL_UPFRONT"}
    assert engine.options.null_text == "NULL"


def test_one_text_stands_for_a_list_of_one(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "focus-validate.toml").write_text('supports = "REGION_SUPPORTED"')
    run(["check", "x"])
    assert engine.options == Options(supports=frozenset({"REGION_SUPPORTED"}))


def test_outputs_can_be_configured(engine: Engine, capsys: Output, tmp_path: Path) -> None:
    (tmp_path / "focus-validate.toml").write_text(
        'output = ["json=r.json", "markdown=r.md"]\ncolor = "always"'
    )
    run(["check", "x"])
    assert sorted(os.listdir(tmp_path)) == ["focus-validate.toml", "r.json", "r.md"]
    assert "\x1b[" in capsys.readouterr().out


def test_a_project_without_the_table_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.other]\nnonsense = 1")
    assert run(["check", "x"]) == 0
    assert engine.options == Options()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("max_samples = 1", "unknown key 'max_samples' (did you mean max-samples?)"),
        ("config = 'x'", "unknown key 'config'"),
        ("nonsense = 1", "unknown key 'nonsense'"),
        ("selected = 'yes'", "selected takes true or false"),
        ("null = true", "null takes a text"),
        ("supports = [1]", "supports takes a text or a list of texts"),
        ("max-samples = [1]", "max-samples takes a text, a number or a date"),
        ("max-samples = -1", "-1"),
        ("fail-on = 'may'", "may"),
        ("dataset = 'nonsense'", "unknown dataset"),
        ("a = ", "no valid TOML"),
        ("\xff", "unknown key"),
    ],
)
def test_what_is_wrong_with_the_file_is_one_line(
    engine: Engine, capsys: Output, tmp_path: Path, text: str, complaint: str
) -> None:
    (tmp_path / "focus-validate.toml").write_text(text, encoding="utf-8")
    assert run(["check", "x"]) == 2
    assert complaint in only_line(capsys.readouterr().err) or "\xff" in text
    assert engine.calls == 0


def test_a_named_file_must_exist(engine: Engine, capsys: Output) -> None:
    assert run(["check", "x", "--config", "nope.toml"]) == 2
    assert "nope.toml" in only_line(capsys.readouterr().err)


def test_a_file_that_is_no_text_is_one_line(engine: Engine, capsys: Output, tmp_path: Path) -> None:
    (tmp_path / "focus-validate.toml").write_bytes(b"\xff\xfe\x00")
    assert run(["check", "x"]) == 2
    assert "focus-validate.toml" in only_line(capsys.readouterr().err)


# Where reports go


def test_a_folder_gets_every_format(engine: Engine, tmp_path: Path) -> None:
    engine.answer = BROKEN
    assert run(["check", "x", "--output-dir", "reports"]) == 1
    assert sorted(os.listdir(tmp_path / "reports")) == sorted(
        f"report{ending}" for ending in FORMATS.values()
    )
    assert (tmp_path / "reports" / "report.json").read_text(encoding="utf-8") == BROKEN.to_json()


def test_a_folder_that_is_there_is_used(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "other").write_text("kept")
    run(["check", "x", "--output-dir", "reports"])
    assert (tmp_path / "reports" / "other").read_text() == "kept"


@pytest.mark.parametrize("folder", ["a/b", "file"])
def test_a_folder_that_cannot_be_made_is_refused(
    engine: Engine, capsys: Output, tmp_path: Path, folder: str
) -> None:
    (tmp_path / "file").write_text("")
    assert run(["check", "x", "--output-dir", folder]) == 2
    assert "does not exist" in only_line(capsys.readouterr().err)
    assert engine.calls == 0


def test_a_run_that_fails_makes_no_folder(engine: Engine, tmp_path: Path) -> None:
    engine.answer = KeyboardInterrupt()
    run(["check", "x", "--output-dir", "reports"])
    assert os.listdir(tmp_path) == []


def test_a_misspelt_format_is_not_taken_for_a_file(engine: Engine, capsys: Output) -> None:
    assert run(["check", "x", "--output", "jsn=r"]) == 2
    assert "did you mean json=r" in only_line(capsys.readouterr().err)


# Decisions about findings


@pytest.fixture
def small_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in's reports are about a catalogue of their own."""
    monkeypatch.setattr("focus_validate.spec.loader.load_catalogue", lambda: CATALOGUE)


@pytest.mark.usefixtures("small_catalogue")
def test_a_baseline_makes_known_failures_pass(engine: Engine, tmp_path: Path) -> None:
    engine.answer = BROKEN
    (tmp_path / "before.json").write_text(BROKEN.to_json(), encoding="utf-8")
    assert run(["check", "x", "--baseline", "before.json"]) == 0


@pytest.mark.usefixtures("small_catalogue")
def test_ignored_rules_do_not_count(engine: Engine) -> None:
    engine.answer = BROKEN
    names = ["BilledCost", "ChargeCategory", "CAU-CostAndUsage-D-003-M"]
    assert run(["check", "x", *(part for name in names for part in ("--ignore", name))]) == 0
    assert run(["check", "x", "--ignore", ", ".join(names)]) == 0
    assert run(["check", "x", "--select", "BilledCost"]) == 1


@pytest.mark.usefixtures("small_catalogue")
@pytest.mark.parametrize(("day", "code"), [("2026-06-15", 0), ("2026-06-16", 1)])
def test_waivers_hold_until_their_last_day(
    engine: Engine, capsys: Output, tmp_path: Path, day: str, code: int
) -> None:
    engine.answer = BROKEN
    entries = [
        f"- {{rule: {rule.id}, reason: in work, owner: jane, expires: 2026-06-15}}"
        for rule in BROKEN.failures()
    ]
    (tmp_path / "w.yaml").write_text("waivers:\n" + "\n".join(entries))
    assert run(["check", "x", "--waivers", "w.yaml", "--as-of", day]) == code
    assert ("expired on 2026-06-15" in capsys.readouterr().out) is bool(code)


def test_wrong_names_are_found_before_the_work(engine: Engine, capsys: Output) -> None:
    engine.answer = CLEAN
    for option in ("--select", "--ignore"):
        assert run(["check", "x", option, "nonsense"]) == 2
    for option in ("--baseline", "--waivers"):
        assert run(["check", "x", option, "nonsense"]) == 2
    assert run(["check", "x", "--as-of", "tomorrow"]) == 2
    assert engine.calls == 0
    assert capsys.readouterr().err.count("\n") == 5


def test_the_encoding_and_the_delimiter_of_the_file_count(tmp_path: Path, engine: Engine) -> None:
    (tmp_path / "focus-validate.toml").write_text('delimiter = "\\\\t"\nencoding = "windows-1252"')
    run(["check", "x"])
    assert engine.options is not None
    assert (engine.options.delimiter, engine.options.encoding) == ("\t", "cp1252")
    run(["check", "--delimiter", ";", "--encoding", "utf-16", "x"])
    assert (engine.options.delimiter, engine.options.encoding) == (";", "utf-16")
