"""The package as a user gets it: from a clone, by `dbt deps`."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from .project import REPOSITORY, SOURCES, Project

pytest.importorskip("dbt.adapters.duckdb", reason="needs dbt-duckdb")
pytestmark = pytest.mark.slow


def test_the_package_installs_from_a_clone(tmp_path: Path, raw_headers: dict[str, list[str]]) -> None:
    """A local path holds files that git does not: only a clone shows what a user gets."""
    clone = tmp_path / "clone"
    done = subprocess.run(
        ["git", "clone", "--quiet", str(REPOSITORY), str(clone)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"needs a git repository: {done.stderr.strip()}")
    project = Project(tmp_path / "project", clone)
    (project.folder / "dbt_packages" / "focus_ai").unlink()
    project.dbt("deps").succeeded()
    project.empty_raw_tables(raw_headers)
    project.dbt("build").succeeded()
    assert "ERROR=0" in project.dbt("build", sources=SOURCES).succeeded().output
