"""The README names every var, source and public model of the dbt package, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text()
CODE = "\n".join(
    path.read_text()
    for folder in ("macros", "models", "seeds", "tests/dbt")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".sql", ".yml"}
)


def section(title: str) -> str:
    return README.split(f"### {title}\n")[1].split("\n### ")[0].split("\n## ")[0]


def first_cells(table: str) -> set[str]:
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])}


def test_vars():
    used = set(re.findall(r"var\(\s*'(focus_ai_[a-z0-9_]+)'", CODE))
    used = {re.sub(r"^focus_ai_.*_(schema|database)$", r"focus_ai_<source>_\1", name) for name in used}
    used = {re.sub(r"^focus_ai_extra_.*_models$", "focus_ai_extra_<input>_models", name) for name in used}
    assert first_cells(section("Vars")) == used


def test_sources():
    known = re.search(r"macro known_sources\(\).*?\[(.*?)\]", CODE, re.DOTALL)
    assert known is not None
    assert first_cells(section("Sources")) == set(re.findall(r"'(\w+)'", known[1]))


def test_models():
    public = {
        path.stem for folder in ("focus", "marts") for path in (ROOT / "models" / folder).rglob("*.sql")
    }
    assert first_cells(section("What you get")) == public
