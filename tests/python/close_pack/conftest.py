"""A pack of the small warehouse, as written by the command, and ways to read it."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from focus_validate.cli import run
from focus_validate.close_pack import Pack, build_pack, render_page, render_workbook

from . import warehouse

pytest.importorskip("xlsxwriter", reason="needs the extra `pack`")
pytest.importorskip("vl_convert", reason="needs the extra `pack`")

Done = subprocess.CompletedProcess[str]


def _words(database: Path, folder: Path, arguments: tuple[str, ...], period: str) -> list[str]:
    return ["close-pack", str(database), "--period", period, "--output-dir", str(folder), *arguments]


def close_pack(database: Path, folder: Path, *arguments: str, period: str = "2026-09") -> Done:
    """Run the command in this process, which has everything loaded."""
    words = _words(database, folder, arguments, period)
    output, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        code = run(words)
    return subprocess.CompletedProcess(words, code, output.getvalue(), errors.getvalue())


def close_pack_process(
    database: Path, folder: Path, *arguments: str, period: str = "2026-09", env: dict[str, str] | None = None
) -> Done:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "focus_validate", *_words(database, folder, arguments, period)],
        capture_output=True,
        encoding="utf-8",
        env=os.environ | (env or {}),
        timeout=120,
        check=False,
    )


def write_pack(database: Path, folder: Path) -> Pack:
    """The same in this process, for tests that only look at what is written."""
    pack = build_pack(str(database), "2026-09", schema=None, hide=False, key=b"")
    folder.mkdir()
    (folder / "close-pack-2026-09.xlsx").write_bytes(render_workbook(pack))
    (folder / "close-pack-2026-09.html").write_text(render_page(pack), encoding="utf-8")
    return pack


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return warehouse.build(tmp_path_factory.mktemp("marts") / "marts.duckdb")


@pytest.fixture(scope="session")
def packs(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the command wrote."""
    folder = tmp_path_factory.mktemp("packs")
    done = close_pack_process(database, folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def workbook(packs: Path) -> Path:
    return packs / "close-pack-2026-09.xlsx"


@pytest.fixture(scope="session")
def page(packs: Path) -> Path:
    return packs / "close-pack-2026-09.html"
