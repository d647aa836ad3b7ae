"""The generated documentation is that of the code, complete, and its links lead somewhere."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from focus_validate.spec.examples import examples_of
from focus_validate.spec.loader import load_catalogue

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
GENERATOR = runpy.run_path(str(DOCS / "generate.py"))
PAGES: dict[Path, str] = {path: text for path, text in GENERATOR["pages"]().items() if path.suffix == ".md"}
CATALOGUE = load_catalogue()
RULES = {rule.id: (dataset, rule) for dataset in CATALOGUE.datasets for rule in dataset.rules}
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")


def run(*arguments: str, folder: Path = DOCS) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(folder / "generate.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_the_documentation_is_up_to_date() -> None:
    result = run("--check")
    assert (result.returncode, result.stderr) == (0, ""), "run make docs"


def test_a_page_that_is_stale_missing_or_surplus_is_found(tmp_path: Path) -> None:
    copy = tmp_path / "docs"
    shutil.copytree(DOCS, copy)
    shutil.copytree(ROOT / "tests/python/differences", tmp_path / "tests/python/differences")
    assert run(folder=copy).returncode == 0
    (copy / "differences.md").write_text("edited by hand", "utf-8")
    (copy / "reference/CostAndUsage/BilledCost.md").unlink()
    (copy / "reference/CostAndUsage/Gone.md").write_text("of an older catalogue", "utf-8")
    found = run("--check", folder=copy)
    assert found.returncode == 1
    assert {Path(line.split()[3]).name for line in found.stderr.splitlines()} == {
        "differences.md",
        "BilledCost.md",
        "Gone.md",
    }
    assert run(folder=copy).returncode == 0
    assert run("--check", folder=copy).returncode == 0


def test_every_rule_has_its_section_and_stands_in_the_index() -> None:
    headings = [
        line[4:]
        for path, text in PAGES.items()
        if path.parent != DOCS
        for line in text.splitlines()
        if line.startswith("### ")
    ]
    assert sorted(headings) == sorted(RULES)
    index = PAGES[DOCS / "reference/index.md"]
    assert [rule_id for rule_id in RULES if f"| [{rule_id}](" not in index] == []


def test_every_column_has_a_page_with_its_rules() -> None:
    for dataset in CATALOGUE.datasets:
        for column in dataset.columns:
            page = PAGES[DOCS / f"reference/{dataset.id}/{column.name}.md"]
            own = [rule.id for rule in dataset.rules if rule.column == column.name]
            assert own
            assert re.findall(r"^### (\S+)$", page, re.MULTILINE) == own


def test_every_link_leads_to_a_file_and_an_anchor() -> None:
    for path, text in PAGES.items():
        for target, anchor in LINK.findall(text):
            place = (path.parent / target).resolve() if target else path
            assert place in PAGES or place.exists(), f"{path}: {target}"
            if anchor and place in PAGES and place.parent != DOCS:
                assert f'<a id="{anchor}"></a>' in PAGES[place], f"{path}: {target}#{anchor}"


def test_every_table_has_as_many_cells_in_each_row() -> None:
    for path, text in PAGES.items():
        for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
            cells = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
            assert len(cells) == 1, f"{path}: {table[:200]}"


@pytest.mark.parametrize("rule_id", ["CAU-ChargeFrequency-C-004-C", "ATT-CustomColumnHandling-A-002-M"])
def test_a_section_shows_both_examples(rule_id: str) -> None:
    dataset, rule = RULES[rule_id]
    examples = examples_of(dataset, rule)
    page = next(text for text in PAGES.values() if f"\n### {rule_id}\n" in text)
    section = page.split(f"\n### {rule_id}\n")[1].split("\n### ")[0]
    conforming, violating = section.split("Violates:")
    for part, example in ((conforming, examples.conforming), (violating, examples.violating)):
        assert example
        for name, cell in example.rows[0].items():
            assert f" {name} |" in part
            assert f" `{cell}` |" in part
