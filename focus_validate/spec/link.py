"""Link rules to a hierarchy: parents, inherited conditions and flags, decisions of groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from focus_validate.spec.checks import is_presence
from focus_validate.spec.model import Check

_STRENGTH = ("data", "bundle", "metadata", "attest")


@dataclass(kw_only=True)
class Entry:
    """A rule on its way from YAML to the catalogue."""

    id: str
    dataset: str
    column: str
    keyword: str
    function: str
    level: str
    check: Check | None
    when: Check | None
    unless: Check | None
    flags: list[str]
    children: list[str]
    under: str | None
    source: dict[str, Any]
    decision: str = ""
    parents: list[str] = field(default_factory=list)
    conditions: list[Check] = field(default_factory=list)


def link(entries: list[Entry]) -> dict[str, Entry]:
    """Fill in parents, conditions, flags and decisions of one dataset's rules.

    Conditions of all composites above a rule hold for it too. Their flags decide presence rules only: the
    content of a column that is there is checked whatever they say. Raises ValueError on a dangling or
    doubled id and on a cycle.
    """
    by_id: dict[str, Entry] = {}
    for entry in entries:
        if entry.id in by_id:
            raise ValueError(f"{entry.id}: stands twice")
        by_id[entry.id] = entry
    for entry in entries:
        for group in [*entry.children, *([entry.under] if entry.under else [])]:
            if group not in by_id:
                raise ValueError(f"{entry.id}: names {group}, which does not exist")
        for child in entry.children:
            by_id[child].parents.append(entry.id)
        if entry.under:
            entry.parents.append(entry.under)
    own_flags = {entry.id: list(entry.flags) for entry in entries}
    for entry in entries:
        above = _above(entry, by_id, ())
        conditions = [by_id[group].when for group in above]
        entry.conditions = _unique(condition for condition in conditions if condition is not None)
        if is_presence(entry.check):
            entry.flags = _unique([*entry.flags, *(flag for group in above for flag in own_flags[group])])
    for entry in entries:
        entry.decision = _decision(entry, by_id)
    return by_id


def _above(entry: Entry, by_id: dict[str, Entry], path: tuple[str, ...]) -> list[str]:
    """Every composite above the rule, the outermost first."""
    if entry.id in path:
        raise ValueError(f"{entry.id}: is its own parent")
    found: list[str] = []
    for parent in entry.parents:
        found += [*_above(by_id[parent], by_id, (*path, entry.id)), parent]
    return _unique(found)


def _unique(values: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found


def _decision(entry: Entry, by_id: dict[str, Entry]) -> str:
    """How a rule is decided; a group counts as its most tangible member."""
    if not entry.children:
        return str(entry.source.get("decision", "data"))
    return min((_decision(by_id[child], by_id) for child in entry.children), key=_STRENGTH.index)
