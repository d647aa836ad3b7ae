"""The package's SQL keeps to the style of .sqlfluff."""

from __future__ import annotations

import subprocess
import sys

import pytest

from .project import REPOSITORY

pytest.importorskip("sqlfluff_templater_dbt", reason="needs sqlfluff-templater-dbt")
pytestmark = pytest.mark.slow


def test_sqlfluff_has_no_finding():
    done = subprocess.run(
        [sys.executable, "-m", "sqlfluff", "lint", "--processes", "2", "models"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
    assert "All Finished" in done.stdout
