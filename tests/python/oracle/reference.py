"""Facts and rules as the reference folder states them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = {
    "CostAndUsage": "cost_and_usage",
    "InvoiceDetail": "invoice_detail",
    "ContractCommitment": "contract_commitment",
    "BillingPeriod": "billing_period",
}
DATASETS = tuple(FOLDERS)


def folder() -> Path:
    """The reference folder: FOCUS_REFERENCE, else beside the project."""
    return Path(os.environ.get("FOCUS_REFERENCE") or ROOT / ".." / "shared" / "focus-1.4")


def available() -> bool:
    return (folder() / "columns.yaml").is_file()


@dataclass
class Rule:
    """One rule; ``children`` is empty for a leaf, ``column`` is the column that its file is about."""

    id: str
    keyword: str
    function: str
    static: bool
    column: str
    flags: frozenset[str]
    check: Any
    when: Any
    children: list[str] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)
    parent: str | None = None

    @property
    def is_may(self) -> bool:
        return self.keyword == "MAY"

    @property
    def is_must(self) -> bool:
        return self.keyword in ("MUST", "MUST NOT")


@dataclass(frozen=True)
class Column:
    """Facts of columns.yaml."""

    name: str
    data_type: str
    nullable: bool
    allowed: tuple[str, ...]
    bounds: tuple[float, float] | None


def load(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)


@lru_cache
def workbook() -> dict[str, Any]:
    facts: dict[str, Any] = load(folder() / "columns.yaml")
    return facts


@lru_cache
def columns_of(dataset: str) -> dict[str, Column]:
    return {
        name: Column(
            name,
            facts["data_type"],
            facts["allows_nulls"],
            tuple(facts["allowed_values"] or ()),
            tuple(facts["numeric_range"]) if facts["numeric_range"] else None,
        )
        for name, facts in workbook()["datasets"][dataset]["columns"].items()
    }


@lru_cache
def subcategory_parents() -> dict[str, str]:
    parents: dict[str, str] = workbook()["service_subcategory_parents"]
    return parents


@lru_cache
def currencies() -> frozenset[str]:
    return frozenset((folder() / "iso4217.txt").read_text("utf-8").split())


@lru_cache
def defined_properties(dataset: str, column: str) -> dict[str, str]:
    """Keys that FOCUS defines inside a JSON column, with their types."""
    entries = load(folder() / "rules" / FOLDERS[dataset] / f"{column}.yaml")["defined_properties"]
    return {entry["key"]: entry["type"] for entry in entries}


def read_rules(dataset: str) -> dict[str, Rule]:
    """All active rules of a dataset and of the attributes, as written, linked to their composites."""
    rules: dict[str, Rule] = {}
    for part in (FOLDERS[dataset], "attributes"):
        for path in sorted((folder() / "rules" / part).glob("*.yaml")):
            document = load(path)
            for entry in document["rules"]:
                if entry.get("status") != "Removed" and not entry.get("not_in_release"):
                    rules[entry["id"]] = rule_of(entry, document["column"])
    return rules


def rule_of(entry: dict[str, Any], column: str) -> Rule:
    check = entry.get("check")
    return Rule(
        id=entry["id"],
        keyword=entry["keyword"],
        function=entry["function"],
        static=entry["type"] == "Static",
        column=column.removesuffix("Object"),
        flags=frozenset(entry.get("applicability", ())),
        check=check,
        when=entry.get("when"),
        children=called(check),
        parent=entry.get("parent"),
    )


def called(check: Any) -> list[str]:
    """Ids of the rules that a check calls: an AND or OR over ids, or CheckModelRule."""
    if not isinstance(check, dict):
        return []
    if "CheckModelRule" in check:
        return [check["CheckModelRule"]["ModelRuleId"]]
    listed = check.get("AND") or check.get("OR") or []
    return [item for item in listed if isinstance(item, str)]


def link(rules: dict[str, Rule]) -> None:
    """Adds rules from the released text to their group and notes every rule's composites."""
    for rule in rules.values():
        if rule.parent and rule.id not in rules[rule.parent].children:
            rules[rule.parent].children.append(rule.id)
    for rule in rules.values():
        rule.children = [child for child in rule.children if child in rules]
        for child in rule.children:
            rules[child].parents.append(rule.id)


def ancestors(rules: dict[str, Rule], rule: Rule) -> list[Rule]:
    """Every composite above a rule, each once."""
    found: dict[str, Rule] = {}
    waiting = list(rule.parents)
    while waiting:
        parent = rules[waiting.pop()]
        if parent.id not in found:
            found[parent.id] = parent
            waiting.extend(parent.parents)
    return list(found.values())
