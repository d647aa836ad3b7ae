"""Waivers: findings that somebody answers for until a date."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Container, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from focus_validate.errors import InputError
from focus_validate.text import did_you_mean, escape, join_words


class Waiver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One finding that is accepted for now: which rule, why, who answers for it, until when (inclusive)."""

    rule: str
    reason: str
    owner: str
    expires: date


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    waivers: tuple[Waiver, ...]


def load_waivers(path: str, rules: Iterable[str], groups: Container[str] = ()) -> tuple[Waiver, ...]:
    """The waivers of a file; ``rules`` are the ids that exist, ``groups`` those that only join others.

    YAML has one key ``waivers``: a list. CSV (a seed of the dbt project, for one) has a column per field.
    """
    name = f"waivers file {escape(path)}"
    read = _read_csv if path.casefold().endswith(".csv") else _read_yaml
    try:
        found = msgspec.convert(read(Path(path).read_bytes()), _File).waivers
    except OSError as error:
        raise InputError(f"{name}: {error.strerror}") from error
    except msgspec.ValidationError as error:
        raise InputError(f"{name}: {escape(_in_words(str(error)))}") from error
    except ValueError as error:
        raise InputError(f"{name}: {escape(str(error))}") from error
    known, seen = set(rules), set()
    for waiver in found:
        if waiver.rule not in known:
            raise InputError(f"{name}: no rule '{escape(waiver.rule)}'{did_you_mean(waiver.rule, known)}")
        if waiver.rule in groups:
            raise InputError(f"{name}: {waiver.rule} is a group; name the rules below it that are broken")
        if waiver.rule in seen:
            raise InputError(f"{name}: {waiver.rule} is waived twice")
        if not waiver.reason.strip() or not waiver.owner.strip():
            raise InputError(f"{name}: {waiver.rule} needs a reason and an owner")
        seen.add(waiver.rule)
    return found


def _in_words(problem: str) -> str:
    """Which waiver is wrong, and what: the date is what most often is."""
    reason, _, place = problem.partition(" - at ")
    found = re.search(r"waivers\[(\d+)\](?:\.(\w+))?", place)
    if found is None:
        return f"the file needs one key, waivers, with a list ({reason})"
    number, key = int(found[1]) + 1, found[2]
    if key == "expires":
        return f"waiver {number}: expires is no date; write it as 2026-12-31"
    return f"waiver {number}: {f'{key}: ' if key else ''}{reason}"


def _read_csv(content: bytes) -> Any:
    """The rows as YAML would have them; a seed's header and cells have no blanks around them."""
    try:
        lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        header, *rows = [[cell.strip() for cell in line] for line in lines if line] or [[]]
    except csv.Error as error:
        raise ValueError(f"no valid CSV: {error}") from error
    if sorted(header) != sorted(Waiver.__struct_fields__):
        raise ValueError(f"the columns must be {join_words(Waiver.__struct_fields__)}")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(header):
            raise ValueError(f"row {number} has {len(row)} cells and the header {len(header)}")
    return {"waivers": [dict(zip(header, row, strict=True)) for row in rows]}


def _read_yaml(content: bytes) -> Any:
    """The YAML document, from the safe subset: no tags, no aliases, no key twice."""
    import yaml

    class Loader(yaml.SafeLoader):
        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                raise ValueError("aliases (*name) are not allowed")
            return super().compose_node(parent, index)

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            keys = [self.construct_object(key, deep=True) for key, _ in node.value]
            twice = next((key for number, key in enumerate(keys) if key in keys[:number]), None)
            if twice is not None:
                raise ValueError(f"the key {twice} stands twice in line {node.start_mark.line + 1}")
            return super().construct_mapping(node, deep)

    try:
        return yaml.load(content, Loader)
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(f"no valid YAML: {' '.join(str(error).split())}") from error
