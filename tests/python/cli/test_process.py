"""The installed command in a child process, with the real engine: what a shell and a CI job see."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli.conftest import PERIOD, PERIOD_COLUMNS, Run

COMMAND = [sys.executable, "-m", "focus_validate"]


def test_a_conformant_file_exits_with_0(run: Run, good: Path) -> None:
    done = run("check", good)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("CONFORMANT to FOCUS 1.4: 0 failed")
    assert done.stderr == ""


def test_a_broken_file_exits_with_1_and_shows_the_row(run: Run, bad: Path) -> None:
    done = run("check", bad)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("NOT CONFORMANT to FOCUS 1.4: 1 failed")
    assert "row 2  'closed'  (meant: Closed)" in done.stdout


@pytest.mark.parametrize(
    "arguments", [["check", "missing.csv"], ["check"], ["check", "x", "--nope"], ["nope"]]
)
def test_what_cannot_be_used_exits_with_2(run: Run, arguments: list[str], tmp_path: Path) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert os.listdir(tmp_path) == []


def test_a_file_without_the_command_is_told_the_command(run: Run, good: Path) -> None:
    done = run(good.name)
    assert done.returncode == 2
    assert done.stderr.startswith("focus-validate: 'good.csv' is a file: focus-validate check good.csv")
    assert "Did you mean 'check'?" in run("chek").stderr


BAD_INPUTS = {
    "empty": b"",
    "blank lines": b"\n\n\n",
    "header only": PERIOD_COLUMNS.encode() + b"\n",
    "binary": bytes(range(256)) * 8,
    "truncated parquet": b"PAR1\x00\x00\x00\x00PAR1",
    "parquet magic alone": b"PAR1",
    "latin-1": f"{PERIOD_COLUMNS}\n{PERIOD.replace('Acme', 'Zürich')}\n".encode("latin-1"),
    "utf-16": f"{PERIOD_COLUMNS}\n{PERIOD}\n".encode("utf-16"),
    "short row": f"{PERIOD_COLUMNS}\n{PERIOD}\na,b\n".encode(),
    "long row": f"{PERIOD_COLUMNS}\n{PERIOD},x,y\n".encode(),
    "duplicate header": f"{PERIOD_COLUMNS},BillingPeriodEnd\n{PERIOD},x\n".encode(),
    "unclosed quote": f'{PERIOD_COLUMNS}\n"{PERIOD}\n'.encode(),
    "text after a quote": f"{PERIOD_COLUMNS}\n{PERIOD}\n".replace("Acme", '"Ac"me').encode(),
    "nul byte": f"{PERIOD_COLUMNS}\n{PERIOD}\x00\n".encode(),
    "html": b"<!DOCTYPE html><html><body>Sign in</body></html>\n",
    "pdf": b"%PDF-1.7\n1 0 obj\n",
    "zip": b"PK\x03\x04" + b"\x00" * 60,
    "git-lfs pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
}


@pytest.mark.parametrize("name", BAD_INPUTS)
def test_a_file_that_is_no_table_is_one_line_and_exit_2(run: Run, tmp_path: Path, name: str) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(BAD_INPUTS[name])
    done = run("check", path, "--dataset", "BillingPeriod", "--output", tmp_path / "report.json")
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "data.csv" in done.stderr
    assert "Traceback" not in done.stderr
    assert os.listdir(tmp_path) == ["data.csv"]


def test_a_broken_parquet_file_is_one_line_and_exit_2(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "data.parquet"
    path.write_bytes(b"PAR1" + os.urandom(200) + b"PAR1")
    done = run("check", path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_a_folder_without_files_is_one_line_and_exit_2(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = run("check", tmp_path / "empty")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_an_unknown_header_with_auto_names_the_option(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("a,b\n1,2\n")
    done = run("check", "data.csv")
    assert done.returncode == 2
    assert "--dataset" in done.stderr


def test_the_same_input_gives_the_same_bytes(run: Run, bad: Path) -> None:
    arguments = ["check", bad, "--format", "json"]
    first = run(*arguments, "--threads", 1)
    second = run(*arguments, "--threads", 4, env={"TZ": "Asia/Kolkata", "PYTHONHASHSEED": "7", "LC_ALL": "C"})
    assert first.stdout == second.stdout
    assert json.loads(first.stdout)["summary"]["conformant"] is False


def test_the_json_report_names_the_input_as_typed(run: Run, bad: Path, tmp_path: Path) -> None:
    report = json.loads(run("check", "./bad.csv", "--format", "json").stdout)
    [source] = report["inputs"]
    assert source["path"] == "./bad.csv"
    assert source["rows"] == 2
    assert source["bytes"] == bad.stat().st_size
    assert report["header"] == PERIOD_COLUMNS.split(",")


def test_a_reader_that_leaves_keeps_the_verdict(bad: Path) -> None:
    script = f"set -o pipefail; {' '.join(COMMAND)} check {bad} | true"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1, "that of the check, not of the pipe"
    assert done.stderr == ""


def test_a_reader_that_leaves_a_list_is_no_error() -> None:
    script = f"set -o pipefail; {' '.join(COMMAND)} rules | head -1"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_standard_output_is_exit_2(run: Run, good: Path) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*COMMAND, "check", str(good)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == "focus-validate: cannot write to standard output: No space left on device\n"


def test_closed_standard_streams_do_not_change_the_verdict(bad: Path) -> None:
    script = f"{' '.join(COMMAND)} check {bad} >&- 2>&-"
    assert subprocess.run(["bash", "-c", script], timeout=60, check=False).returncode == 1


def test_standard_input_is_judged(run: Run, bad: Path) -> None:
    done = run("check", "-", "--format", "json", input=bad.read_text())
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["inputs"][0]["path"] == "-"


@pytest.mark.usefixtures("good", "bad")
def test_a_pattern_is_one_dataset(run: Run) -> None:
    done = run("check", "*.csv")
    assert done.returncode == 1, done.stderr
    assert "bad.csv row 2  'closed'" in done.stdout


def test_an_ascii_terminal_gets_escapes(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(f"{PERIOD_COLUMNS}\n{PERIOD.replace('Closed', 'Zürich')}\n", encoding="utf-8")
    done = run("check", path, env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 1, done.stderr
    assert "'Z\\xfcrich'" in done.stdout


def test_interrupting_exits_with_130_and_leaves_nothing(tmp_path: Path) -> None:
    path, spill = tmp_path / "large.csv", tmp_path / "spill"
    spill.mkdir()
    with path.open("w") as large:
        large.write(PERIOD_COLUMNS + "\n")
        large.writelines([PERIOD + "\n"] * 3_000_000)
    process = subprocess.Popen(
        [*COMMAND, "check", str(path), "--output", "report.json", "--temp-directory", str(spill)],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not os.listdir(spill) and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert errors == "focus-validate: interrupted, nothing was written\n"
    assert sorted(os.listdir(tmp_path)) == ["large.csv", "spill"]
    assert os.listdir(spill) == []


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_the_start_is_quick(argument: str) -> None:
    """Processor time, best of five: other work shares the machine."""
    times = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([*COMMAND, argument], capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(times) < 0.3


def test_nothing_is_written_where_it_runs(run: Run, good: Path, tmp_path: Path) -> None:
    run("check", good)
    assert os.listdir(tmp_path) == ["good.csv"]


def test_the_sample_of_1_0_tells_its_owner_what_is_missing(run: Run, samples: Path) -> None:
    path = samples / "focus_1_0_multicloud_sample.csv"
    done = run("check", path)
    text = " ".join(done.stdout.split())
    assert done.returncode == 1, done.stderr
    assert "The columns are those of FOCUS 1.0." in text
    assert "ProviderName, see ServiceProviderName" in text
    assert "new in 1.3, mandatory: HostProviderName, ServiceProviderName" in text
    assert "The text NULL stands in" in text
    assert f"focus-validate check {path} --null NULL" in done.stdout


@pytest.mark.parametrize(
    "name", ["aws_1_4_cost_and_usage.csv", "aws_1_4_invoice_detail.csv", "aws_1_4_billing_period.csv"]
)
def test_the_converted_files_have_no_failure(run: Run, samples: Path, name: str) -> None:
    done = run("check", samples / name)
    assert done.returncode == 0, done.stdout
    assert "The columns are those of" not in done.stdout


@pytest.mark.parametrize(
    ("name", "version"), [("aws_1_2_cost_and_usage.csv", "1.2"), ("aws_1_3_cost_and_usage.csv", "1.3")]
)
def test_older_files_are_told(run: Run, samples: Path, name: str, version: str) -> None:
    assert f"The columns are those of FOCUS {version}." in run("check", samples / name).stdout
