"""A rule in words: where it applies, how it is decided, what a violation means, what an example holds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from focus_validate.spec.checks import GROUPED, is_presence, single
from focus_validate.spec.examples import Cell, Examples, examples_of
from focus_validate.spec.model import Check, Dataset, Rule
from focus_validate.spec.words import condition
from focus_validate.text import count

_DECISIONS = {
    "data": "from the data",
    "bundle": "from the data together with another FOCUS dataset or an earlier delivery (check-bundle)",
    "metadata": "from the schema metadata or the conformance profile, not from the data",
    "attest": "not from data or metadata: the vendor must attest it",
}


def facets(found: Sequence[tuple[Dataset, Rule]]) -> list[tuple[str, str]]:
    """What there is to say about a rule, by label; what differs between its datasets, for each of them."""
    said: list[tuple[str, str]] = []
    each = [(dataset, _facets(rule)) for dataset, rule in found]
    for label, text in each[0][1].items():
        texts = [own[label] for _, own in each]
        if any(other != text for other in texts):
            said += [(label, f"{dataset.name}: {own[label] or 'nothing'}") for dataset, own in each]
        elif text:
            said.append((label, text))
    return said


def shown_examples(found: Sequence[tuple[Dataset, Rule]]) -> Examples | None:
    """The examples of a rule that data decides, from a dataset where something can violate it."""
    decidable = [
        examples_of(dataset, rule)
        for dataset, rule in found
        if rule.decision == "data" and not rule.is_composite
    ]
    return min(decidable, key=lambda examples: bool(examples.none), default=None)


def _facets(rule: Rule) -> dict[str, str]:
    """What there is to say about a rule in one dataset; empty where there is nothing."""
    return {
        "demand": rule.summary,
        "applies": applies(rule),
        "decided": decided(rule),
        "values": ", ".join(allowed_values(rule)),
        "when broken": rule.message,
        "strength": strength(rule),
        "ruling": rule.ruling or "",
        "consists of": ", ".join(rule.children),
        "part of": ", ".join(rule.parents),
    }


def applies(rule: Rule) -> str:
    """Where the rule applies: its conditions, its exemptions, the flags that it asks for."""
    checks = [check for check in (rule.when, *rule.conditions) if check]
    several = len(checks) > 1
    conditions = " and ".join(
        f"({_clause(check)})" if several and "any" in check else _clause(check) for check in checks
    )
    declared = " and ".join(_either(flag) for flag in rule.flags)
    parts = [
        f"where {conditions}" if conditions else "",
        f"save where {_clause(rule.unless)}" if rule.unless else "",
        f"only if {declared} is declared with --supports" if declared else "",
    ]
    return ", ".join(part for part in parts if part) or "always"


def strength(rule: Rule) -> str:
    """What a violation does, where the keyword does not say it."""
    if rule.level == "none":
        return "nothing fails and nothing warns"
    if rule.level == "warn" and not rule.keyword.startswith("SHOULD"):
        return "a violation warns"
    if rule.warn_flags:
        where = f" in {', '.join(rule.warn_columns)}" if rule.warn_columns else ""
        return f"a violation{where} only warns if {' and '.join(rule.warn_flags)} is declared"
    return ""


def decided(rule: Rule) -> str:
    """What decides the rule, and how."""
    if rule.is_composite:
        return f"by {count(len(rule.children), 'rule')}: all of them must hold"
    how = _DECISIONS[rule.decision]
    return f"{how}, {_way(rule.check)}" if rule.check and rule.decision == "data" else how


def allowed_values(rule: Rule) -> tuple[str, ...]:
    """The values that the rule allows, if it is a list of values."""
    if rule.check and "one_of" in rule.check:
        return tuple(map(str, rule.check["one_of"]["values"]))
    return ()


def cell(value: Cell) -> str:
    """A cell of an example: null, a number of a carrier with types, or text, quoted where it looks empty."""
    if value is None:
        return "null"
    if isinstance(value, int):
        return f"{value} (stored as a number)"
    return value if value.strip() else json.dumps(value)


def _way(check: Check) -> str:
    """How the engine gets from the data to the verdict of one check."""
    kind, argument = single(check)
    if is_presence(check):
        return "by its column names"
    if kind in GROUPED:
        return "over all rows with the same value"
    if kind in ("is_null", "not_null"):
        return "row by row"
    if kind == "special" and argument["name"] == "each_column":
        if argument["select"].get("custom"):
            return "row by row, in every custom column"
        return f"row by row, in {', '.join(argument['select']['columns']) or 'no column of this dataset'}"
    if kind == "special":
        return f"by a check of its own ({argument['name']})"
    return "row by row; a row whose own column is null passes"


def _either(flag: str) -> str:
    return f"({flag.replace('|', ' or ')})" if "|" in flag else flag


def _clause(check: Check) -> str:
    """A condition in words, or as the catalogue writes it where it has no words for it."""
    try:
        return condition(check)
    except ValueError:
        return _flow(check)


def _flow(value: Any) -> str:
    """A check as the catalogue writes it, on one line."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_flow(entry)}' for key, entry in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_flow, value))}]"
    return "null" if value is None else str(value)
