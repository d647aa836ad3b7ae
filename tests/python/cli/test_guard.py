"""A crash, a hang and a killed parent: one line, exit code 2, nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli.conftest import Run

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

BROKEN_READER = """
import os, signal, sys, time
from focus_validate.engine.readers import names

def broken(source, folder, options, catalogue):
    (folder / "spilled").write_text("x")
    ACTION

import focus_validate.engine.evaluate
sys.modules["focus_validate.engine.evaluate"].named_files = broken
from focus_validate.__main__ import main
main()
"""


def broken(action: str, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """The command with a reader that does ``action`` in the middle of its work."""
    (folder / "temp").mkdir()
    return subprocess.Popen(
        [
            *(sys.executable, "-c", BROKEN_READER.replace("ACTION", action)),
            *("check", "x.csv", "--output", "r.json", "--temp-directory", "temp", *arguments),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
    )


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL"])
def test_a_native_crash_is_one_line_and_exit_2(name: str, tmp_path: Path) -> None:
    process = broken(f"os.kill(os.getpid(), signal.{name})", tmp_path)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert output == ""
    assert errors == (
        f"focus-validate: reading the input crashed ({name}): it may be damaged or made to do so; write it"
        " again; nothing was written\n"
    )
    assert os.listdir(tmp_path) == ["temp"], "no report, no core file"
    assert os.listdir(tmp_path / "temp") == []


def test_a_check_that_the_system_ends_is_one_line_and_exit_2(tmp_path: Path) -> None:
    process = broken("os.kill(os.getpid(), signal.SIGKILL)", tmp_path)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "lower --memory-limit" in errors
    assert os.listdir(tmp_path / "temp") == []


def test_a_hang_ends_at_the_time_limit(tmp_path: Path) -> None:
    started = time.monotonic()
    process = broken("time.sleep(60)", tmp_path, "--time-limit", "0.5")
    _, errors = process.communicate(timeout=50)
    assert process.returncode == 2
    assert "took longer than 0.5 seconds" in errors
    assert errors.count("\n") == 1
    assert time.monotonic() - started < 30
    assert os.listdir(tmp_path / "temp") == []
    assert os.listdir(tmp_path) == ["temp"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals_reach_the_work(number: signal.Signals, code: int, tmp_path: Path) -> None:
    process = broken("time.sleep(60)", tmp_path)
    wait_for(lambda: list((tmp_path / "temp").glob("*/spilled")))
    process.send_signal(number)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == code
    assert "Traceback" not in errors
    assert os.listdir(tmp_path / "temp") == []


def test_the_work_ends_with_its_parent(tmp_path: Path) -> None:
    process = broken("(folder / 'pid').write_text(str(os.getpid())); time.sleep(60)", tmp_path)
    wait_for(lambda: list((tmp_path / "temp").glob("*/pid")))
    [told] = (tmp_path / "temp").glob("*/pid")
    wait_for(told.read_text)
    child = int(told.read_text())
    process.kill()
    process.communicate(timeout=30)
    wait_for(lambda: not is_running(child))


def test_a_time_limit_that_is_kept_changes_nothing(run: Run, good: Path) -> None:
    done = run("check", good, "--time-limit", "60")
    assert (done.returncode, done.stderr) == (0, "")
    assert run("check", good, "--time-limit", "0").returncode == 2


def is_running(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return status != "Z"


def wait_for(condition: object) -> None:
    deadline = time.monotonic() + 30
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.02)
