"""Small FOCUS files and the command line as a child process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.fakes import CLEAN
from focus_validate.options import Options
from focus_validate.result import Report

REFERENCE = Path(os.environ.get("FOCUS_REFERENCE", Path(__file__).parents[4] / "shared"))
Output = pytest.CaptureFixture[str]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run ``focus-validate`` with arguments in an empty folder; nothing of the caller's colours leaks in."""

    def start(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
        environment = {
            name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")
        }
        environment |= {"COLUMNS": "80", **options.pop("env", {})}  # type: ignore[dict-item]
        return subprocess.run(
            [sys.executable, "-m", "focus_validate", *map(str, arguments)],
            **{"capture_output": True, "encoding": "utf-8", "cwd": tmp_path, "timeout": 120} | options,
            env=environment,
            check=False,
        )

    return start


@pytest.fixture
def samples() -> Path:
    """Real FOCUS exports, which are not part of the project."""
    folder = REFERENCE / "samples"
    if not folder.is_dir():
        pytest.skip("the sample exports are not here (FOCUS_REFERENCE names their folder)")
    return folder


PERIOD_COLUMNS = (
    "BillingPeriodCreated,BillingPeriodEnd,BillingPeriodLastUpdated,BillingPeriodStart,BillingPeriodStatus,"
    "InvoiceIssuerName"
)
PERIOD = "2026-05-01T00:00:00Z,2026-06-01T00:00:00Z,2026-06-01T00:00:00Z,2026-05-01T00:00:00Z,Closed,Acme"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A conformant Billing Period file."""
    path = tmp_path / "good.csv"
    path.write_text(f"{PERIOD_COLUMNS}\n{PERIOD}\n")
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """A Billing Period file with a wrong status in row 2."""
    path = tmp_path / "bad.csv"
    path.write_text(f"{PERIOD_COLUMNS}\n{PERIOD}\n{PERIOD.replace('Closed', 'closed')}\n")
    return path


class Engine:
    """Gives a prepared report (or raises) and remembers what it was asked."""

    def __init__(self) -> None:
        self.answer: Report | BaseException = CLEAN
        self.source: object = None
        self.options: Options | None = None
        self.calls = 0

    def __call__(
        self, source: object, options: Options, catalogue: object = None, progress: Any = None, **_: object
    ) -> Report:
        self.source, self.options, self.calls = source, options, self.calls + 1
        progress("reading", 0.5)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Engine:
    stand_in = Engine()
    monkeypatch.setattr("focus_validate.engine.evaluate", stand_in, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FOCUS_VALIDATE_DEBUG", raising=False)
    return stand_in


def only_line(text: str) -> str:
    """``text``, which is one line."""
    assert text.count("\n") == 1
    return text
