"""The generated documentation is that of the code, complete, and its links lead somewhere."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from focus_validate.outputs import rule_words
from focus_validate.outputs.explain import render_explain
from focus_validate.spec.examples import examples_of
from focus_validate.spec.loader import load_catalogue
from focus_validate.spec.model import Dataset

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


def test_every_rule_has_its_page_and_stands_in_the_index() -> None:
    pages = {path.stem: text for path, text in PAGES.items() if path.parent == DOCS / "reference/rules"}
    assert sorted(pages) == sorted(RULES)
    assert [rule_id for rule_id, text in pages.items() if not text.startswith(f"# {rule_id}\n")] == []
    index = PAGES[DOCS / "reference/index.md"]
    assert [rule_id for rule_id in RULES if f"| [{rule_id}](" not in index] == []


def test_every_column_has_a_page_that_lists_its_rules() -> None:
    for dataset in CATALOGUE.datasets:
        for column in dataset.columns:
            page = PAGES[DOCS / f"reference/{dataset.id}/{column.name}.md"]
            own = [rule.id for rule in dataset.rules if rule.column == column.name]
            assert own
            assert re.findall(r"^\| \[(\S+)\]\(\.\./rules/", page, re.MULTILINE) == own


@pytest.mark.parametrize("dataset", CATALOGUE.datasets, ids=lambda dataset: dataset.id)
def test_explain_says_what_the_page_of_the_rule_says(dataset: Dataset) -> None:
    for rule in dataset.rules:
        page = plain(PAGES[DOCS / f"reference/rules/{rule.id}.md"])
        told = render_explain(CATALOGUE, rule.id, width=100)
        found = [(each, own) for each in CATALOGUE.datasets for own in each.rules if own.id == rule.id]
        for label, text in rule_words.facets(found):
            assert plain(f"{label} {text}") in plain(told), rule.id
            assert plain(f"- {label.capitalize()}: {text}") in page, rule.id
        for label in ("conforms", "violates"):
            assert (f"\n  {label} " in told) == (f"## {label.capitalize()} " in page), rule.id


def plain(text: str) -> str:
    """``text`` without line breaks, links and escapes of Markdown."""
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text)
    return " ".join(re.sub(r"\\([\\`*_\[\]<>|])", r"\1", text).split())


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
def test_a_page_shows_both_examples(rule_id: str) -> None:
    dataset, rule = RULES[rule_id]
    examples = examples_of(dataset, rule)
    conforming, violating = PAGES[DOCS / f"reference/rules/{rule_id}.md"].split("## Violates")
    for part, example in ((conforming, examples.conforming), (violating, examples.violating)):
        assert example
        for name, cell in example.rows[0].items():
            assert f" {name} |" in part
            assert f" `{cell}` |" in part
