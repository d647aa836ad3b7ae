"""The package's SQL keeps to the style of .sqlfluff."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from .project import REPOSITORY

if importlib.util.find_spec("sqlfluff_templater_dbt") is None:
    pytest.skip("needs sqlfluff-templater-dbt", allow_module_level=True)
pytestmark = pytest.mark.slow

ONCE = str(Path(__file__).with_name("sqlfluff_once.py"))
UNTIDY = """\
select a,b  from t where a=1 and
b = 2
union all
select
      a,
    b
from t where a_name_that_makes_a_line_too_long_for_the_reader = 1 and another_of_this_kind = 2
"""


def sqlfluff(*arguments: str, program: str = ONCE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *program.split(), "lint", *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )


def test_sqlfluff_has_no_finding() -> None:
    done = sqlfluff("--processes", "2", "models")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
    assert "All Finished" in done.stdout


def test_the_quicker_command_finds_what_sqlfluff_finds(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text(UNTIDY)
    (tmp_path / "b.sql").write_text(UNTIDY.replace("union all", "intersect"))
    arguments = ("--templater", "raw", "--dialect", "duckdb", str(tmp_path))
    found, expected = sqlfluff(*arguments), sqlfluff(*arguments, program="-m sqlfluff")
    assert found.stdout == expected.stdout
    assert {"LT01", "LT02", "LT05", "LT14"} <= set(found.stdout.split())
    assert found.returncode == 1
