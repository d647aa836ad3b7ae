"""The console report on a report built by hand, so that every line is known."""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec
import pytest

from cli.fakes import BROKEN, CLEAN, DATASET, ESCAPES, result
from focus_validate.outputs.console import DETAILED, render_console
from focus_validate.result import Report, Sample

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize(("name", "report"), [("broken", BROKEN), ("clean", CLEAN)])
def test_the_report_at_80_columns_is_the_golden_one(name: str, report: Report) -> None:
    """Set UPDATE_GOLDEN=1 to write the files anew, then read what changed."""
    path = GOLDEN / f"console_{name}.txt"
    text = render_console(report, DATASET)
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [80, 120, 300])
def test_no_line_but_a_command_is_wider_than_the_terminal(width: int) -> None:
    lines = render_console(BROKEN, DATASET, width=width).splitlines()
    tables_and_commands = re.compile(r" {2,}(focus-validate |row|\S+ +(status|fail|warn|n/a|pass) )|\s+row ")
    prose = [line for line in lines if not tables_and_commands.match(line)]
    assert max(map(len, prose)) <= width


def test_the_verdict_is_the_first_and_the_last_line() -> None:
    lines = render_console(BROKEN, DATASET).splitlines()
    assert lines[0] == lines[-1] == "NOT CONFORMANT to FOCUS 1.4: 4 failed, 1 warned, 1 passed, 2 left open"


def test_nothing_in_a_value_reaches_the_terminal_raw() -> None:
    text = render_console(BROKEN, DATASET, colour=True)
    assert "\x1b]" not in text
    assert "\u202e" not in text
    assert "[red]" in text, "rich markup in a value is text"


def test_names_from_the_input_are_escaped_too() -> None:
    hostile = msgspec.structs.replace(
        BROKEN,
        inputs=tuple(msgspec.structs.replace(source, path=f"{ESCAPES}.csv") for source in BROKEN.inputs),
        header=(*BROKEN.header, ESCAPES),
        rules=(
            result("CAU-BilledCost-C-001-M", "fail", 1, samples=(Sample(1, "x", f"{ESCAPES}.csv", ESCAPES),)),
        ),
    )
    text = render_console(hostile, DATASET)
    assert all(line.isprintable() for line in text.splitlines())


def test_colours_only_when_asked_for() -> None:
    assert "\x1b[" not in render_console(BROKEN, DATASET)
    assert "\x1b[1;31mNOT CONFORMANT" in render_console(BROKEN, DATASET, colour=True)


def test_no_line_ends_in_blanks() -> None:
    assert not [line for line in render_console(BROKEN, DATASET).splitlines() if line != line.rstrip()]


def test_beyond_a_number_of_rules_each_gets_one_line() -> None:
    many = tuple(
        result("CAU-BilledCost-C-001-M", "fail", 3, samples=(Sample(1, "x"),)) for _ in range(DETAILED + 2)
    )
    text = render_console(msgspec.structs.replace(BROKEN, rules=many), DATASET)
    assert "2 further rules" in text
    assert text.count("3 of 1,200 rows") == DETAILED + 2


def test_waived_rules_are_shown_as_waived() -> None:
    waived = (result("CAU-BilledCost-C-001-M", "waived", 3, reason="until 2027-01-31: vendor mends it"),)
    text = render_console(msgspec.structs.replace(CLEAN, rules=waived), DATASET)
    assert "WAIVED: 1 rule" in text
    assert "vendor mends it" in text


def test_warnings_that_count_are_announced() -> None:
    counted = msgspec.structs.replace(
        CLEAN,
        summary=msgspec.structs.replace(CLEAN.summary, warn=1),
        options={"fail_on": "warn"},
    )
    assert "the exit code is 1" in render_console(counted, DATASET)


def test_the_wrong_spelling_of_a_value_names_the_right_one() -> None:
    assert "'usage'  (meant: Usage)" in render_console(BROKEN, DATASET)


def test_several_files_name_the_file_of_a_row() -> None:
    rules = (result("CAU-BilledCost-C-001-M", "fail", 1, samples=(Sample(3, "x", "part-2.csv"),)),)
    assert "part-2.csv row 3  'x'" in render_console(msgspec.structs.replace(BROKEN, rules=rules), DATASET)


def test_many_files_are_summed_up_and_long_paths_cut_in_front() -> None:
    inputs = tuple(
        msgspec.structs.replace(BROKEN.inputs[0], path=f"{'folder/' * 9}part-{number}.csv")
        for number in range(900)
    )
    sample = Sample(3, "x", inputs[7].path)
    rules = (result("CAU-BilledCost-C-001-M", "fail", 1, samples=(sample,)),)
    text = render_console(msgspec.structs.replace(BROKEN, inputs=inputs, rules=rules), DATASET)
    assert "and 895 further files, 1,080,000 rows in all" in text
    assert "er/folder/folder/part-7.csv row 3" in text
    assert len(text.splitlines()) < 60
