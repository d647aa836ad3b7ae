"""Every rule that data decides has a table that keeps it and one that breaks it, and the engine agrees.

A rule that never fires or always fires is found here: each example is completed with the cells of a row that
conforms, and evaluated with this one rule.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from focus_validate.engine import evaluate
from focus_validate.options import Options
from focus_validate.result import RuleResult
from focus_validate.spec.checks import single
from focus_validate.spec.examples import Example, Examples, examples_of
from focus_validate.spec.loader import load_catalogue
from focus_validate.spec.model import Dataset, Rule
from spec.base_rows import base_rows, quoted

CATALOGUE = load_catalogue()
DECIDED = [
    (dataset, rule)
    for dataset in CATALOGUE.datasets
    for rule in dataset.rules
    if rule.decision == "data" and not rule.is_composite
]
EXAMPLES = {(dataset.id, rule.id): examples_of(dataset, rule) for dataset, rule in DECIDED}


BASE = base_rows()


def header(base: dict[str, str | None], example: Example) -> list[str]:
    """The columns in alphabetical order, those of the example in its order, custom columns last."""
    own = list(example.rows[0]) if example.rows else []
    in_order = iter(name for name in own if name in base)
    names = [next(in_order) if name in own else name for name in sorted(base)]
    return [*(name for name in names if name not in example.absent), *(n for n in own if n not in base)]


def write(dataset: str, example: Example, folder: Path) -> Path:
    """The example, completed, as CSV; as Parquet if a cell is a number, which CSV does not know."""
    base = BASE[dataset]
    names = header(base, example)
    rows = [{**base, **row} for row in example.rows or ({},)]
    if any(isinstance(row[name], int) for row in rows for name in names):
        path = folder / "example.parquet"
        cells = {name: [row[name] for row in rows] for name in names}
        types = {
            name: None if any(isinstance(c, int) for c in cells[name]) else pa.string() for name in names
        }
        pq.write_table(pa.table({name: pa.array(cells[name], types[name]) for name in names}), path)
        return path
    path = folder / "example.csv"
    lines = [",".join(names)]
    for row in rows:
        lines.append(",".join(quoted(row[name]) for name in names))
    path.write_text("\n".join(lines) + "\n", "utf-8", newline="")
    return path


def verdict(dataset: Dataset, rule: Rule, examples: Examples, example: Example, folder: Path) -> RuleResult:
    alone = msgspec.structs.replace(dataset, rules=(rule,))
    others = (each for each in CATALOGUE.datasets if each.id != dataset.id)
    catalogue = msgspec.structs.replace(CATALOGUE, datasets=(alone, *others))
    options = Options(dataset=dataset.id, supports=frozenset(examples.supports), threads=1)
    return evaluate(write(dataset.id, example, folder), options, catalogue=catalogue).rule(rule.id)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("dataset", "rule"), DECIDED, ids=lambda entry: entry.id if isinstance(entry, Rule) else entry.id[:4]
)
def test_the_engine_agrees(dataset: Dataset, rule: Rule, tmp_path: Path) -> None:
    examples = EXAMPLES[dataset.id, rule.id]
    if examples.conforming:
        kept = verdict(dataset, rule, examples, examples.conforming, tmp_path)
        assert (kept.status, kept.violations) == ("pass", 0), examples.conforming
        assert kept.checked, examples.conforming
    if examples.violating:
        broken = verdict(dataset, rule, examples, examples.violating, tmp_path)
        assert broken.status == rule.level, examples.violating
        assert broken.violations, examples.violating


def test_every_rule_that_can_break_has_both_examples() -> None:
    lacking = {
        key for key, each in EXAMPLES.items() if not (each.conforming and each.violating) and not each.none
    }
    assert lacking == set()


def test_a_rule_without_a_violation_is_one_that_nothing_breaks() -> None:
    """The reasons for having no violating example hold: see the shape of the rule itself."""
    for dataset, rule in DECIDED:
        reason = EXAMPLES[dataset.id, rule.id].none
        assert rule.check is not None
        if reason == "No column of this dataset is under it.":
            assert rule.check["special"]["select"] == {"columns": []}
        elif reason == "Every text is a string; nothing breaks it.":
            assert single(rule.check) == ("format", {"column": rule.column, "as": "string"})
        elif reason:
            assert rule.level == "none", rule.id


def test_every_attribute_rule_has_examples_in_some_dataset() -> None:
    attribute_rules = {rule.id for _, rule in DECIDED if rule.id.startswith("ATT-")}
    shown = {rule_id for (_, rule_id), each in EXAMPLES.items() if each.conforming}
    assert attribute_rules - shown == set()
