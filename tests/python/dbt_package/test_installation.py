"""The package as a user gets it: from a clone, by `dbt deps`."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from .project import REPOSITORY, SOURCES, Project

pytest.importorskip("dbt.include.duckdb", reason="needs dbt-duckdb")
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
    project.dbt("build", sources=SOURCES).succeeded()
    results = json.loads((project.folder / "target" / "run_results.json").read_text())["results"]
    assert {result["status"] for result in results} == {"success", "pass"}
    kinds = Counter(result["unique_id"].split(".")[0] for result in results)
    assert kinds["unit_test"] > 100  # which the demo leaves out to be quick
    assert kinds["test"] > 300
